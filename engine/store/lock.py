"""Locks between processes: one for writing, one for each load that is still alive.

SQLite before 3.51.3 can corrupt a write-ahead log when two connections write or checkpoint at the
same moment. Whoever writes, checkpoints, opens or closes a writable connection holds the write lock.
"""

from __future__ import annotations

import fcntl
import glob
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StoreError

# Told what was done and for how many seconds the lock was held.
OnHold = Callable[[str, float], None]

# A writer holds the lock for at most a quarter of a second: a minute is 240 of them.
PATIENCE = 60.0
_LOOK_AGAIN = 0.001
# Longer than a waiter's look: whoever writes batch after batch lets the others in between.
_LET_OTHERS_IN = 0.003


class WriteLock:
    """The right to write to one database file, held by one writer of all processes at a time."""

    def __init__(self, database: Path, *, on_hold: OnHold | None = None, patience: float = PATIENCE) -> None:
        self._database = database
        self._path = database.with_name(database.name + ".lock")
        self._on_hold = on_hold
        self._patience = patience
        self._released = 0.0
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)

    def close(self) -> None:
        """Give the file back; the lock itself is free already."""
        os.close(self._file)

    @contextmanager
    def held(self, what: str) -> Iterator[None]:
        """Hold the lock for the block; StoreError when others keep it for too long."""
        self._acquire()
        since = time.monotonic()
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._released = time.monotonic()
            if self._on_hold:
                self._on_hold(what, self._released - since)

    def _acquire(self) -> None:
        resting = self._released + _LET_OTHERS_IN - time.monotonic()
        if resting > 0:
            time.sleep(resting)
        give_up = time.monotonic() + self._patience
        while not _try(self._file):
            if time.monotonic() > give_up:
                raise StoreError(
                    f"Another import has been writing to {self._database} for {self._patience:.0f} seconds "
                    "without a pause. Wait for it to end and try again."
                )
            time.sleep(_LOOK_AGAIN)


class Pulse:
    """Proof that a load's process lives: a locked file beside the database, freed by any death.

    Made by the holder of the write lock, so that nobody takes it for a dead one's in between.
    """

    def __init__(self, database: Path, load_id: int) -> None:
        self._path = pulse_path(database, load_id)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def stop(self) -> None:
        """The load has ended: remove the proof."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def pulse_path(database: Path, load_id: int) -> Path:
    """Where a load's proof of life is kept."""
    return database.with_name(f"{database.name}.load-{load_id}")


def remove_dead_pulses(database: Path) -> None:
    """Clear away the proofs of life of processes that were killed; the caller holds the write lock."""
    for path in database.parent.glob(glob.escape(database.name) + ".load-*"):
        load_id = path.name.rpartition("-")[2]
        if load_id.isdecimal() and not is_alive(database, int(load_id)):
            path.unlink(missing_ok=True)


def is_alive(database: Path, load_id: int) -> bool:
    """Whether the process of an open load still runs."""
    try:
        file = os.open(pulse_path(database, load_id), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try(file)
    finally:
        os.close(file)


def _try(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
