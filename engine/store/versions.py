"""Bring a database to the newest version, in one transaction: all of it or nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StoreError
from engine.store.connect import APPLICATION_ID, connect_reader, connect_writer
from engine.store.lock import WriteLock
from engine.store.place import check_file, check_new, check_writable
from engine.store.sentences import spoken

if TYPE_CHECKING:
    from sqlite_utils import Database

Step = Callable[["Database"], None]


@dataclass(frozen=True)
class Versions:
    """The steps that lead to the newest version of one kind of database.

    Parameters
    ----------
    name : how sqlite-utils files the steps
    steps : functions that change the database, oldest first
    durable : whether commits survive a power cut
    """

    name: str
    steps: Sequence[Step]
    durable: bool = False

    @property
    def newest(self) -> int:
        """The version this program writes and reads."""
        return len(self.steps)

    def check(self, connection: sqlite3.Connection, path: Path) -> int:
        """The version of an open database; StoreError when this program is older."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > self.newest:
            raise StoreError(
                f"{path} was made by a newer Shoplight (version {version} of the tables, this one knows "
                f"{self.newest}). Update Shoplight to open it."
            )
        return version

    def prepare(self, path: Path) -> None:
        """Make the database where it is missing, or bring it to the newest version."""
        if path.exists():
            check_file(path)
            if not self._is_behind(path):
                return
            check_writable(path)
        else:
            check_new(path)
        with spoken(path):
            lock = WriteLock(path)
            try:
                with lock.held("migrate"):
                    self._migrate(path) if path.exists() else self._make(path)
            finally:
                lock.close()

    def _is_behind(self, path: Path) -> bool:
        with spoken(path):
            connection = connect_reader(path)
            try:
                return self.check(connection, path) < self.newest
            finally:
                connection.close()

    def _make(self, path: Path) -> None:
        # Made under another name and moved: a database that exists is whole.
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        # Logs whose database was deleted would be written into the new one.
        for file in (draft, path):
            for end in ("-wal", "-shm", "-journal"):
                file.with_name(file.name + end).unlink(missing_ok=True)
        self._migrate(draft)
        os.replace(draft, path)

    def _migrate(self, path: Path) -> None:
        connection = connect_writer(path, durable=True)
        try:
            apply(connection, self)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def apply(connection: sqlite3.Connection, versions: Versions) -> None:
    """Run the steps that are missing; the caller holds the write lock."""
    from sqlite_utils import Database, Migrations  # it imports pandas: 0.4 s that readers need not pay

    migrations = Migrations(versions.name)
    for step in versions.steps:
        migrations()(step)
    connection.execute("BEGIN IMMEDIATE")
    try:
        versions.check(connection, Path(versions.name))
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {versions.newest}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def run(db: Database, script: str) -> None:
    """Execute the statements of a script one by one: sqlite3's own executescript would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"The script ends within a statement: {statement.strip()!r}")
