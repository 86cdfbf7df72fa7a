"""Work that prepares the next item while the last one is being used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_END = object()


@contextmanager
def ahead(items: Iterable[T]) -> Iterator[Iterator[T]]:
    """The items, made one ahead in a thread of their own; an error reaches who uses them.

    Reading and typing a batch and writing the one before it use a core each: both Arrow and SQLite let
    go of the interpreter. Leaving the block early stops the thread before its next item.
    """
    ready: queue.Queue = queue.Queue(maxsize=1)
    stopped = threading.Event()
    thread = threading.Thread(target=_make, args=(items, ready, stopped), name="reading ahead", daemon=True)
    thread.start()
    try:
        yield _use(ready)
    finally:
        stopped.set()
        while thread.is_alive():
            _drain(ready)
            thread.join(0.05)


def _make(items: Iterable, ready: queue.Queue, stopped: threading.Event) -> None:
    try:
        for item in items:
            ready.put((item, None))
            if stopped.is_set():
                return
    except BaseException as error:
        ready.put((_END, error))
    else:
        ready.put((_END, None))


def _use(ready: queue.Queue) -> Iterator:
    while True:
        item, error = ready.get()
        if error is not None:
            raise error
        if item is _END:
            return
        yield item


def _drain(ready: queue.Queue) -> None:
    try:
        while True:
            ready.get_nowait()
    except queue.Empty:
        return
