"""Notice that a shop's data changed, also when another process imported it, and tell the open pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from engine.errors import EngineError
from engine.snapshot import current

# Reading the data version takes well under a millisecond; this is how late a page may be.
EVERY_SECONDS = 1.0


class Watch:
    """Looks at one database while anybody listens; the thread ends with the last listener."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: dict[object, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, key: object, tell: Callable[[], None]) -> None:
        """Have `tell` called, on the watching thread, each time the data version rises."""
        with self._lock:
            self._listeners[key] = tell
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(target=self._run, name="shoplight-watch", daemon=True)
                self._thread.start()

    def remove(self, key: object) -> None:
        """Stop telling; safe to call twice."""
        with self._lock:
            self._listeners.pop(key, None)
            if not self._listeners:
                self._wake.set()

    def __len__(self) -> int:
        return len(self._listeners)

    def _run(self) -> None:
        seen = self._version()
        while True:
            self._wake.wait(EVERY_SECONDS)
            with self._lock:
                if not self._listeners:
                    self._thread = None
                    return
                self._wake.clear()
                listeners = list(self._listeners.values())
            now = self._version()
            if now is not None and now != seen:
                seen = now
                for tell in listeners:
                    tell()

    def _version(self) -> int | None:
        """The version now; None where the database cannot be read at the moment, which may pass."""
        try:
            return current(self._path).data_version
        except (EngineError, OSError):
            return None


_WATCHES: dict[Path, Watch] = {}
_LOCK = threading.Lock()


def watch(path: Path) -> Watch:
    """The one watch of that database in this process."""
    with _LOCK:
        return _WATCHES.setdefault(path, Watch(path))
