"""Removal of a load's rows in small pieces, each one transaction."""

from __future__ import annotations

import sqlite3

from engine.store import batches
from engine.store.sql import fill


def leftovers(connection: sqlite3.Connection) -> list[int]:
    """Loads that are not published and still open or not yet removed; some may be alive."""
    found = connection.execute(
        "SELECT load_id FROM loads WHERE status = 'open' OR (status = 'undone' AND load_id IN"
        " (SELECT load_id FROM batches)) ORDER BY load_id"
    )
    return [load_id for (load_id,) in found]


def remove_piece(connection: sqlite3.Connection, load_id: int, rows: int) -> int:
    """Delete up to so many of a load's rows, the last ones first; 0 when none are left."""
    found = connection.execute(
        "SELECT table_name, first_row, last_row FROM batches WHERE load_id = ?"
        " ORDER BY table_name, first_row DESC LIMIT 1",
        (load_id,),
    ).fetchone()
    if found is None:
        return 0
    table, first, last = found
    cut = max(first, last - rows + 1)
    text = fill("DELETE FROM {table} WHERE row_id BETWEEN ? AND ? AND load_id = ?", table=table)
    connection.execute(text, (cut, last, load_id))
    key = (load_id, table, first)
    if cut == first:
        connection.execute("DELETE FROM batches WHERE load_id = ? AND table_name = ? AND first_row = ?", key)
    else:
        connection.execute(
            "UPDATE batches SET last_row = ? WHERE load_id = ? AND table_name = ? AND first_row = ?", (cut - 1, *key)
        )
    return last - cut + 1


class CustomerRescue:
    """Hands the customers of a load that is taken back to another load whose lines name them."""

    def __init__(self, load_id: int) -> None:
        self._load_id = load_id
        self._after = 0

    def piece(self, connection: sqlite3.Connection, rows: int) -> int:
        """Look at up to so many customers; 0 when all were looked at."""
        found = batches.next_range(connection, self._load_id, "customers", after=self._after, rows=rows)
        if found is None:
            return 0
        named = connection.execute(
            "SELECT row_id, customer_id FROM customers WHERE row_id BETWEEN ? AND ? AND load_id = ?",
            (*found, self._load_id),
        ).fetchall()
        for row_id, customer_id in named:
            self._hand_over(connection, row_id, customer_id)
        self._after = found[1]
        return found[1] - found[0] + 1

    def _hand_over(self, connection: sqlite3.Connection, row_id: int, customer_id: str) -> None:
        heir = connection.execute(
            "SELECT load_id FROM transactions JOIN loads USING (load_id)"
            " WHERE customer_id = ? AND load_id <> ? AND loads.status = 'published' LIMIT 1",
            (customer_id, self._load_id),
        ).fetchone()
        if heir is None:
            return
        moved = connection.execute(
            "UPDATE OR IGNORE customers SET load_id = ? WHERE row_id = ?", (heir[0], row_id)
        ).rowcount
        if moved:
            batches.record(connection, heir[0], "customers", first=row_id, last=row_id)
