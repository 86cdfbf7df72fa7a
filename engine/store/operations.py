"""The operations database beside the shop's: jobs now, users and alerts later.

It is a file of its own so that a long import never blocks it, and its commits survive a power cut,
because no import brings them back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StoreError
from engine.store.connect import connect_reader, connect_writer
from engine.store.ledger import now
from engine.store.lock import WriteLock
from engine.store.place import as_path
from engine.store.sentences import spoken
from engine.store.versions import Versions, run

if TYPE_CHECKING:
    from sqlite_utils import Database

_JOBS = """
CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
    progress REAL NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    message TEXT NOT NULL DEFAULT '',
    started_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE INDEX jobs_state ON jobs (state);
"""


def jobs_table(db: Database) -> None:
    """Long work that a page started: what it is, how far it is, how it ended."""
    run(db, _JOBS)


OPERATIONS = Versions("operations", (jobs_table,), durable=True)


@dataclass(frozen=True)
class Job:
    """One piece of long work; progress is between 0 and 1, moments are in UTC."""

    job_id: int
    kind: str
    state: str
    progress: float
    message: str
    started_at: str
    finished_at: str | None


class Operations:
    """Jobs, kept durably. Every call is short and may come from any thread or process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, shop: str | os.PathLike[str]) -> Operations:
        """The operations database of a shop's database: `shop.db` has `shop.ops.db`. Made where it is missing."""
        shop = as_path(shop)
        path = shop.with_name(f"{shop.stem}.ops.db")
        OPERATIONS.prepare(path)
        return cls(path)

    def start(self, kind: str, message: str = "") -> int:
        """A new running job; returns its number."""
        with self._writing() as connection:
            row = (kind, message, now())
            return connection.execute("INSERT INTO jobs (kind, message, started_at) VALUES (?, ?, ?)", row).lastrowid

    def progress(self, job_id: int, share: float, message: str) -> None:
        """How far a running job is, and what it is doing."""
        with self._writing() as connection:
            row = (min(max(share, 0.0), 1.0), message, job_id)
            connection.execute("UPDATE jobs SET progress = ?, message = ? WHERE job_id = ? AND state = 'running'", row)

    def finish(self, job_id: int, message: str, *, state: str = "done") -> None:
        """A running job has ended: done, failed or interrupted."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, message = ?, finished_at = ?, progress = iif(?1 = 'done', 1, progress)"
                " WHERE job_id = ? AND state = 'running'",
                (state, message, now(), job_id),
            )

    def interrupt_running(self) -> int:
        """At the start of a server: what an earlier one left running was interrupted; returns how many."""
        with self._writing() as connection:
            return connection.execute(
                "UPDATE jobs SET state = 'interrupted', finished_at = ? WHERE state = 'running'", (now(),)
            ).rowcount

    def job(self, job_id: int) -> Job:
        """One job by its number."""
        for job in self._select("WHERE job_id = ?", (job_id,)):
            return job
        raise StoreError(f"There is no job {job_id} in {self.path}.")

    def jobs(self, limit: int = 50) -> list[Job]:
        """The last jobs, newest first."""
        return self._select("ORDER BY job_id DESC LIMIT ?", (limit,))

    def _select(self, rest: str, parameters: tuple) -> list[Job]:
        with spoken(self.path):
            connection = connect_reader(self.path)
            try:
                OPERATIONS.check(connection, self.path)
                columns = "SELECT job_id, kind, state, progress, message, started_at, finished_at FROM jobs "
                return [Job(*row) for row in connection.execute(columns + rest, parameters)]
            finally:
                connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with spoken(self.path):
            lock = WriteLock(self.path)
            try:
                with lock.held("operations"):
                    connection = connect_writer(self.path, durable=True)
                    try:
                        OPERATIONS.check(connection, self.path)
                        connection.execute("BEGIN IMMEDIATE")
                        yield connection
                        connection.execute("COMMIT")
                    finally:
                        connection.close()
            finally:
                lock.close()
