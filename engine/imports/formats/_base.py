"""What a format gives: plans that say how a table becomes rows of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from unicodedata import normalize

import numpy as np

from data.schema import LineKind, names
from engine.errors import ImportRefused, UnknownName, did_you_mean
from engine.imports.batch import Batch, Table
from engine.imports.product_names import IsName, any_words
from engine.imports.report import Aside, Step
from engine.imports.typed import Typed

KINDS = (LineKind.SALE, LineKind.REFUND, LineKind.CANCELLED, LineKind.OTHER)
SALE, REFUND, CANCELLED, OTHER = range(4)

# With these beside them the words above say less than all.
LESS = frozenset(("partially", "partial", "partly", "teilweise", "partiellement", "parcialmente", "not", "requested"))
WORD = re.compile(r"[^\W\d_]+")

# Our word for a column that lines may have beside `product`: it names the product, and is stored once for each.
PRODUCT_NAME = "product_name"

# Words that shops use for orders that never became a sale, and for those that were given back whole.
DEAD = frozenset(
    (
        *("cancelled", "canceled", "voided", "void", "failed", "expired", "unavailable", "rejected", "declined"),
        *("abandoned", "storniert", "annulé", "annulée", "cancelado", "cancelada", "annullato", "annullata"),
        *("geannuleerd", "abgebrochen", "fehlgeschlagen", "trash"),
    )
)
RETURNED = frozenset(
    ("refunded", "returned", "chargeback", "reimbursed", "erstattet", "retourniert", "remboursé")
    + ("remboursée", "devolvido", "reembolsado", "rimborsato", "rimborsata", "terugbetaald", "devuelto")
)


class NoSales(ImportRefused):
    """A table that holds no sales at all: beside one that does, a sheet of a workbook may be passed over."""


@dataclass(frozen=True)
class Options:
    """What the person settled.

    Parameters
    ----------
    mapping : our column -> the file's column; "" where the file has none
    day_first, decimal, currency : answers to what the values do not prove
    """

    mapping: dict[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str | None = None
    currency: str | None = None


class Ladder(Protocol):
    """Counts lines on their way to revenue, format by format."""

    def count(self, typed: Typed, amount: np.ndarray, kinds: np.ndarray) -> None: ...

    def steps(self) -> list[Step]: ...


Rule = Callable[[Typed, np.ndarray], np.ndarray]


def by_sign_and_status(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """The kinds of lines of a shop without rules of its own.

    Money given back is a refund, a free line is no sale, and the status may say that the order died.
    An order given back whole keeps its sale and carries the same sum as its refund.
    """
    kinds = by_sign(typed, amount)
    status = typed.text.get("status")
    if status is not None:
        give_back(typed, amount, status.where([says(label, RETURNED) for label in status.labels]) & (kinds == SALE))
    return kinds


def by_sign(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """The same where refunds have lines of their own: the status of an order given back adds nothing to them."""
    kinds = np.full(typed.size, SALE, np.int8)
    kinds[amount == 0] = OTHER
    kinds[amount < 0] = REFUND
    status = typed.text.get("status")
    if status is not None:
        kinds[status.where([says(label, DEAD) for label in status.labels])] = CANCELLED
    return kinds


def says(status: str | None, words: frozenset[str]) -> bool:
    """Whether a status has one of these words: `wc-cancelled`, `Payment failed`, but not `Partially refunded`."""
    said = set(WORD.findall((status or "").lower()))
    return bool(said & words) and not said & LESS


def give_back(typed: Typed, amount: np.ndarray, rows: np.ndarray) -> None:
    """Note on these sales that all of their money was given back, where the file does not say how much."""
    from engine.imports.numbers import Numbers

    if not rows.any():
        return
    nothing = np.zeros(typed.size, bool)
    refund = typed.figures.setdefault("refund", Numbers(np.zeros(typed.size, np.int64), nothing.copy(), nothing))
    rows = rows & ~refund.present
    refund.units[rows] = amount[rows]
    refund.present[rows] = True


@dataclass
class Plan:
    """How one table, or several joined, becomes rows of one of our tables.

    Parameters
    ----------
    name : what reports call the file
    sha256 : fingerprint of the file
    target : "transactions", "customers" or "spend"
    mapping : (ours, theirs, reason) per column taken
    batches : the rows, with our column names; may be called more than once
    currency : where the format knows it
    rule : which kind each line is
    ladder : what counts the steps to revenue; a plain one where None
    rows_expected : for the progress bar
    closing : asked at the end for notes and for rows that never became lines
    unused : columns of the file that are not taken
    wording : better words for a reason to set a row aside
    is_name : whether a text that stands on no sale may be a product's name, given its code and the text
    """

    name: str
    sha256: str
    target: str
    mapping: tuple[tuple[str, str, str], ...]
    batches: Callable[[], Iterator[Batch]]
    currency: str | None = None
    rule: Rule = by_sign_and_status
    ladder: Ladder | None = None
    rows_expected: int | None = None
    notes: list[str] = field(default_factory=list)
    closing: Callable[[], tuple[list[str], list[Aside]]] = lambda: ([], [])
    unused: tuple[str, ...] = ()
    wording: dict[str, str] = field(default_factory=dict)
    is_name: IsName = any_words

    @property
    def columns(self) -> tuple[str, ...]:
        """Our columns that the plan fills."""
        return tuple(ours for ours, _, _ in self.mapping)


class Format(Protocol):
    """One kind of export."""

    name: str
    label: str
    rank: int

    def claims(self, table: Table) -> bool: ...

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]: ...


def renamed(table: Table, mapping: dict[str, str]) -> Callable[[], Iterator[Batch]]:
    """The table's batches under our names."""

    def batches() -> Iterator[Batch]:
        for batch in table.batches(sorted(set(mapping.values()))):
            columns = {ours: batch.columns[theirs] for ours, theirs in mapping.items()}
            yield Batch(batch.source, columns, batch.lines, batch.broken)

    return batches


def settled(table: Table, options: Options, target: str = "transactions") -> dict[str, str]:
    """The person's own mapping, checked: both sides exist and no column is taken by a doubled heading."""
    known = (*names(target), PRODUCT_NAME) if target == "transactions" else names(target)
    for ours, theirs in options.mapping.items():
        if ours not in known:
            raise UnknownName(f"column of {target}", ours, known)
        if theirs and theirs not in table.header:
            raise ImportRefused(f"{table.name} has no column {theirs!r}.{did_you_mean(theirs, table.header)}")
    return dict(options.mapping)


def folded(heading: str) -> str:
    """A heading without case, blanks, signs and accents: `Order Date` and `order_date` are the same."""
    return "".join(c for c in normalize("NFKD", heading.casefold()) if c.isalnum())
