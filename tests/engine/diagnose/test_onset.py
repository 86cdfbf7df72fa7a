"""The day a part began to do otherwise, on planted stretches."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnose.onset import stretch


def slow(actual, expected) -> tuple[int, int]:
    """The same by trying all stretches one after another."""
    from math import log

    count, best = len(actual), (-1e300, 0, 0)
    for start in range(count):
        for end in range(start + 1, count + 1):
            seen, due = sum(actual[start:end]), sum(expected[start:end])
            if due > 0:
                gain = (seen * log(seen / due) if seen else 0) - (seen - due)
                best = max(best, (gain - log(count) * ((start > 0) + (end < count)), -start, end))
    return -best[1], best[2]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_best_of_all_stretches(seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0, 6, 20)
    actual = rng.poisson(expected * np.where(np.arange(20) > 8, 0.3, 1))
    found = stretch(actual, expected)
    assert (found.start, found.end) == slow(actual.tolist(), expected.tolist())


@pytest.mark.parametrize(("ratio", "near"), [(0.05, 0), (0.3, 1), (2.5, 1)])
def test_a_planted_beginning_is_found(ratio, near):
    rng = np.random.default_rng(5)
    expected = np.full(42, 8.0)
    off = [abs(stretch(rng.poisson(expected * np.where(np.arange(42) < 21, 1, ratio)), expected).start - 21)
           for _ in range(60)]  # fmt: skip
    assert np.quantile(off, 0.9) <= near


def test_a_stretch_that_ended_has_an_end():
    expected = np.full(30, 10.0)
    actual = np.where((np.arange(30) >= 10) & (np.arange(30) < 20), 2, 10)
    assert (stretch(actual, expected).start, stretch(actual, expected).end) == (10, 20)
    assert stretch(actual, expected).ratio == pytest.approx(0.2)


def test_what_differs_from_the_first_day_on_reaches_both_edges():
    rng = np.random.default_rng(3)
    edges = [(s.start, s.end) for s in (stretch(rng.poisson(np.full(28, 3.0)), np.full(28, 6.0)) for _ in range(50))]
    assert edges.count((0, 28)) >= 45


def test_days_without_expectation_tell_nothing():
    assert stretch(np.zeros(5), np.zeros(5)) is None
    assert stretch(np.zeros(0), np.zeros(0)) is None
    assert stretch(np.ones(900), np.ones(900)) is None
