"""Batches grow while they are quick and shrink as soon as one is slow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.store.pace import FEWEST, MOST, TARGET_SECONDS, Pace


def test_quick_batches_grow_to_at_most_twice_the_size():
    pace = Pace(2_000)
    pace.learn(2_000, TARGET_SECONDS / 100)
    assert pace.rows == 4_000


def test_a_slow_batch_shrinks_in_proportion():
    pace = Pace(10_000)
    pace.learn(10_000, TARGET_SECONDS * 4)
    assert pace.rows == 2_500


def test_a_small_last_batch_teaches_nothing():
    pace = Pace(8_000)
    pace.learn(10, TARGET_SECONDS / 100)
    assert pace.rows == 8_000


@given(st.lists(st.tuples(st.integers(0, 50_000), st.floats(0, 10)), max_size=30))
def test_the_size_stays_within_its_limits(history):
    pace = Pace()
    for rows, seconds in history:
        pace.learn(rows, seconds)
        assert FEWEST <= pace.rows <= MOST
