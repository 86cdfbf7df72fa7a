"""A load that is being taken in: rows in short transactions, all visible at once when published."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from data.schema import TABLES
from engine.errors import StoreError
from engine.store import batches, ledger
from engine.store.checking import check_lines
from engine.store.outcome import Outcome
from engine.store.pace import Pace
from engine.store.putting import Putting
from engine.store.settling import Settling

if TYPE_CHECKING:
    from engine.store.writer import Writer

Report = dict[str, Any]


class OpenLoad:
    """One load between its start and `publish()`. Get it from `Writer.load()`.

    Attributes
    ----------
    load_id : its number in the ledger
    outcome : per table, what became of all rows put so far
    is_published : whether its rows are visible
    """

    def __init__(self, writer: Writer, load_id: int, *, seen: int) -> None:
        self.load_id = load_id
        self.outcome = {table: Outcome() for table in TABLES}
        self.is_published = False
        self._writer = writer
        self._pace = Pace()
        self._settling = Settling(load_id, seen)
        self._settle_pace = Pace()
        self._present: dict[str, set[str]] = {table: set() for table in TABLES}

    def put_lines(self, columns: Sequence[str], rows: Sequence[tuple]) -> Outcome:
        """Store order lines, given as tuples of stored values; the outcome says what was known."""
        check_lines(columns, rows)
        return self._put("transactions", columns, rows)

    def put_customers(self, columns: Sequence[str], rows: Sequence[tuple]) -> Outcome:
        """Store customers; one whom an earlier load described otherwise gets a newer description."""
        return self._put("customers", columns, rows)

    def put_spend(self, columns: Sequence[str], rows: Sequence[tuple]) -> Outcome:
        """Store money spent, one row a day and channel."""
        return self._put("spend", columns, rows)

    def put_products(self, columns: Sequence[str], rows: Sequence[tuple]) -> Outcome:
        """Store names of products; one that a published load has already is known.

        It is kept for this load all the same, so that taking the other one back does not take the name along.
        """
        return self._put("products", columns, rows)

    def settle(self) -> dict[str, Outcome]:
        """Leave out what other loads have published meanwhile; returns the outcome of all rows put so far.

        `publish` does it too; call it before when a report needs the final counts.
        """
        with self._writer.transaction("settle") as connection:
            self._check_open(connection)
            is_due = self._settling.is_due(connection)
            self._settling.begin(connection)
        if is_due:
            self._writer.in_pieces("settle", self._settle_pace, self._settling.piece)
            for table, moved in self._settling.moved.items():
                self.outcome[table] += moved
                self._settling.moved[table] = Outcome()
        self._settling.finish()
        return dict(self.outcome)

    def publish(self, report: Report | Callable[[dict[str, Outcome]], Report]) -> int:
        """Make everything visible at once; returns the new data version.

        Parameters
        ----------
        report : kept in the ledger; or a function that makes it of the final outcome of each table
        """
        version = None
        while version is None:
            self.settle()
            self._writer.checkpoint()
            with self._writer.transaction("publish", durable=True) as connection:
                self._check_open(connection)
                if not self._settling.is_due(connection):
                    version = self._publish(connection, report(dict(self.outcome)) if callable(report) else report)
        self.is_published = True
        return version

    def _publish(self, connection: sqlite3.Connection, report: Report) -> int:
        self._writer.check_currency(connection, self._currency(connection))
        version = ledger.raise_version(connection)
        # Names come along on the lines: they are no rows of a file.
        outcomes = [outcome for table, outcome in self.outcome.items() if table != "products"]
        connection.execute(
            "UPDATE loads SET status = 'published', published_at = ?, data_version = ?, rows_read = ?, rows_stored = ?,"
            " columns = ?, report = ? WHERE load_id = ?",
            (
                ledger.now(),
                version,
                report.get("rows_read", sum(outcome.rows for outcome in outcomes)),
                sum(outcome.stored for outcome in outcomes),
                json.dumps(self._columns_with_values()),
                json.dumps(report, default=str),
                self.load_id,
            ),
        )
        ledger.renew_currency(connection)
        return version

    def _put(self, table: str, columns: Sequence[str], rows: Sequence[tuple]) -> Outcome:
        putting = Putting(table, columns, self.load_id)
        total, at = Outcome(), 0
        while at < len(rows):
            piece = rows[at : at + self._pace.rows]
            outcome = self._put_piece(putting, table, piece)
            self.outcome[table] += outcome
            total += outcome
            at += len(piece)
        return total

    def _put_piece(self, putting: Putting, table: str, rows: Sequence[tuple]) -> Outcome:
        known, fresh = Outcome(), rows
        if table != "products":
            known, fresh = self._writer.read(lambda connection: putting.sort_out(connection, rows))
        if not fresh:
            return known
        with self._writer.transaction(f"put {table}") as connection:
            since = time.monotonic()
            self._check_open(connection)
            outcome, stored, first = putting.insert(connection, fresh)
            batches.record(connection, self.load_id, table, first=first, last=first + len(stored) - 1)
        self._pace.learn(len(fresh), time.monotonic() - since)
        self._note_values(table, putting.columns, stored)
        if table == "products":
            again, _ = self._writer.read(lambda connection: putting.sort_out(connection, stored))
            known = Outcome(stored=-again.known, known=again.known)
        return known + outcome

    def _note_values(self, table: str, columns: Sequence[str], rows: Sequence[tuple]) -> None:
        present = self._present[table]
        for at, name in enumerate(columns):
            if name not in present and any(row[at] is not None for row in rows):
                present.add(name)

    def _columns_with_values(self) -> dict[str, list[str]]:
        return {
            table: [column.name for column in columns if column.stored_name in self._present[table]]
            for table, columns in TABLES.items()
            if self.outcome[table].stored
        }

    def _check_open(self, connection: sqlite3.Connection) -> None:
        if self._writer.status(connection, self.load_id) != "open":
            raise StoreError(f"Load {self.load_id} has ended: nothing more can be put into it. Start the import again.")

    def _currency(self, connection: sqlite3.Connection) -> str | None:
        return connection.execute("SELECT currency FROM loads WHERE load_id = ?", (self.load_id,)).fetchone()[0]
