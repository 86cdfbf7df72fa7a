"""The one writer: short transactions under the lock of all processes, and nothing else writes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from engine.errors import StoreError
from engine.store import ledger
from engine.store.connect import connect_writer, set_durable
from engine.store.loading import OpenLoad
from engine.store.lock import PATIENCE, OnHold, Pulse, WriteLock, is_alive, remove_dead_pulses
from engine.store.migrations import SHOP
from engine.store.pace import Pace
from engine.store.place import check_file, check_writable
from engine.store.removing import CustomerRescue, leftovers, remove_piece
from engine.store.sentences import spoken

T = TypeVar("T")

# A checkpoint holds the lock as a batch does: it comes sooner when the last one was slow.
_SLOW_CHECKPOINT = 0.1
_MOST_BATCHES_BETWEEN = 16


class Writer:
    """Takes loads in and takes them back. Get it from `Store.writer()`; use it from one thread."""

    def __init__(self, path: Path, *, on_hold: OnHold | None = None, patience: float = PATIENCE) -> None:
        check_file(path)
        check_writable(path)
        self.path = path
        self._written, self._checkpoint_after = 0, 4
        with spoken(path):
            self._lock = WriteLock(path, on_hold=on_hold, patience=patience)
            try:
                with self._lock.held("open"):
                    self._connection = connect_writer(path)
                    SHOP.check(self._connection, path)
            except BaseException:
                self._lock.close()
                raise

    def close(self) -> None:
        """Put everything into the database file and let go of it."""
        with spoken(self.path):
            try:
                with self._lock.held("close"):
                    self._connection.execute("PRAGMA busy_timeout = 0")
                    with suppress(sqlite3.OperationalError):  # a reader is looking; the log stays for the next writer
                        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._connection.close()
            finally:
                self._lock.close()

    @contextmanager
    def load(self, source: str, format: str, *, sha256: str, currency: str | None) -> Iterator[OpenLoad]:
        """A new load; leaving the block without `publish` takes everything back.

        Parameters
        ----------
        source, format, sha256 : what is read, as which format, and the digest of its bytes
        currency : of its money; None where it does not say, then it is the shop's
        """
        with self.transaction("begin load") as connection:
            self.check_currency(connection, currency)
            load_id = connection.execute(
                "INSERT INTO loads (source, format, sha256, currency, started_at) VALUES (?, ?, ?, ?, ?)",
                (source, format, sha256, currency, ledger.now()),
            ).lastrowid
            pulse = Pulse(self.path, load_id)
            load = OpenLoad(self, load_id, seen=ledger.shop(connection)[0])
        try:
            yield load
        except BaseException:
            with suppress(StoreError):  # the reason for leaving matters more; the next writer cleans up
                self._abandon(load)
            raise
        else:
            self._abandon(load)
        finally:
            pulse.stop()

    def undo(self, load_id: int) -> int:
        """Take a published load back: hidden at once, removed in short batches; returns the data version."""
        with self.transaction("begin undo") as connection:
            self._check_published(connection, load_id)
        self.in_pieces("keep customers", Pace(), CustomerRescue(load_id).piece)
        with self.transaction("undo", durable=True) as connection:
            self._check_published(connection, load_id)
            connection.execute(
                "UPDATE loads SET status = 'undone', undone_at = ? WHERE load_id = ?", (ledger.now(), load_id)
            )
            ledger.renew_currency(connection)
            version = ledger.raise_version(connection)
        self._remove(load_id)
        return version

    def recover(self) -> None:
        """Remove what loads left behind whose process has died."""
        with spoken(self.path), self._lock.held("look for dead loads"):
            left = leftovers(self._connection)
            dead = [load_id for load_id in left if not is_alive(self.path, load_id)]
            remove_dead_pulses(self.path)
        for load_id in dead:
            self._give_up(load_id)

    @contextmanager
    def transaction(self, what: str, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """One short write transaction under the lock; all of it or nothing."""
        connection = self._connection
        with spoken(self.path), self._lock.held(what):
            set_durable(connection, durable)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has rolled back already
                    connection.execute("ROLLBACK")
                raise
        self._written += 1
        if self._written >= self._checkpoint_after:
            self.checkpoint()

    def in_pieces(self, what: str, pace: Pace, piece: Callable[[sqlite3.Connection, int], int]) -> None:
        """Call `piece` with a number of rows, each time in a transaction of its own, until it did none."""
        rows = 1
        while rows:
            with self.transaction(what) as connection:
                since = time.monotonic()
                rows = piece(connection, pace.rows)
            pace.learn(rows, time.monotonic() - since)

    def read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask the writer's connection something without holding the lock."""
        with spoken(self.path):
            return question(self._connection)

    def status(self, connection: sqlite3.Connection, load_id: int) -> str | None:
        """Status of a load, None where there is no such load."""
        found = connection.execute("SELECT status FROM loads WHERE load_id = ?", (load_id,)).fetchone()
        return found and found[0]

    def checkpoint(self) -> None:
        """Copy the log into the database file, as far as no reader still needs it."""
        self._written = 0
        with spoken(self.path), self._lock.held("checkpoint"):
            since = time.monotonic()
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            is_slow = time.monotonic() - since > _SLOW_CHECKPOINT
        after = self._checkpoint_after // 2 if is_slow else self._checkpoint_after + 1
        self._checkpoint_after = max(1, min(_MOST_BATCHES_BETWEEN, after))

    def check_currency(self, connection: sqlite3.Connection, currency: str | None) -> None:
        """StoreError when money in this currency cannot be added to the shop's."""
        shop = ledger.shop(connection)[1]
        if currency and shop and currency != shop:
            raise StoreError(
                f"This shop's money is in {shop}, the load's is in {currency}: they cannot be added up. "
                f"Import it into a database of its own, or convert it to {shop} first."
            )

    def _check_published(self, connection: sqlite3.Connection, load_id: int) -> None:
        status = self.status(connection, load_id)
        if status != "published":
            raise StoreError(_NOT_PUBLISHED[status].format(load_id=load_id, known=_published(connection)))

    def _abandon(self, load: OpenLoad) -> None:
        if not load.is_published:
            self._give_up(load.load_id)

    def _give_up(self, load_id: int) -> None:
        with self.transaction("give up") as connection:
            connection.execute(
                "UPDATE loads SET status = 'undone', undone_at = ? WHERE load_id = ? AND status = 'open'",
                (ledger.now(), load_id),
            )
        self._remove(load_id)

    def _remove(self, load_id: int) -> None:
        self.in_pieces("remove", Pace(), lambda c, rows: remove_piece(c, load_id, rows))


_NOT_PUBLISHED = {
    None: "There is no load {load_id}. Published loads: {known}.",
    "open": "Load {load_id} is still being imported. Wait until it is published.",
    "undone": "Load {load_id} is undone already. Published loads: {known}.",
}


def _published(connection: sqlite3.Connection) -> str:
    found = connection.execute("SELECT load_id FROM loads WHERE status = 'published' ORDER BY load_id DESC LIMIT 12")
    return ", ".join(str(load_id) for (load_id,) in found) or "none"
