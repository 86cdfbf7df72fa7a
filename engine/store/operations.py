"""The operations database beside the shop's: jobs and case files now, users and alerts later.

It is a file of its own so that a long import never blocks it, and its commits survive a power cut,
because no import brings them back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StoreError
from engine.store.connect import connect_reader, connect_writer
from engine.store.ledger import now
from engine.store.lock import WriteLock
from engine.store.place import as_path, check_file, check_writable
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


# The limits are those of engine.store.cases; the database holds them should a program forget.
_CASES = """
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY CHECK (length(case_id) BETWEEN 16 AND 64),
    format INTEGER NOT NULL,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    metric TEXT NOT NULL CHECK (length(metric) <= 100),
    question TEXT NOT NULL CHECK (length(question) <= 8000),
    asked TEXT NOT NULL CHECK (length(asked) <= 2000),
    evidence TEXT NOT NULL CHECK (length(CAST(evidence AS BLOB)) <= 1000000),
    ruled_out TEXT NOT NULL CHECK (length(CAST(ruled_out AS BLOB)) <= 100000),
    note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 20000),
    data_version INTEGER NOT NULL,
    shop TEXT NOT NULL CHECK (length(shop) <= 64),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
CREATE INDEX cases_created_at ON cases (created_at) WHERE deleted_at IS NULL;
CREATE INDEX cases_deleted_at ON cases (deleted_at) WHERE deleted_at IS NOT NULL;
"""


def cases_table(db: Database) -> None:
    """Case files: a question, its evidence and a note, pinned to the data they were found in."""
    run(db, _CASES)


OPERATIONS = Versions("operations", (jobs_table, cases_table), durable=True)


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
        path = beside(shop)
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
        with reading(self.path) as (connection, _):
            columns = "SELECT job_id, kind, state, progress, message, started_at, finished_at FROM jobs "
            return [Job(*row) for row in connection.execute(columns + rest, parameters)]

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return writing(self.path)


def beside(shop: str | os.PathLike[str]) -> Path:
    """Where the operations database of a shop's database is, made or not."""
    shop = as_path(shop)
    return shop.with_name(f"{shop.stem}.ops.db")


@contextmanager
def reading(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A connection for one look at an operations database, and the version of its tables."""
    with spoken(path):
        connection = connect_reader(path)
        try:
            yield connection, OPERATIONS.check(connection, path)
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one durable change of an operations database; all of it or nothing."""
    check_file(path)
    check_writable(path)
    with spoken(path):
        lock = WriteLock(path)
        try:
            with lock.held("operations"):
                connection = connect_writer(path, durable=True)
                try:
                    OPERATIONS.check(connection, path)
                    connection.execute("BEGIN IMMEDIATE")
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    connection.close()
        finally:
            lock.close()
