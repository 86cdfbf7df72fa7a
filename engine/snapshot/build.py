"""Sort encoded lines by day and order, number orders and customers, and rank the values of dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from data.schema import ORDER_LEVEL
from engine.dimensions import EMPTY
from engine.snapshot.columns import REAL_SCALE, Number, Rows
from engine.snapshot.encode import NOBODY, smallest

SECONDS_A_DAY = 86_400


@dataclass
class Encoded:
    """Lines as they came, encoded.

    Parameters
    ----------
    moment : (n,) int64 seconds since 1970
    kind : (n,) index in KINDS
    order, customer : (n,) int64 identifiers of any value; customer is NOBODY where it is not known
    words : by dimension: codes and labels
    numbers : by column: units, and where there are any (None: everywhere)
    """

    moment: np.ndarray
    kind: np.ndarray
    order: np.ndarray
    customer: np.ndarray
    words: dict[str, tuple[np.ndarray, tuple[str, ...]]] = field(default_factory=dict)
    numbers: dict[str, tuple[np.ndarray, np.ndarray | None]] = field(default_factory=dict)

    def reorder(self, positions: np.ndarray) -> None:
        """Put the lines in that order."""
        for name in ("moment", "kind", "order", "customer"):
            setattr(self, name, getattr(self, name)[positions])
        for name, (codes, labels) in self.words.items():
            self.words[name] = codes[positions], labels
        for name, (values, present) in self.numbers.items():
            self.numbers[name] = values[positions], None if present is None else present[positions]


def build(lines: Encoded) -> Rows:
    """The finished arrays; `lines` is used up.

    Orders are numbered by their earliest moment, then by the line that came first, so that the smallest
    order of a customer is its first.
    """
    if not _ascending(lines.moment):
        lines.reorder(np.argsort(lines.moment, kind="stable"))
    lines.order, orders = _by_appearance(lines.order)
    if not _ascending(lines.order):
        together = lines.moment // SECONDS_A_DAY * max(orders, 1) + lines.order
        lines.reorder(np.argsort(together, kind="stable"))
    first = int(lines.moment[0]) // SECONDS_A_DAY if len(lines.moment) else 0
    day = (lines.moment // SECONDS_A_DAY - first).astype(np.int32)
    hour = _hours(lines.moment)
    lines.moment = lines.moment[:0]
    customer, customers = _numbered(lines.customer)
    codes, labels = _ranked(lines)
    days = int(day[-1]) + 1 if len(day) else 0
    return Rows(
        first=first,
        starts=np.searchsorted(day, np.arange(days + 1)),
        day=day,
        kind=lines.kind,
        order=lines.order,
        customer=customer,
        hour=hour,
        orders=orders,
        customers=customers,
        codes=codes,
        labels=labels,
        numbers={name: Number(*found) for name, found in lines.numbers.items() if name not in ORDER_LEVEL},
        facts={name: _fact(lines, orders, name) for name in ORDER_LEVEL if name in lines.numbers},
    )


def _ascending(values: np.ndarray) -> bool:
    return bool((values[1:] >= values[:-1]).all())


def _by_appearance(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Codes from 0 in order of first appearance, and how many there are."""
    if not len(keys):
        return keys.astype(np.int32), 0
    runs = np.empty(len(keys), bool)
    runs[0] = True
    np.not_equal(keys[1:], keys[:-1], out=runs[1:])
    heads = keys[runs]
    distinct = np.sort(heads)
    if (distinct[1:] != distinct[:-1]).all():
        return np.cumsum(runs, dtype=np.int32) - 1, len(heads)
    _, seen, codes = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(seen), np.int32)
    rank[np.argsort(seen)] = np.arange(len(seen), dtype=np.int32)
    return rank[codes], len(seen)


def _numbered(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Codes from 0 in any order, -1 for NOBODY, and how many there are."""
    known = keys != NOBODY
    found = keys if known.all() else keys[known]
    if not len(found):
        return np.full(len(keys), -1, np.int32), 0
    low, high = int(found.min()), int(found.max())
    if high - low < 4 * len(found):
        seen = np.zeros(high - low + 1, bool)
        seen[found - low] = True
        codes, count = (np.cumsum(seen, dtype=np.int32) - 1)[found - low], int(seen.sum())
    else:
        distinct, codes = np.unique(found, return_inverse=True)
        count = len(distinct)
    if found is keys:
        return codes.astype(np.int32), count
    result = np.full(len(keys), -1, np.int32)
    result[known] = codes
    return result, count


def _ranked(lines: Encoded) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """Codes and labels with the largest revenue first; equal ones by name, the empty value last."""
    codes: dict[str, np.ndarray] = {}
    labels: dict[str, tuple[str, ...]] = {}
    revenue = lines.numbers.get("revenue")
    for name, (raw, words) in lines.words.items():
        weight = np.bincount(raw, None if revenue is None else revenue[0], len(words))
        order = sorted(range(len(words)), key=lambda i, w=words, x=weight: (w[i] == EMPTY, -x[i], w[i]))
        rank = np.empty(len(words), smallest(len(words)))
        rank[order] = np.arange(len(words))
        codes[name], labels[name] = rank[raw], tuple(words[i] for i in order)
    return codes, labels


def _hours(moment: np.ndarray) -> np.ndarray | None:
    """Hour of the day, or None where every moment is a midnight: the shop has days only."""
    seconds = moment % SECONDS_A_DAY
    return (seconds // 3600).astype(np.int8) if seconds.any() else None


def _fact(lines: Encoded, orders: int, name: str) -> Number:
    """One value an order: the largest of its lines, should they differ."""
    values, present = lines.numbers[name]
    marked = values if present is None else np.where(present, values, values.dtype.type(-1))
    if not len(marked):
        return Number(np.zeros(0, np.int64), None, REAL_SCALE)
    order = lines.order
    if not _ascending(order):
        positions = np.argsort(order, kind="stable")
        order, marked = order[positions], marked[positions]
    largest = np.maximum.reduceat(marked, np.searchsorted(order, np.arange(orders)))
    known = largest >= 0
    return Number(np.where(known, largest, 0), None if known.all() else known, REAL_SCALE)
