"""Put rows of one table into one load, told apart from what is known already."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from engine.store.outcome import Outcome
from engine.store.sql import KEYS, PUBLISHED, checked, fill, listed, stored_names

# The column whose sum an outcome tells.
MONEY = {"transactions": "amount_units", "spend": "spend_units"}

# Tables that tell what is known of something: a newer row adds to an older one.
DESCRIPTIONS = ("customers", "products")

# Keys asked for in one statement; SQLite takes 32,766 values, and more than some hundred gain nothing.
_KEYS_AT_ONCE = 500

Key = tuple
Stored = dict[Key, tuple]


class Putting:
    """The statements that put rows with these columns into this load.

    Parameters
    ----------
    table : transactions, customers, spend or products
    columns : stored columns of the rows; those left out are empty
    load_id : the open load
    """

    def __init__(self, table: str, columns: Sequence[str], load_id: int) -> None:
        self.columns = checked(table, columns)
        self._is_description = table in DESCRIPTIONS
        self._key = tuple(self.columns.index(name) for name in KEYS[table])
        self._money = self.columns.index(MONEY[table]) if table in MONEY else None
        left_out = [name for name in stored_names(table) if name not in self.columns]
        parts = {
            "table": table,
            "load": str(int(load_id)),
            "published": PUBLISHED,
            "names": listed(self.columns),
            "key": listed(KEYS[table]),
            "values": ", ".join("?" for _ in self.columns),
            "is_all": " AND ".join(f'"{name}" IS NULL' for name in left_out) or "1",
        }
        self._last_row = fill("SELECT max(row_id) FROM {table}", **parts)
        self._insert = fill(
            "INSERT INTO {table} (load_id, {names}) VALUES ({load}, {values}) ON CONFLICT ({key}, load_id) DO NOTHING",
            **parts,
        )
        self._find = fill("SELECT {names}, {is_all}, row_id FROM {table} WHERE ({key}) IN (VALUES ", **parts)
        self._in_published = fill(") AND load_id IN ({published}) ORDER BY load_id", **parts)
        self._in_this_load = fill(") AND load_id = {load}", **parts)

    def sort_out(self, connection: sqlite3.Connection, rows: Sequence[tuple]) -> tuple[Outcome, Sequence[tuple]]:
        """Tell the rows that published loads have from those that are to be inserted; only reads."""
        published = self._published(connection, rows)
        if not published:
            return Outcome(), rows
        fresh, known, different = [], [], []
        for row in rows:
            have = published.get(tuple(row[at] for at in self._key))
            if have is None:
                fresh.append(row)
            elif self._is_description:
                (known if _says_nothing_new(row, have) else fresh).append(row)
            else:
                (known if have == (*row, 1) else different).append(row)
        return self._outcome([], known, different), fresh

    def insert(self, connection: sqlite3.Connection, rows: Sequence[tuple]) -> tuple[Outcome, Sequence[tuple], int]:
        """Insert the rows that this load does not have yet.

        Returns
        -------
        the outcome, the rows that were stored, and the number of the first of them
        """
        before = connection.execute(self._last_row).fetchone()[0] or 0
        connection.executemany(self._insert, rows)
        after = connection.execute(self._last_row).fetchone()[0] or 0
        if after - before == len(rows):
            return self._outcome(rows, [], []), rows, before + 1
        stored, known, different, fresh = [], [], [], set()
        mine = {self._key_of(found): found for found in self._found(connection, rows, self._in_this_load)}
        for row in rows:
            *content, row_id = mine[self._key_of(row)]
            if row_id > before and row_id not in fresh:
                fresh.add(row_id)
                stored.append(row)
            else:
                (known if tuple(content) == (*row, 1) else different).append(row)
        return self._outcome(stored, known, different), stored, before + 1

    def _published(self, connection: sqlite3.Connection, rows: Sequence[tuple]) -> Stored:
        """What published loads say under the rows' keys; of descriptions the newest values that are not empty."""
        published: Stored = {}
        if not connection.execute(fill("SELECT EXISTS ({published})", published=PUBLISHED)).fetchone()[0]:
            return published
        for *content, _ in self._found(connection, rows, self._in_published):
            key = self._key_of(content)
            older = published.get(key)
            if older and self._is_description:
                content = [old if new is None else new for old, new in zip(older, content, strict=True)]
            published[key] = tuple(content)
        return published

    def _found(self, connection: sqlite3.Connection, rows: Sequence[tuple], where: str) -> Iterator[tuple]:
        """Stored rows with the keys of the given ones: their columns, whether these are all, row number."""
        mark = "(" + ", ".join("?" for _ in self._key) + ")"
        for at in range(0, len(rows), _KEYS_AT_ONCE):
            keys = [row[at] for row in rows[at : at + _KEYS_AT_ONCE] for at in self._key]
            marks = ", ".join([mark] * (len(keys) // len(self._key)))
            yield from connection.execute(self._find + marks + where, keys)

    def _key_of(self, row: Sequence) -> Key:
        return tuple([row[at] for at in self._key])

    def _outcome(self, stored: Sequence[tuple], known: list[tuple], different: list[tuple]) -> Outcome:
        example = different[0] if different else None
        units = (self._units(stored), self._units(known), self._units(different))
        return Outcome(len(stored), len(known), len(different), example, *units)

    def _units(self, rows: Iterable[tuple]) -> int:
        return sum([row[self._money] for row in rows]) if self._money is not None else 0


def matches(table: str) -> str:
    """Condition that the rows `old` and `mine` have the same key."""
    return " AND ".join(f'old."{name}" = mine."{name}"' for name in KEYS[table])


def same_content(table: str) -> str:
    """Condition that the rows `old` and `mine` have the same content."""
    return "(" + " AND ".join(f'old."{name}" IS mine."{name}"' for name in stored_names(table)) + ")"


def _says_nothing_new(row: tuple, have: tuple) -> bool:
    return all(new is None or new == old for new, old in zip(row, have, strict=False))
