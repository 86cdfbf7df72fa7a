"""The snapshot everyone in this process shares, renewed when the data behind it changes."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from engine.snapshot.snapshot import Snapshot

# Reading the version takes some 30 µs, but a page asks a dozen times.
LOOK_EVERY = 0.25
# A renewal that failed is not tried again at every look: reading a large shop takes seconds.
RETRY_AFTER = 5.0

log = logging.getLogger(__name__)


class Live:
    """One shop's newest snapshot.

    The first one is waited for. Later ones are made in a thread while the old one goes on answering, also where
    another process published the load.

    Parameters
    ----------
    path : the database

    Attributes
    ----------
    trouble : why the last renewal failed, None where it did not
    """

    def __init__(self, path: Path) -> None:
        from engine.store import Store

        self.trouble: Exception | None = None
        self._path = path
        self._store = Store.open(path)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._of: tuple | None = None
        self._thread: threading.Thread | None = None
        self._look_at = 0.0

    def get(self) -> Snapshot:
        """The newest finished snapshot."""
        if self._snapshot is None:
            self._begin()
        elif time.monotonic() >= self._look_at:
            self._look()
        return self._snapshot

    def wait(self) -> None:
        """Until no snapshot is being made."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _begin(self) -> None:
        with self._lock:
            if self._snapshot is None:
                self._of = self._version()
                self._snapshot = Snapshot.from_store(self._store)
                self._start(self._snapshot.warm)

    def _look(self) -> None:
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            self._look_at = time.monotonic() + LOOK_EVERY
            try:
                version = self._version()
            except Exception as error:
                self._failed(error)
                return
            if version != self._of:
                self._start(lambda: self._renew(version))

    def _version(self) -> tuple:
        """What a snapshot is of: the file, should another take its place, and its data version."""
        found = os.stat(self._path)
        return found.st_dev, found.st_ino, self._store.data_version()

    def _start(self, work) -> None:
        self._thread = threading.Thread(target=work, name="shoplight snapshot", daemon=True)
        self._thread.start()

    def _renew(self, version: tuple) -> None:
        try:
            # Made ready before it takes over, so that nobody waits for its first answers.
            fresh = Snapshot.from_store(self._store).warm()
        except Exception as error:
            self._failed(error)
        else:
            self._snapshot, self._of, self.trouble = fresh, version, None

    def _failed(self, error: Exception) -> None:
        self.trouble = error
        self._look_at = time.monotonic() + RETRY_AFTER
        log.warning("The data of %s could not be renewed; the pages show the older ones. %s", self._path, error)


_shops: dict[Path, Live] = {}
_lock = threading.Lock()


def current(path: str | os.PathLike[str]) -> Snapshot:
    """The process's snapshot of the database at `path`, no older than its last look at the data version.

    Raises
    ------
    StoreError
        where there is no usable database at `path` yet
    """
    return live(path).get()


def live(path: str | os.PathLike[str]) -> Live:
    """The keeper of a database's snapshot."""
    place = Path(path).expanduser().resolve()
    with _lock:
        found = _shops.get(place)
        if found is None:
            found = _shops[place] = Live(place)
        return found
