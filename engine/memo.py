"""Remember answers: keyed by the whole question, bounded, computed once however many ask at the same time."""

from __future__ import annotations

import functools
import inspect
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np

Answer = TypeVar("Answer")

# A visitor's page asks about 12 questions; an answer is 1-30 kB. 2,000 are the last 160 pages, at most some 60 MB.
MOST = 2_000


_LEAVES = (float, int, str, date, type(None))


class Memo:
    """Answers by key, the least recently asked forgotten first.

    Parameters
    ----------
    most : how many answers are kept
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Future] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """The remembered answer, or the computed one: who asks while it is being computed waits for it.

        An error goes to everyone who waits and is not remembered.
        """
        with self._lock:
            found = self._answers.get(key)
            mine = found is None
            if mine:
                found = self._answers[key] = Future()
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
            else:
                self._answers.move_to_end(key)
        if mine:
            self._settle(key, found, compute)
        return found.result()

    def _settle(self, key: Hashable, found: Future, compute: Callable[[], Answer]) -> None:
        try:
            found.set_result(frozen(compute()))
        except BaseException as error:
            with self._lock:
                if self._answers.get(key) is found:
                    del self._answers[key]
            found.set_exception(error)


_of: weakref.WeakKeyDictionary[Any, Memo] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def memo_of(snapshot: Any) -> Memo:
    """The answers remembered for one snapshot; they go when it goes, so no key can outlive its data."""
    with _lock:
        found = _of.get(snapshot)
        if found is None:
            found = _of[snapshot] = Memo()
        return found


def memoised(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Remember a function's answers for its first argument, a snapshot, and the values of all the others.

    The others must be hashable; lists count as tuples. Results are made read-only: all visitors share them.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def asked(snapshot: Any, *args: Any, **kwargs: Any) -> Answer:
        bound = signature.bind(snapshot, *args, **kwargs)
        bound.apply_defaults()
        values = tuple(tuple(v) if isinstance(v, list) else v for v in list(bound.arguments.values())[1:])
        key = (function.__module__, function.__qualname__, *values)
        return memo_of(snapshot).get(key, lambda: function(snapshot, *args, **kwargs))

    return asked


def frozen(answer: Answer) -> Answer:
    """The same answer with every array in it closed to writing."""
    if isinstance(answer, np.ndarray):
        answer.setflags(write=False)
    elif is_dataclass(answer) and not isinstance(answer, type):
        for field in fields(answer):
            frozen(getattr(answer, field.name))
    elif isinstance(answer, tuple | list):
        for part in answer:
            if not isinstance(part, _LEAVES):
                frozen(part)
    elif isinstance(answer, dict):
        for part in answer.values():
            frozen(part)
    return answer
