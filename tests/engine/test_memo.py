"""Remembered answers: one computation a question, none that outlives its data."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import dataclass

import numpy as np
import pytest

from engine.memo import Memo, memo_of, memoised


class Data:
    """Stands for a snapshot: anything that can be pointed at weakly."""


@dataclass(frozen=True)
class Answer:
    values: np.ndarray
    parts: tuple


def test_many_who_ask_at_once_cause_one_computation():
    memo, calls, begin, release = Memo(), [], threading.Barrier(9), threading.Event()

    def compute():
        calls.append(1)
        release.wait(10)
        return object()

    found = []

    def ask():
        begin.wait(10)
        found.append(memo.get("question", compute))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    begin.wait(10)
    release.set()
    for thread in threads:
        thread.join(10)
    assert len(calls) == 1
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_an_error_reaches_who_asked_and_is_not_remembered():
    memo, answers = Memo(), iter([ValueError("not now"), "now"])

    def compute():
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="not now"):
        memo.get("question", compute)
    assert memo.get("question", compute) == "now"


def test_the_least_recently_asked_is_forgotten_first():
    memo, calls = Memo(most=2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        memo.get(key, lambda key=key: calls.append(key))
    assert calls == ["a", "b", "c", "b"]
    assert len(memo) == 2


def test_answers_cannot_be_changed_by_who_got_them():
    memo = Memo()
    answer = memo.get("q", lambda: Answer(np.zeros(3), (np.ones(2), {"deep": np.ones(1)})))
    for array in (answer.values, answer.parts[0], answer.parts[1]["deep"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5


def test_equal_questions_are_one_and_different_ones_are_not():
    calls = []

    @memoised
    def ask(snapshot, names, *, limit=12):
        calls.append((names, limit))
        return len(calls)

    one, two = Data(), Data()
    assert ask(one, ("a",)) == ask(one, ["a"]) == ask(one, ("a",), limit=12) == 1
    assert ask(one, ("a",), limit=3) == 2
    assert ask(two, ("a",)) == 3


def test_answers_go_with_their_snapshot():
    @memoised
    def ask(snapshot):
        return np.zeros(10)

    data = Data()
    answer = weakref.ref(ask(data))
    assert len(memo_of(data)) == 1
    del data
    gc.collect()
    assert answer() is None
