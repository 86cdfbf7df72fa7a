"""Where nothing happened a page shows no signal; where something did, it does."""

from __future__ import annotations

import numpy as np
import pytest

from engine.describe.judge import UNTOLD, Judgement
from engine.diagnose.guard import Q, family, guard
from engine.diagnose.split import split
from tests.bench.guard import LAST_DAYS, METRICS, SHUFFLES, page, shuffled, signals


def judgement(p: float, difference: float = 1.0) -> Judgement:
    """A difference of that p value, with 30 degrees of freedom."""
    from scipy.stats import t

    return Judgement(difference, 0.0, difference / float(t.isf(p / 2, 30)), 30.0, p=p)


def test_adjusted_p_values_are_benjamini_s_and_hochberg_s():
    p_values = [0.001, 0.04, 0.03, 0.8, 0.012]
    # By hand: .001 * 5, .012 * 5 / 2, then .03 * 5 / 3 and .04 * 5 / 4 are both .05, and the last stays.
    assert guard(p_values) == pytest.approx([0.005, 0.05, 0.05, 0.8, 0.03])
    assert guard([None, *p_values, None])[1:-1] == guard(p_values)
    assert guard([None, None]) == (None, None)
    assert guard([]) == ()


def test_the_allowance_is_half_dealt_out_by_size():
    # Sizes 3 and 1: shares of the allowance 1/4 + 3/8 and 1/4 + 1/8, so weights 1.25 and .75.
    large, small = guard([0.03, 0.9], sizes=[3, 1])
    assert large == pytest.approx(0.03 / 1.25 * 2)
    assert small == 1
    assert guard([0.03, 0.9], sizes=[0, 0]) == guard([0.03, 0.9])


def test_an_interval_excludes_nought_exactly_where_there_is_a_signal():
    rng = np.random.default_rng(1)
    for _ in range(50):
        kinds = [[judgement(p) for p in rng.beta(0.5, 3, 9)] for _ in range(2)]
        sizes = [rng.random(9).tolist() for _ in range(2)]
        for found in (difference for kind in family(kinds, sizes) for difference in kind):
            assert (found.tag == "signal") == (not found.low <= 0 <= found.high) == (found.p <= Q)


def test_many_signals_of_one_kind_do_not_loosen_the_other():
    moved, unusual = [judgement(1e-6)] * 20, [judgement(0.02), *[judgement(0.5)] * 19]
    assert guard([j.p for j in (*moved, *unusual)])[20] < Q
    tagged = family([moved, unusual])
    assert {d.tag for d in tagged[0]} == {"signal"}
    assert {d.tag for d in tagged[1]} == {"noise"}


def test_what_cannot_be_told_has_no_tag_and_does_not_count():
    (alone,), (among, *rest) = family([[judgement(0.04)]])[0], family([[judgement(0.04), *[UNTOLD] * 30]])[0]
    assert alone == among and alone.tag == "signal"
    assert {(d.low, d.high, d.p, d.tag) for d in rest} == {(None,) * 4}


@pytest.mark.parametrize("kind", SHUFFLES)
def test_where_nothing_happened_pages_are_quiet(kind):
    """24 pages; `make bench` looks at 200 shuffles of each kind and metric."""
    loud = [signals(page(shuffled(kind, seed), METRICS[seed % len(METRICS)]), kind) for seed in range(24)]
    # At 5% more than 4 of 24 are loud once in 150 runs.
    assert sum(map(bool, loud)) <= 4


def test_without_the_guard_most_of_these_pages_would_cry():
    loud = 0
    for seed in range(10):
        splits = page(shuffled("days", seed), "orders")
        p_values = [d.judgement.p for made in splits for part in made.rows for d in (part.moved, part.unusual)]
        loud += any(p is not None and p < Q for p in p_values)
    assert loud >= 7


def test_where_the_shop_fell_the_whole_is_a_signal_and_no_part_is_unlike_the_rest():
    splits = page(shuffled("labels", 3), "orders")
    assert {made.moved.tag for made in splits} == {"signal"}
    assert splits[0].parts[0].tag == "signal"
    assert not signals(splits, "labels")


def test_a_page_asks_more_of_a_difference_than_a_split_alone():
    snapshot = shuffled("labels", 5, fall=0.25)
    alone = split(snapshot, LAST_DAYS, "orders", "region", limit=12)
    together = page(snapshot, "orders")[0]
    for one, other in zip(alone.parts, together.parts, strict=True):
        assert other.moved.judgement == one.moved.judgement
        assert other.moved.p > one.moved.p
        assert other.moved.high - other.moved.low > one.moved.high - one.moved.low
