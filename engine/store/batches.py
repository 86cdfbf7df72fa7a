"""The record of which row numbers belong to which load, written with the rows themselves.

A load's rows are found, hidden, compared and removed through it, so that a million lines need no
index of their load.
"""

from __future__ import annotations

import sqlite3


def record(connection: sqlite3.Connection, load_id: int, table: str, *, first: int, last: int) -> None:
    """The rows from `first` to `last` are the load's; rows that follow the ones before are joined to them."""
    if last < first:
        return
    joined = connection.execute(
        "UPDATE batches SET last_row = ? WHERE load_id = ? AND table_name = ? AND last_row = ?",
        (last, load_id, table, first - 1),
    ).rowcount
    if not joined:
        connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", (load_id, table, first, last))


def next_range(
    connection: sqlite3.Connection, load_id: int, table: str, *, after: int, rows: int
) -> tuple[int, int] | None:
    """First and last of up to so many of the load's next row numbers, None when there are no more."""
    found = connection.execute(
        "SELECT max(first_row, ?1 + 1), last_row FROM batches"
        " WHERE load_id = ?2 AND table_name = ?3 AND last_row > ?1 ORDER BY first_row LIMIT 1",
        (after, load_id, table),
    ).fetchone()
    return found and (found[0], min(found[1], found[0] + rows - 1))
