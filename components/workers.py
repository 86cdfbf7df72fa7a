"""Threads for answers that take longer than a click may."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any


class Workers:
    """Threads that work off what is submitted, in turn, and end with the process whatever they are at.

    The standard library's pool is waited for at the end of a process: an answer that nobody is there to see any more
    would hold up a server's stop for seconds.

    Parameters
    ----------
    count : how many at once
    name : of the threads
    """

    def __init__(self, count: int, name: str) -> None:
        self._count, self._name = count, name
        self._queue: SimpleQueue[tuple[Future, Callable[[], Any]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def submit(self, work: Callable[[], Any]) -> Future:
        """Have it done; its result or error comes with the future, on a thread of ours."""
        promise: Future = Future()
        self._queue.put((promise, work))
        with self._lock:
            if len(self._threads) < self._count:
                name = f"{self._name}-{len(self._threads)}"
                self._threads.append(threading.Thread(target=self._run, name=name, daemon=True))
                self._threads[-1].start()
        return promise

    def _run(self) -> None:
        while True:
            promise, work = self._queue.get()
            if not promise.set_running_or_notify_cancel():
                continue
            try:
                promise.set_result(work())
            except BaseException as error:
                promise.set_exception(error)
            # Else the last answer, with the page that asked for it, would live until the next question.
            del promise, work


# Two threads fill the two cores this is made for; remembered answers come at once and take none.
WORKERS = Workers(2, "shoplight-answer")
