"""Put rows of one table into one load, told apart from what is known already."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from engine.store.outcome import Outcome
from engine.store.sql import KEYS, checked, fill, listed, stored_names

# The column whose sum an outcome tells.
MONEY = {"transactions": "amount_units", "spend": "spend_units"}

# A line is known when its id is in this load or a published one. A customer may be described again by a
# later load: then the newest description counts, and the row is known when it says nothing new.
_IN_SIGHT = (
    "(old.load_id = ?1 OR EXISTS (SELECT 1 FROM loads"
    " WHERE loads.load_id = old.load_id AND loads.status = 'published'))"
)
_SAYS_NOTHING_NEW = (
    "(old.load_id = ?1 OR ({same} AND old.load_id = (SELECT max(newest.load_id) FROM customers AS newest"
    " JOIN loads USING (load_id) WHERE newest.customer_id = old.customer_id AND loads.status = 'published')))"
)


class Putting:
    """The statements that put rows with these columns into this load.

    Parameters
    ----------
    table : transactions, customers or spend
    columns : stored columns of the rows; those left out are empty
    load_id : the open load
    """

    def __init__(self, table: str, columns: Sequence[str], load_id: int) -> None:
        self.columns = checked(table, columns)
        self._load_id = load_id
        self._money = self.columns.index(MONEY[table]) if table in MONEY else None
        same = _same_as_given(table, self.columns)
        parts = {
            "table": table,
            "names": listed(self.columns),
            "values": ", ".join(f"?{at + 2}" for at in range(len(self.columns))),
            "key": " AND ".join(f'old."{name}" = ?{self.columns.index(name) + 2}' for name in KEYS[table]),
            "twin": fill(_SAYS_NOTHING_NEW, same=same) if table == "customers" else _IN_SIGHT,
            "same": same,
        }
        self._last_row = fill("SELECT max(row_id) FROM {table}", **parts)
        self._insert = fill(
            "INSERT INTO {table} (load_id, {names}) SELECT ?1, {values}"
            " WHERE NOT EXISTS (SELECT 1 FROM {table} AS old WHERE {key} AND {twin})",
            **parts,
        )
        self._find_twin = fill(
            "SELECT old.row_id, {same} FROM {table} AS old WHERE {key} AND {twin}"
            " ORDER BY old.load_id = ?1 DESC LIMIT 1",
            **parts,
        )

    def put(self, connection: sqlite3.Connection, rows: Sequence[tuple]) -> tuple[Outcome, Sequence[tuple], int]:
        """Insert the new ones among the rows.

        Returns
        -------
        the outcome, the rows that were stored, and the number of the first of them
        """
        load_id = self._load_id
        before = connection.execute(self._last_row).fetchone()[0] or 0
        connection.executemany(self._insert, [(load_id, *row) for row in rows])
        after = connection.execute(self._last_row).fetchone()[0] or 0
        if after - before == len(rows):
            return Outcome(stored=len(rows), stored_units=self._units(rows)), rows, before + 1
        outcome, stored = self._told_apart(connection, rows, before)
        return outcome, stored, before + 1

    def _told_apart(
        self, connection: sqlite3.Connection, rows: Sequence[tuple], before: int
    ) -> tuple[Outcome, list[tuple]]:
        """Some rows were there already: which of them, and with the same content?"""
        stored, known, different, fresh = [], [], [], set()
        for row in rows:
            row_id, same = connection.execute(self._find_twin, (self._load_id, *row)).fetchone()
            if row_id > before and row_id not in fresh:
                fresh.add(row_id)
                stored.append(row)
            else:
                (known if same else different).append(row)
        example = different[0] if different else None
        units = (self._units(stored), self._units(known), self._units(different))
        return Outcome(len(stored), len(known), len(different), example, *units), stored

    def _units(self, rows: Sequence[tuple]) -> int:
        return sum(row[self._money] for row in rows) if self._money is not None else 0


def matches(table: str) -> str:
    """Condition that the rows `old` and `mine` have the same key."""
    return " AND ".join(f'old."{name}" = mine."{name}"' for name in KEYS[table])


def same_content(table: str) -> str:
    """Condition that the rows `old` and `mine` have the same content."""
    return "(" + " AND ".join(f'old."{name}" IS mine."{name}"' for name in stored_names(table)) + ")"


def _same_as_given(table: str, columns: Sequence[str]) -> str:
    """Condition that the row `old` has the given content; a customer's may also have more."""
    if table == "customers":
        parts = [f'(?{at} IS NULL OR old."{name}" IS ?{at})' for at, name in enumerate(columns, start=2)]
    else:
        given = {name: f"?{at}" for at, name in enumerate(columns, start=2)}
        parts = [f'old."{name}" IS {given.get(name, "NULL")}' for name in stored_names(table)]
    return "(" + " AND ".join(parts) + ")"
