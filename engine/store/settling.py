"""Two loads at once may bring the same lines: the one published later leaves out what the other made known."""

from __future__ import annotations

import sqlite3

from engine.store import batches, ledger
from engine.store.outcome import Outcome
from engine.store.putting import MONEY, matches, same_content
from engine.store.sql import fill, listed, stored_names

_TABLES = ("transactions", "spend")

_NEWLY_PUBLISHED = (
    "SELECT load_id FROM loads WHERE status = 'published' AND data_version > :seen AND load_id <> :load_id"
)
_MET = (
    "SELECT mine.row_id, {same}, mine.{money}, {names} FROM {table} AS mine JOIN {table} AS old ON {key}"
    " WHERE mine.row_id BETWEEN :first AND :last AND mine.load_id = :load_id AND old.load_id IN ({published})"
)


class Settling:
    """Removes from an open load the rows that loads published since it began have brought.

    Parameters
    ----------
    load_id : the open load
    seen : the data version when it began; what was published by then was known when its rows were put
    """

    def __init__(self, load_id: int, seen: int) -> None:
        self._load_id = load_id
        self._seen = seen
        self._swept_until = seen
        self._table = 0
        self._after = 0
        self.moved = {table: Outcome() for table in _TABLES}

    def is_due(self, connection: sqlite3.Connection) -> bool:
        """Whether another load was published that has not been compared with."""
        found = connection.execute(
            fill("SELECT EXISTS ({published})", published=_NEWLY_PUBLISHED), self._names(first=0, last=0)
        )
        return bool(found.fetchone()[0])

    def begin(self, connection: sqlite3.Connection) -> None:
        """Start to compare with everything published up to now."""
        self._table, self._after = 0, 0
        self._swept_until = ledger.shop(connection)[0]

    def finish(self) -> None:
        """Everything published up to `begin` has been compared with."""
        self._seen = self._swept_until

    def piece(self, connection: sqlite3.Connection, rows: int) -> int:
        """Compare up to so many rows; 0 when all were."""
        while self._table < len(_TABLES):
            table = _TABLES[self._table]
            found = batches.next_range(connection, self._load_id, table, after=self._after, rows=rows)
            if found:
                self._compare(connection, table, *found)
                self._after = found[1]
                return found[1] - found[0] + 1
            self._table, self._after = self._table + 1, 0
        return 0

    def _compare(self, connection: sqlite3.Connection, table: str, first: int, last: int) -> None:
        text = fill(
            _MET,
            same=same_content(table),
            money=MONEY[table],
            names=listed(stored_names(table), "mine."),
            table=table,
            key=matches(table),
            published=_NEWLY_PUBLISHED,
        )
        met = connection.execute(text, self._names(first=first, last=last)).fetchall()
        drop = fill("DELETE FROM {table} WHERE row_id = ?", table=table)
        connection.executemany(drop, [(row[0],) for row in met])
        for _, same, units, *content in met:
            self.moved[table] += _moved(same, units, tuple(content))

    def _names(self, *, first: int, last: int) -> dict[str, int]:
        return {"load_id": self._load_id, "seen": self._seen, "first": first, "last": last}


def _moved(same: int, units: int, content: tuple) -> Outcome:
    if same:
        return Outcome(stored=-1, known=1, stored_units=-units, known_units=units)
    return Outcome(stored=-1, different=1, example=content, stored_units=-units, different_units=units)
