"""The snapshot everyone in this process shares, renewed when the data behind it changes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from engine.snapshot.snapshot import Snapshot

# Reading the version takes 30 µs, but a page asks a dozen times.
LOOK_EVERY = 0.25


class Live:
    """One shop's newest snapshot.

    The first one is waited for. Later ones are built in a thread while the old one goes on answering.
    """

    def __init__(self, path: Path) -> None:
        from engine.store import Store

        self._store = Store.open(path)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._building: threading.Thread | None = None
        self._looked = 0.0

    def get(self) -> Snapshot:
        """The newest finished snapshot."""
        found = self._snapshot
        if found is None:
            with self._lock:
                if self._snapshot is None:
                    self._snapshot = Snapshot.from_store(self._store)
                return self._snapshot
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._look(found)
        return self._snapshot

    def _look(self, found: Snapshot) -> None:
        with self._lock:
            self._looked = time.monotonic()
            if self._building is not None and self._building.is_alive():
                return
            if self._store.data_version() == found.data_version:
                return
            self._building = threading.Thread(target=self._renew, name="snapshot", daemon=True)
            self._building.start()

    def _renew(self) -> None:
        self._snapshot = Snapshot.from_store(self._store)

    def wait(self) -> None:
        """Until no snapshot is being built."""
        building = self._building
        if building is not None:
            building.join()


_shops: dict[Path, Live] = {}
_lock = threading.Lock()


def current(path: str | os.PathLike[str]) -> Snapshot:
    """The process's snapshot of the database at `path`, no older than its last look at the data version."""
    return live(path).get()


def live(path: str | os.PathLike[str]) -> Live:
    """The keeper of a database's snapshot."""
    place = Path(path).expanduser().resolve()
    with _lock:
        found = _shops.get(place)
        if found is None:
            found = _shops[place] = Live(place)
        return found
