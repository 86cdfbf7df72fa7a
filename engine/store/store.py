"""The shop's database as the rest of the program sees it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from engine.store.asking import ask
from engine.store.connect import connect_reader, is_still
from engine.store.ledger import Load
from engine.store.lock import PATIENCE, OnHold
from engine.store.migrations import SHOP
from engine.store.place import as_path
from engine.store.reading import Reading, Rows
from engine.store.sentences import spoken
from engine.store.writer import Writer

T = TypeVar("T")


class Store:
    """One shop's database. Reading works from any thread; writing goes through `writer()`.

    Parameters
    ----------
    path : an existing database of the newest version; use `Store.open` or `Store.create`
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def __eq__(self, other: object) -> bool:
        """Two stores of one database are the same to whoever remembers answers by them."""
        return isinstance(other, Store) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Store:
        """Open an existing database for reading; StoreError says what is wrong with it."""
        store = cls(as_path(path))
        with store.reading() as reading:
            reading.data_version()
        return store

    @classmethod
    def create(cls, path: str | os.PathLike[str]) -> Store:
        """Make the database where it is missing, bring it to the newest version, and open it."""
        place = as_path(path)
        SHOP.prepare(place)
        return cls.open(place)

    def data_version(self) -> int:
        """Rises by one whenever what readers see has changed; 0 while nothing was ever published."""
        return self._ask(Reading.data_version)

    def currency(self) -> str | None:
        """The shop's currency, None where no load said."""
        return self._ask(Reading.currency)

    def present_columns(self, table: str = "transactions") -> frozenset[str]:
        """The schema's columns that have a value in a published load."""
        return self._ask(lambda reading: reading.present_columns(table))

    def loads(self) -> list[Load]:
        """All loads, newest first."""
        return self._ask(Reading.loads)

    def lines(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published lines by date, in lists of up to `batch` tuples of stored values."""
        with self.reading() as reading:
            yield from reading.lines(columns, batch)

    def customers(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published customers by id, each with its newest values."""
        with self.reading() as reading:
            yield from reading.customers(columns, batch)

    def spend(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The published spend by date and channel."""
        with self.reading() as reading:
            yield from reading.spend(columns, batch)

    def products(self, columns: Sequence[str], batch: int = 50_000) -> Rows:
        """The products that a published load names, each with its newest name."""
        with self.reading() as reading:
            yield from reading.products(columns, batch)

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = (), *, seconds: float = 2.0) -> list[dict]:
        """Rows of one question in SQL; it can only read, and only for so many seconds.

        `transactions`, `customers`, `spend` and `products` are what is published, whatever is being imported.
        """
        with spoken(self.path):
            connection = connect_reader(self.path)
            try:
                return ask(connection, sql, parameters, seconds=seconds)
            finally:
                connection.close()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A Reading whose answers are all of one moment."""
        with spoken(self.path):
            connection = self._connect()
            try:
                connection.execute("SAVEPOINT moment")
                yield Reading(connection)
            finally:
                connection.close()

    @contextmanager
    def writer(self, *, on_hold: OnHold | None = None, patience: float = PATIENCE) -> Iterator[Writer]:
        """The right to write; several processes may ask, their short transactions take turns.

        Parameters
        ----------
        on_hold : told, after each hold of the write lock, what was done and for how many seconds
        patience : seconds to wait for other writers before saying so
        """
        writer = Writer(self.path, on_hold=on_hold, patience=patience)
        try:
            writer.recover()
            yield writer
        finally:
            writer.close()

    def _ask(self, question: Callable[[Reading], T]) -> T:
        """Ask this thread's own connection, renewed when the file it reads is no longer the same."""
        with spoken(self.path):
            stamp = self._stamp()
            if getattr(self._local, "stamp", None) != stamp:
                self._local.connection = self._connect()
                self._local.stamp = stamp
            return question(Reading(self._local.connection))

    def _stamp(self) -> tuple:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        # A file that is read as it is, without its log, must be read anew when anything about it changes.
        as_it_is = (found.st_mtime_ns, found.st_size) if is_still(self.path) else None
        return os.getpid(), found.st_dev, found.st_ino, as_it_is

    def _connect(self) -> sqlite3.Connection:
        with spoken(self.path):
            connection = connect_reader(self.path)
            try:
                SHOP.check(connection, self.path)
            except BaseException:
                connection.close()
                raise
            return connection
