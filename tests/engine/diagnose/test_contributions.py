"""Parts add up to the change, whatever the table; rate and mix as the textbooks have them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.contributions import Fractions, of_ratio, of_totals

CENTS = st.lists(st.tuples(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13)), min_size=1, max_size=40)
PAIR = st.tuples(st.integers(0, 10**9), st.integers(0, 10**5))
WINDOWS = st.lists(st.tuples(PAIR, PAIR), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(CENTS)
def test_contributions_of_totals_are_the_change_to_the_cent(table):
    now, before = (np.array([row[i] for row in table]) / 10_000 for i in (0, 1))
    change = sum(a - b for a, b in table)
    found = of_totals(now, before, change / 10_000)
    assert sum(round(c * 10_000) for c in found.total.tolist()) == change
    assert found.overlap == 0


@settings(max_examples=300, deadline=None)
@given(WINDOWS, st.floats(0.3, 1))
def test_rate_mix_and_overlap_are_the_change_of_any_ratio(table, shared):
    """The whole's denominator is less than the parts' together where an order is in several of them."""
    (top, bottom), (top_before, bottom_before) = (np.array([row[i] for row in table], dtype=float).T for i in (0, 1))
    if not bottom.sum() or not bottom_before.sum():
        return
    now = Fractions(top, bottom, float(top.sum()), float(bottom.sum() * shared))
    before = Fractions(top_before, bottom_before, float(top_before.sum()), float(bottom_before.sum()))
    found = of_ratio(now, before)
    size = max(abs(now.ratio), abs(before.ratio), float(np.abs(found.total).max()))
    left = found.change - (found.rate.sum() + found.mix.sum() + found.overlap)
    assert abs(left) <= 1e-9 * size
    assert np.allclose(found.total, found.rate + found.mix)


def test_without_overlap_nothing_is_left_over():
    now = Fractions(np.array([10.0, 30.0]), np.array([5.0, 5.0]), 40.0, 10.0)
    before = Fractions(np.array([8.0, 10.0]), np.array([4.0, 2.0]), 18.0, 6.0)
    found = of_ratio(now, before)
    assert found.overlap == 0
    # Rates 2 -> 2 and 5 -> 6, weights 2/3 -> 1/2 and 1/3 -> 1/2, the whole 3 -> 4: worked by hand.
    assert found.rate.tolist() == pytest.approx([0, 1 * (1 / 2 + 1 / 3) / 2])
    assert found.mix.tolist() == pytest.approx([-1 / 6 * (2 - 3.5), 1 / 6 * (5.5 - 3.5)])
    assert found.total.sum() == pytest.approx(1)


def test_kidney_stones_are_told_as_a_reversal():
    """Charig et al. (1986), BMJ 292: success of open surgery and of the puncture, small and large stones.

    The puncture heals fewer of the small and fewer of the large stones, and more of all: it was given the small ones.
    """
    surgery = Fractions(np.array([81.0, 192]), np.array([87.0, 263]), 273, 350)
    puncture = Fractions(np.array([234.0, 55]), np.array([270.0, 80]), 289, 350)
    found = of_ratio(puncture, surgery)
    assert found.reversal
    assert found.change == pytest.approx(0.826 - 0.780, abs=1e-3)
    assert (found.rate < 0).all() and found.rate.sum() + found.mix.sum() == pytest.approx(found.change)
    assert not of_ratio(surgery, surgery).reversal


def test_a_part_one_window_lacks_is_mix_only():
    now = Fractions(np.array([10.0, 30.0]), np.array([5.0, 5.0]), 40.0, 10.0)
    before = Fractions(np.array([8.0, 0.0]), np.array([4.0, 0.0]), 8.0, 4.0)
    found = of_ratio(now, before)
    assert found.rate.tolist() == [0, 0]
    assert found.mix.tolist() == pytest.approx([-0.5 * (2 - 3), 0.5 * (6 - 3)])


def test_rate_and_mix_are_those_of_two_factors_by_shapley():
    """Over both orders in which rates and weights can change, with pandas."""
    import pandas as pd

    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.integers(1, 90, (7, 4)), columns=["top", "bottom", "top_before", "bottom_before"])
    frame = frame.assign(
        rate=frame.top / frame.bottom,
        rate_before=frame.top_before / frame.bottom_before,
        weight=frame.bottom / frame.bottom.sum(),
        weight_before=frame.bottom_before / frame.bottom_before.sum(),
    )
    first = (frame.rate - frame.rate_before) * frame.weight_before
    last = (frame.rate - frame.rate_before) * frame.weight
    found = of_ratio(*(
        Fractions(frame["top" + w].to_numpy(float), frame["bottom" + w].to_numpy(float),
                  float(frame["top" + w].sum()), float(frame["bottom" + w].sum()))
        for w in ("", "_before")
    ))  # fmt: skip
    assert found.rate.tolist() == pytest.approx(((first + last) / 2).tolist())
    assert found.mix.sum() == pytest.approx(
        ((frame.weight - frame.weight_before) * (frame.rate + frame.rate_before) / 2).sum()
    )
