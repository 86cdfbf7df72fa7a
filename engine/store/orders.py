"""The order lines behind a selection: filtered, sorted, paged and counted by SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from data.schema import TRANSACTIONS, LineKind, names
from engine.dimensions import DIMENSIONS, dimension
from engine.errors import MissingColumn, UnknownName
from engine.selection import Selection
from engine.store.sql import PUBLISHED, fill

_KINDS = frozenset(LineKind)
_SORTS = {
    "date": "t.date DESC, t.row_id DESC",
    "revenue": "coalesce(t.revenue_units, abs(t.amount_units)) DESC, t.date DESC, t.row_id DESC",
}
SORTS = tuple(_SORTS)

# Dimensions that a customers table can tell where the lines do not.
_LENT = tuple(name for name in names("customers") if name in DIMENSIONS)

PRODUCT_NAME = "product_name"

# Both are found through an index for each line, so that a page never waits for a whole table: the same values as
# published_customers and published_products have, which SQLite would make anew for all customers.
_OF_THE_CUSTOMER = (
    '(SELECT c."{name}" FROM customers AS c WHERE c.customer_id = t.customer_id AND c."{name}" IS NOT NULL'
    " AND c.load_id IN ({published}) ORDER BY c.load_id DESC LIMIT 1)"
)
_NAME_OF_THE_PRODUCT = (
    "(SELECT p.name FROM products AS p WHERE p.product = t.product AND p.name <> ''"
    " AND p.load_id IN ({published}) ORDER BY p.load_id DESC LIMIT 1)"
)

# Lines looked up at a time: one bound value each, and SQLite allows 32,766.
_LOOK_UP = 2_000


@dataclass(frozen=True)
class Listing:
    """Which lines are listed, and what comes first.

    Parameters
    ----------
    kinds : kinds of lines, of LineKind
    sort : "date", the newest first, or "revenue", the largest first (lines that are no sale by the size of their
        amount)
    """

    kinds: tuple[str, ...] = (LineKind.SALE.value,)
    sort: str = "date"

    def __post_init__(self) -> None:
        if self.sort not in _SORTS:
            raise UnknownName("order of rows", self.sort, _SORTS)
        for kind in self.kinds:
            if kind not in _KINDS:
                raise UnknownName("kind of lines", kind, LineKind)


@dataclass(frozen=True)
class Known:
    """What a shop has, as one reading sees it.

    Parameters
    ----------
    lines, customers : columns that have a value
    has_names : whether products have names beside their codes
    has_hidden : whether rows are stored that are not published
    """

    lines: frozenset[str]
    customers: frozenset[str]
    has_names: bool
    has_hidden: bool


@dataclass(frozen=True)
class Counts:
    """How much is listed: lines, distinct orders, and revenue in ten-thousandths of the currency."""

    rows: int
    orders: int
    revenue_units: int


class OrderLines:
    """The lines of one selection, as one reading sees them. Get it from `Reading.orders`.

    Parameters
    ----------
    connection : open for reading
    known : what the shop has
    selection : the window and the filters; its comparison is not looked at
    listing : kinds and order

    Raises
    ------
    MissingColumn
        where a filter is on a column that neither the lines nor the customers have
    """

    def __init__(self, connection: sqlite3.Connection, known: Known, selection: Selection, listing: Listing) -> None:
        self._connection = connection
        self._columns = _columns(known)
        self._order = _SORTS[listing.sort]
        self._where, self._values = self._condition(known, selection, listing)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns this shop has, in the schema's order; money is in currency units."""
        return tuple(self._columns)

    def count(self) -> Counts:
        """How much is listed in all."""
        text = (
            "SELECT count(*), count(DISTINCT t.order_id), coalesce(sum(t.revenue_units), 0)"
            " FROM transactions AS t WHERE {where}"
        )
        return Counts(*self._connection.execute(fill(text, where=self._where), self._values).fetchone())

    def page(self, limit: int, offset: int = 0) -> list[tuple]:
        """Up to `limit` lines after the first `offset`."""
        return [line for batch in self._batches(limit, offset, _LOOK_UP) for line in batch]

    def batches(self, batch: int = _LOOK_UP) -> Iterator[list[tuple]]:
        """All lines, up to `batch` of them (at most 2,000) at a time."""
        return self._batches(-1, 0, min(batch, _LOOK_UP))

    def _batches(self, limit: int, offset: int, batch: int) -> Iterator[list[tuple]]:
        # Only the numbers of rows are sorted: whole lines would be written to the disk and back.
        cursor = self._connection.execute(self._numbers(), (*self._values, limit, offset))
        try:
            while found := [number for (number,) in islice(cursor, batch)]:
                yield self._look_up(found)
        finally:
            cursor.close()

    def _numbers(self) -> str:
        text = "SELECT t.row_id FROM transactions AS t WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        return fill(text, where=self._where, order=self._order)

    def _look_up(self, numbers: Sequence[int]) -> list[tuple]:
        text = "SELECT t.row_id, {columns} FROM transactions AS t WHERE t.row_id IN ({marks})"
        text = fill(text, columns=", ".join(self._columns.values()), marks=_marks(numbers))
        found = {number: tuple(line) for number, *line in self._connection.execute(text, numbers)}
        return [found[number] for number in numbers]

    def _condition(self, known: Known, selection: Selection, listing: Listing) -> tuple[str, list]:
        window = selection.window
        parts, values = ["t.date >= ? AND t.date < ?"], [window.start.isoformat(), window.end.isoformat()]
        parts.append(f"t.kind IN ({_marks(listing.kinds)})")
        values += [str(kind) for kind in listing.kinds]
        for name, wanted in selection.filters:
            # The empty value means rows that have none.
            parts.append(f"coalesce({self._expression(name)}, '') IN ({_marks(wanted)})")
            values += wanted
        if known.has_hidden:
            parts.append(f"t.load_id IN ({PUBLISHED})")
        return " AND ".join(parts), values

    def _expression(self, name: str) -> str:
        label = dimension(name).label
        if name not in self._columns:
            raise MissingColumn(
                f"{label} needs the column {name}, which this shop does not have; import a file that has it."
            )
        return self._columns[name]


def _columns(known: Known) -> dict[str, str]:
    """The SQL expression of each column the shop has."""
    found = {}
    for column in TRANSACTIONS:
        if column.name in known.lines or column.required:
            found[column.name] = f't."{column.name}"'
        elif column.name in _LENT and column.name in known.customers:
            found[column.name] = fill(_OF_THE_CUSTOMER, name=column.name, published=PUBLISHED)
        if column.name == "product" and "product" in found and known.has_names:
            found[PRODUCT_NAME] = fill(_NAME_OF_THE_PRODUCT, published=PUBLISHED)
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
