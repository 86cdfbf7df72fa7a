"""Child processes for the tests of the store: started, ended and waited for one by one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FORK = multiprocessing.get_context("fork")


class Child:
    """A function running in a process of its own; it gets a pipe to say things through, and the arguments."""

    def __init__(self, work: Callable, *arguments: Any) -> None:
        self.pipe, theirs = _FORK.Pipe()
        self._process = _FORK.Process(target=work, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        """End it as a power switch would."""
        self._process.kill()
        self._process.join(30)

    def wait(self, seconds: float = 60) -> int | None:
        """Wait for its end; its exit code, negative for a signal."""
        self._process.join(seconds)
        return self._process.exitcode

    def said(self) -> list:
        """Everything it has said so far."""
        told = []
        try:
            while self.pipe.poll():
                told.append(self.pipe.recv())
        except EOFError:
            pass
        return told


def die_after_steps(connection: sqlite3.Connection, steps: int) -> None:
    """Kill this process once SQLite's machine has made so many thousand steps."""
    left = [steps]

    def look() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_progress_handler(look, 1000)


def is_whole(path: Path) -> bool:
    """SQLite's own opinion of the file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        connection.close()
