"""A product's change is split without a residue, fairly, and in whole units."""

from __future__ import annotations

from itertools import permutations
from math import fsum, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnose.bridge import in_units, shapley

NUMBERS = st.one_of(st.just(0.0), st.floats(-1e3, 1e3, allow_nan=False))
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6)


def over_all_orders(before, now) -> list[float]:
    """Shapley's own definition: the mean marginal change over every order of the factors."""
    found = [0.0] * len(now)
    orders = list(permutations(range(len(now))))
    for order in orders:
        state = list(before)
        for i in order:
            was = prod(state)
            state[i] = now[i]
            found[i] += (prod(state) - was) / len(orders)
    return found


@given(PAIRS)
def test_the_parts_sum_to_the_change_of_the_product(pairs):
    before, now = zip(*pairs, strict=True)
    size = prod(max(1.0, abs(a), abs(b)) for a, b in pairs)
    assert fsum(shapley(before, now)) == pytest.approx(prod(now) - prod(before), abs=1e-12 * size)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_a_part_is_the_mean_over_all_orders_of_change(pairs):
    before, now = zip(*pairs, strict=True)
    size = prod(max(1.0, abs(a), abs(b)) for a, b in pairs)
    assert shapley(before, now) == pytest.approx(over_all_orders(before, now), abs=1e-9 * size)


def test_two_factors_share_what_they_did_together_by_hand():
    # 10 x 5 = 50 to 12 x 4 = 48: +2 x 4.5 and -1 x 11.
    assert shapley((10, 5), (12, 4)) == pytest.approx([9, -11])


def test_a_factor_that_stayed_did_nothing():
    assert shapley((3, 7, 2), (4, 7, 5))[1] == 0


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8))
def test_whole_units_sum_exactly_and_none_is_a_unit_off(parts):
    total = round(fsum(parts))
    found = in_units(parts, total)
    assert sum(found) == total and all(isinstance(unit, int) for unit in found)
    assert all(abs(unit - part) <= 1.000001 for unit, part in zip(found, parts, strict=True))


def test_the_largest_remainders_are_rounded_up():
    assert in_units([1.5, 2.7, -0.4, 0.2], 4) == [1, 3, 0, 0]
