"""Questions to one read-only connection: the only place that selects facts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date

from engine.selection import Selection
from engine.store import ledger
from engine.store.ledger import Load
from engine.store.orders import Known, Listing, OrderLines
from engine.store.sql import PUBLISHED, checked, fill, listed

Rows = Iterator[list[tuple]]

# The version of the tables in which products got names; an older file is read as it is.
NAMES_SINCE = 2

_HIDDEN_ROWS = "SELECT EXISTS (SELECT 1 FROM batches JOIN loads USING (load_id) WHERE status <> 'published')"


class Reading:
    """What is published, seen through one connection.

    Made by `Store.reading()`, every answer is of the same moment, whatever is published meanwhile.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def data_version(self) -> int:
        """Rises by one whenever what readers see has changed; 0 while nothing was ever published."""
        return ledger.shop(self._connection)[0]

    def currency(self) -> str | None:
        """The shop's currency, None where no load said."""
        return ledger.shop(self._connection)[1]

    def loads(self) -> list[Load]:
        """All loads, newest first."""
        return ledger.loads(self._connection)

    def present_columns(self, table: str = "transactions") -> frozenset[str]:
        """The schema's columns that have a value in a published load."""
        found = self._connection.execute("SELECT columns FROM loads WHERE status = 'published'")
        return frozenset(name for (columns,) in found for name in json.loads(columns).get(table, ()))

    def lines(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published lines by date, as lists of tuples of stored values."""
        return self._rows("transactions", columns, "date, row_id", batch)

    def customers(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published customers by id, each with its newest values."""
        names = listed(checked("customers", columns))
        return self._batches(fill("SELECT {names} FROM published_customers ORDER BY customer_id", names=names), batch)

    def spend(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published spend by date and channel."""
        return self._rows("spend", columns, "date, channel, row_id", batch)

    def products(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The products that a published load names, each with its newest name."""
        names = listed(checked("products", columns))
        if not self._has_products():
            return iter(())
        return self._batches(fill("SELECT {names} FROM published_products ORDER BY product", names=names), batch)

    def last_purchases(self, before: date) -> dict[str, str]:
        """Day of the last sale before a day, by customer."""
        text = fill(
            "SELECT customer_id, substr(max(date), 1, 10) FROM transactions WHERE kind = 'sale' AND date < ?"
            " AND customer_id IS NOT NULL AND load_id IN ({published}) GROUP BY customer_id",
            published=PUBLISHED,
        )
        return dict(self._connection.execute(text, (before.isoformat(),)))

    def orders(self, selection: Selection, listing: Listing | None = None) -> OrderLines:
        """The published lines of a selection: sold ones, the newest first, unless the listing says otherwise."""
        known = Known(
            lines=self.present_columns(),
            customers=self.present_columns("customers"),
            has_names=self._has_products() and "name" in self.present_columns("products"),
            has_hidden=self._has_hidden(),
        )
        return OrderLines(self._connection, known, selection, listing or Listing())

    def _has_products(self) -> bool:
        return self._connection.execute("PRAGMA user_version").fetchone()[0] >= NAMES_SINCE

    def _has_hidden(self) -> bool:
        return bool(self._connection.execute(_HIDDEN_ROWS).fetchone()[0])

    def _rows(self, table: str, columns: Sequence[str], order: str, batch: int) -> Rows:
        names = listed(checked(table, columns))
        where = fill("WHERE load_id IN ({published})", published=PUBLISHED) if self._has_hidden() else ""
        text = "SELECT {names} FROM {table} {where} ORDER BY {order}"
        return self._batches(fill(text, names=names, table=table, where=where, order=order), batch)

    def _batches(self, text: str, batch: int) -> Rows:
        cursor = self._connection.execute(text)
        try:
            while rows := cursor.fetchmany(batch):
                yield rows
        finally:
            cursor.close()
