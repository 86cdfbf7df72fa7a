"""Planted causes are named exactly, noise names none, and nothing hangs on order, units or dimensions' places."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.locate import Leaves, locate
from engine.diagnose.locate.cube import cube
from tests.bench.incidents import baselines, generator

DIMS = {"region": 4, "segment": 3, "category": 6, "channel": 5}
CODES = np.array(list(product(*map(range, DIMS.values()))))
LABELS = tuple(tuple(f"{name}{i}" for i in range(size)) for name, size in DIMS.items())


def shop(
    orders: int, factors: dict[tuple[tuple[str, str], ...], float], *, seed: int = 3, common: float = 1.0
) -> Leaves:
    """Two windows of Poisson orders of unequal leaves; factors multiply segments of the second."""
    rng = np.random.default_rng(seed)
    share = rng.gamma(2.0, 1.0, len(CODES))
    share /= share.sum()
    left = np.full(len(CODES), common)
    for where, factor in factors.items():
        left[inside(where)] *= factor
    return Leaves(
        tuple(DIMS), LABELS, CODES, rng.poisson(orders * share * left) + 0.0, rng.poisson(orders * share) + 0.0
    )


def inside(where: tuple[tuple[str, str], ...]) -> np.ndarray:
    names = list(DIMS)
    return np.logical_and.reduce([CODES[:, names.index(d)] == int(v.removeprefix(d)) for d, v in where])


def named(leaves: Leaves) -> set[frozenset]:
    return {frozenset(cause.where) for cause in locate(leaves).causes}


@pytest.mark.parametrize(
    "planted",
    [
        {(("region", "region2"),): 0.5},
        {(("region", "region2"), ("channel", "channel1")): 0.3},
        {(("region", "region2"), ("channel", "channel1"), ("segment", "segment0")): 0.1},
        {(("category", "category4"),): 0.5, (("region", "region0"), ("channel", "channel3")): 0.2},
    ],
)
def test_planted_causes_are_the_whole_answer(planted):
    assert named(shop(8_000, planted)) == set(map(frozenset, planted))


def test_a_fall_and_a_rise_in_one_window_are_both_found_although_the_total_hardly_moves():
    planted = {
        (("region", "region1"), ("channel", "channel0")): 0.3,
        (("category", "category2"), ("segment", "segment1")): 2.5,
    }
    found = {frozenset(cause.where): cause for cause in locate(shop(10_000, planted)).causes}
    assert set(found) == set(map(frozenset, planted))
    fall, rise = (found[frozenset(where)] for where in planted)
    assert fall.deviation < 0 < rise.deviation


def test_what_everything_does_alike_is_no_cause():
    located = locate(shop(10_000, {(("channel", "channel2"),): 0.5}, common=0.7))
    assert [dict(cause.where) for cause in located.causes] == [{"channel": "channel2"}]
    assert located.common == pytest.approx(0.7, rel=0.04)
    cause = located.causes[0]
    assert cause.actual / cause.expected == pytest.approx(0.5, rel=0.1)
    assert cause.deviation == pytest.approx(cause.actual - cause.expected)
    assert locate(shop(10_000, {}, common=0.7)).causes == ()


def test_siblings_that_all_moved_are_their_parent():
    every = {(("region", "region1"), ("channel", f"channel{i}")): 0.5 for i in range(5)}
    assert named(shop(8_000, every)) == {frozenset([("region", "region1")])}


def test_a_parent_that_only_one_child_moved_is_the_child():
    planted = {(("region", "region1"), ("channel", "channel1")): 0.05}
    assert named(shop(8_000, planted)) == set(map(frozenset, planted))


def test_three_of_five_siblings_are_not_their_parent():
    planted = {(("category", "category1"), ("channel", f"channel{i}")): 0.2 for i in range(3)}
    assert named(shop(20_000, planted)) == set(map(frozenset, planted))


@pytest.mark.parametrize("number", [4, 11, 12, 23, 31, 39])
def test_a_cause_of_a_third_of_the_shop_is_not_told_as_the_others_rise(number):
    """Cases in which the rest of the shop is hard to tell from what fell: one factor to begin with is not enough."""
    for orders in (10_000, 100_000):
        case = generator.counts(np.random.default_rng([0, number]), orders)
        assert named(case.leaves) == case.truth, orders


@pytest.mark.parametrize("number", [3, 36])
def test_a_search_begins_where_all_moved_and_where_nothing_did(number):
    """Of these two cases each beginning alone solves one."""
    case = generator.counts(np.random.default_rng([31, number]), 20_000)
    assert named(case.leaves) == case.truth


def test_windows_without_a_cause_name_none():
    """At 1% a window, three or more of 60 have a probability of 2%."""
    for orders in (600, 2_500):
        named_all_the_same = sum(
            bool(locate(generator.counts(np.random.default_rng([77, i]), orders, 0).leaves).causes) for i in range(60)
        )
        assert named_all_the_same <= 2, orders
    located = locate(shop(2_500, {}))
    assert located.explained is None
    assert "No combination changed" in located.notes[0]


def test_a_segment_of_few_orders_is_not_judged():
    leaves = shop(20_000, {})
    actual, expected = leaves.actual.copy(), leaves.expected.copy()
    cell = inside((("region", "region0"), ("segment", "segment0"), ("category", "category0"), ("channel", "channel0")))
    actual[cell], expected[cell] = 0, 20
    assert locate(replace(leaves, actual=actual, expected=expected)).causes == ()
    actual[cell], expected[cell] = 0, 60
    assert len(locate(replace(leaves, actual=actual, expected=expected)).causes) == 1


@pytest.mark.parametrize("seed", range(4))
def test_dense_forecasts_of_any_size_are_judged_by_what_they_usually_miss(seed):
    """The manner of Squeeze's data sets: skewed sizes, one deviation for all elements."""
    case = generator.squeeze(np.random.default_rng([5, seed]), 2, 2, 0.1)
    located = locate(case.leaves)
    assert located.kind == "relative"
    assert {frozenset(cause.where) for cause in located.causes} == case.truth


@pytest.mark.parametrize("seed", range(3))
def test_rounded_forecasts_are_still_forecasts(seed):
    """A small leaf that rounds to 1 against 0 misses by all of it and says nothing."""
    case = generator.squeeze(np.random.default_rng([15, seed]), 1, 1, 0.08)
    actual, expected = np.rint(case.leaves.actual / 4), np.rint(case.leaves.expected / 4)
    assert named(replace(case.leaves, actual=actual, expected=expected)) == case.truth


@pytest.mark.parametrize("seed", [4, 9, 17])
def test_a_cause_is_not_told_as_all_its_parts(seed):
    """Rounding makes parts of other sizes fall by a little less or more."""
    rng = np.random.default_rng([20, seed])
    sizes = (6, 36, 10, 10)
    codes = np.array(list(product(*map(range, sizes))))
    shares = [rng.lognormal(0, 1.6, n)[codes[:, d]] for d, n in enumerate(sizes)]
    expected = np.prod(shares, axis=0) * rng.lognormal(0, 0.5, len(codes))
    expected *= 100 / np.median(expected)
    fallen = np.where(codes[:, 3] == 4, rng.normal(0.45, 0.03, len(codes)), 1.0)
    actual = expected * (1 + rng.normal(0, 0.075, len(codes))) * fallen
    labels = tuple(tuple(f"{d}{i}" for i in range(n)) for d, n in zip("abcd", sizes, strict=True))
    leaves = Leaves(tuple("abcd"), labels, codes, np.rint(actual), np.rint(expected))
    assert named(leaves) == {frozenset([("d", "d4")])}


@pytest.mark.parametrize(("number", "bias"), [(3, 0.6), (1, 1.5)])
def test_forecasts_may_be_off_on_the_whole(number, bias):
    case = generator.squeeze(np.random.default_rng([19, number]), 1, 2, 0.1)
    located = locate(replace(case.leaves, expected=bias * case.leaves.expected))
    assert {frozenset(cause.where) for cause in located.causes} == case.truth
    assert located.common == pytest.approx(1 / bias, rel=0.02)


@pytest.mark.parametrize("kept", [0.0, 0.5, 2.0])
def test_forecasts_without_any_miss_name_what_missed(kept):
    case = generator.squeeze(np.random.default_rng([16, 1]), 2, 2, 0.1)
    names = case.leaves.dimensions
    hit = np.zeros(len(case.leaves), bool)
    for where in case.truth:
        hit |= np.logical_and.reduce([case.leaves.codes[:, names.index(d)] == int(v.removeprefix(d)) for d, v in where])
    exact = replace(case.leaves, actual=np.where(hit, kept, 1.0) * case.leaves.expected)
    assert named(exact) == case.truth
    assert locate(replace(exact, actual=exact.expected)).causes == ()
    nearly = np.where(np.arange(len(hit)) == 7, 1.005, 1.0) * exact.expected
    assert locate(replace(exact, actual=nearly)).causes == (), "a leaf of 0.5% is no cause"


@pytest.mark.parametrize("degrees", [3, 8])
def test_long_tails_name_no_cause(degrees):
    """Judged as normal, single leaves were named in 14 of 20 such tables."""
    for seed in range(4):
        rng = np.random.default_rng([17, seed])
        case = generator.squeeze(rng, 2, 0, 0.1)
        miss = 1 + 0.1 * rng.standard_t(degrees, len(case.leaves))
        actual = case.leaves.expected * np.maximum(miss, 0.0)
        assert locate(replace(case.leaves, actual=actual)).causes == ()


@pytest.mark.parametrize("spread", [0.0, 0.1])
def test_four_of_six_values_that_fell_are_not_two_that_rose(spread):
    """Forecasts are made to be right on the whole, and what fell may have fallen unevenly."""
    rng = np.random.default_rng(18)
    codes = np.array(list(product(range(6), range(9), range(8), range(7))))
    expected = rng.lognormal(3, 1.3, len(codes))
    fallen = np.where(codes[:, 0] < 4, np.maximum(rng.normal(0.3, spread, len(codes)), 0.0), 1.0)
    actual = expected * (1 + rng.normal(0, 0.06, len(codes))) * fallen
    labels = tuple(tuple(f"{d}{i}" for i in range(n)) for d, n in zip("abcd", (6, 9, 8, 7), strict=True))
    located = locate(Leaves(tuple("abcd"), labels, codes, actual, expected))
    assert {dict(cause.where)["a"] for cause in located.causes} == {"a0", "a1", "a2", "a3"}
    assert located.common == pytest.approx(1.0, abs=0.02)


def test_the_generators_of_riskloc_are_mostly_solved_whole():
    """RiskLoc's own F1 on its set S is .63; here 8 cases of 48,000 leaves."""
    right = named_count = planted = 0
    for i in range(8):
        case = generator.riskloc(np.random.default_rng([121, i]), {"a": 10, "b": 12, "c": 10, "d": 8})
        found = named(case.leaves)
        right, named_count, planted = (
            right + len(found & case.truth),
            named_count + len(found),
            planted + len(case.truth),
        )
    assert 2 * right / (named_count + planted) > 0.8


def test_a_ratio_is_judged_at_equal_mix():
    case = generator.ratio(np.random.default_rng([8, 1]), 30_000)
    assert {frozenset(cause.where) for cause in locate(case.leaves).causes} == case.truth
    assert locate(generator.ratio(np.random.default_rng([8, 1]), 30_000, 0).leaves).causes == ()


def test_sums_of_orders_without_their_number_are_counts_too():
    leaves = shop(6_000, {(("region", "region2"), ("channel", "channel1")): 0.2})
    rng = np.random.default_rng(1)
    sums = [
        np.array([rng.lognormal(3.0, 0.6, int(n)).sum() for n in side]) for side in (leaves.actual, leaves.expected)
    ]
    located = locate(replace(leaves, actual=sums[0], expected=sums[1]))
    assert located.kind == "events"
    assert [dict(cause.where) for cause in located.causes] == [{"region": "region2", "channel": "channel1"}]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-3, 0.5, 7.0, 1e6]))
def test_neither_order_nor_unit_nor_the_place_of_a_dimension_matters(seed, scale):
    rng = np.random.default_rng(seed)
    case = generator.squeeze(rng, int(rng.integers(1, 3)), 2, 0.1)
    leaves, want = case.leaves, named(case.leaves)
    rows, places = rng.permutation(len(leaves)), rng.permutation(4)
    moved = Leaves(
        tuple(leaves.dimensions[p] for p in places),
        tuple(leaves.labels[p] for p in places),
        leaves.codes[rows][:, places],
        leaves.actual[rows] * scale,
        leaves.expected[rows] * scale,
    )
    assert named(moved) == want


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_counts_may_come_in_any_order(seed):
    rng = np.random.default_rng(seed)
    leaves = generator.counts(rng, 5_000).leaves
    rows, places = rng.permutation(len(leaves)), rng.permutation(5)
    moved = Leaves(
        tuple(leaves.dimensions[p] for p in places),
        tuple(leaves.labels[p] for p in places),
        leaves.codes[rows][:, places],
        leaves.actual[rows],
        leaves.expected[rows],
    )
    assert named(moved) == named(leaves)


@pytest.mark.parametrize("size", [1, 5])
def test_hardly_any_leaves_or_nothing_expected_is_no_fault(size):
    codes = np.arange(size)[:, None]
    labels = (tuple(f"v{i}" for i in range(size)),)
    assert locate(Leaves(("a",), labels, codes, np.ones(size), np.ones(size))).causes == ()
    assert "Nothing was expected" in locate(Leaves(("a",), labels, codes, np.ones(size), np.zeros(size))).notes[0]


def test_elements_are_summed_as_by_hand():
    leaves = shop(500, {})
    elements = cube(leaves.codes, leaves.sizes, 3)
    sums = elements.sums(leaves.actual[None])[0]
    for where in ({0: 1}, {1: 2, 3: 4}, {0: 0, 2: 5, 3: 1}):
        keep = np.logical_and.reduce([CODES[:, d] == v for d, v in where.items()])
        assert sums[elements.find(where)] == leaves.actual[keep].sum()
        assert elements.where(elements.find(where)) == where
    assert elements.size == sum(np.prod(s) for n in (1, 2, 3) for s in _subsets(list(DIMS.values()), n))


def _subsets(values: list[int], n: int):
    from itertools import combinations

    return combinations(values, n)


def test_the_baselines_name_what_they_can():
    one = shop(20_000, {(("region", "region2"),): 0.4})
    assert baselines.adtributor(one) == [frozenset([("region", "region2")])]
    assert frozenset([("region", "region2")]) in baselines.apriori(one)
