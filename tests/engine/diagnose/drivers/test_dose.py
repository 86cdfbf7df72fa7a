"""Delivery -> satisfaction -> repeat purchase: the planted truth, another implementation, and what cannot be told."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from data.demo import TRUTH
from engine.diagnose.drivers import dose
from engine.diagnose.drivers.delivery import slope_of
from engine.diagnose.drivers.loyalty import loyalty_of
from engine.diagnose.drivers.sample import horizon_of
from engine.selection import Selection
from tests.engine.diagnose.drivers.shops import columns, shop, whole

PER_DAY, PER_POINT = TRUTH.satisfaction.per_day, TRUTH.loyalty.per_point


def test_the_usual_shop_tells_both_planted_effects_within_their_intervals(demo):
    found = dose(demo, whole(demo))
    assert found.slope.per_day.low < PER_DAY < found.slope.per_day.high
    assert found.slope.per_day.value == pytest.approx(PER_DAY, rel=0.10)
    assert found.loyalty.per_point.low < PER_POINT < found.loyalty.per_point.high
    assert np.log(found.loyalty.per_point.value) == pytest.approx(np.log(PER_POINT), rel=0.10)
    assert found.slope.bend is None
    assert found.loyalty.per_day.low < 1 < found.loyalty.per_day.high, "days do nothing but through the score"


def test_a_large_shop_tells_both_planted_effects_within_a_twentieth(large):
    found = dose(large, whole(large))
    assert found.slope.per_day.value == pytest.approx(PER_DAY, rel=0.05)
    assert np.log(found.loyalty.per_point.value) == pytest.approx(np.log(PER_POINT), rel=0.05)
    assert found.loyalty.per_point.high - found.loyalty.per_point.low < 0.02
    for day in found.slope.by_day[:6]:
        # The mean category's points, at the mean customer.
        line = TRUTH.satisfaction.after_a_day + PER_DAY * (day.first - 1) + 0.005
        assert day.score.value == pytest.approx(line, abs=0.04)


def test_statsmodels_formulas_find_the_same_on_the_same_rows():
    demo = shop(*columns(3_000))
    horizon = horizon_of(demo)
    orders = demo.orders(whole(demo))
    frame = pd.DataFrame({name: np.array(orders.labels[name])[code] for name, code in orders.codes.items()})
    frame["score"], frame["days"] = orders.facts["satisfaction_score"], orders.facts["delivery_days"]
    frame["again"], frame["who"] = orders.again_within(horizon), orders.customer
    frame["basket"], frame["items"] = np.log1p(orders.own("revenue")), np.log1p(orders.own("quantity"))
    frame["quarter"] = (orders.day - orders.day.min()).astype(int) // 91
    # Three days are too few for a column of their own and count to the most frequent quarter.
    frame.loc[frame.quarter == 8, "quarter"] = frame.quarter.value_counts().idxmax()
    held = "region + segment + category + channel + payment_method + age_group + basket + items"
    line = smf.ols(f"score ~ days + {held} + C(quarter)", frame).fit(
        method="qr", cov_type="cluster", cov_kwds={"groups": frame.who}
    )
    found = slope_of(orders).per_day
    assert found.value == pytest.approx(line.params["days"], rel=0.005)
    assert (found.low, found.high) == pytest.approx(tuple(line.conf_int().loc["days"]), rel=0.01)
    kept = frame.dropna()
    ratio = smf.poisson(f"again ~ score + days + {held} + C(quarter)", kept).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": kept.who}
    )
    got = loyalty_of(orders.take(np.isfinite(frame.again.to_numpy())), horizon).per_point
    assert got.value == pytest.approx(np.exp(ratio.params["score"]), rel=0.001)
    assert (got.low, got.high) == pytest.approx(tuple(np.exp(ratio.conf_int().loc["score"])), rel=0.001)


def test_the_chain_is_slope_times_ratio_times_orders(demo):
    found = dose(demo, whole(demo))
    chain = found.chain
    assert chain.points.value == pytest.approx(-found.slope.per_day.value)
    assert chain.ratio.value == pytest.approx(found.loyalty.per_point.value**chain.points.value)
    more = chain.orders * found.loyalty.repeat_rate * (chain.ratio.value - 1)
    assert chain.repeat_orders.value == pytest.approx(more)
    assert chain.revenue.value == pytest.approx(more * demo.orders(whole(demo)).own("revenue").mean())
    planted = chain.orders * found.loyalty.repeat_rate * (PER_POINT**-PER_DAY - 1)
    assert chain.repeat_orders.low < planted < chain.repeat_orders.high


def test_shuffled_scores_move_nothing(usual):
    """Of 40 shuffles two findings are expected by chance; more than six come once in 300 times."""
    lines, customers = usual
    rng = np.random.default_rng(0)
    made = shop(lines, customers)
    orders = made.orders(whole(made))
    orders = orders.take((orders.days_seen >= 90) & (orders.days_seen < 300))
    slopes = ratios = 0
    for _ in range(40):
        orders.facts["satisfaction_score"] = rng.permutation(orders.facts["satisfaction_score"])
        slopes += slope_of(orders).per_day.holds
        ratios += loyalty_of(orders, 90).per_point.holds
    assert slopes <= 6 and ratios <= 6


def test_a_bent_line_is_told_as_two(usual):
    lines, customers = usual
    rng = np.random.default_rng(1)
    days = lines["delivery_days"]
    drop = np.where(days > 4, 0.4 * (days - 4), 0.0)
    score = np.clip(4.8 - drop + rng.normal(0, 0.3, len(days)), 1, 5)
    bent = shop(lines | {"satisfaction_score": np.where(np.isfinite(days), score, np.nan)}, customers)
    bend = dose(bent, whole(bent)).slope.bend
    assert bend.at in (4, 5)
    assert bend.before.value == pytest.approx(0, abs=0.05) and bend.after.value == pytest.approx(-0.4, abs=0.05)


def test_recent_days_borrow_the_days_before_and_say_so(demo):
    recent = Selection.of(date(2025, 11, 1), date(2025, 12, 31))
    found = dose(demo, recent)
    assert found.window.start == demo.first_day and "all days up to" in found.notes[0]
    assert found.loyalty.per_point.low < PER_POINT < found.loyalty.per_point.high
    assert found.chain.orders == len(demo.orders(recent))


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        (("delivery_days",), "this shop has no delivery_days"),
        (("satisfaction_score",), "this shop has no satisfaction_score"),
    ],
)
def test_missing_columns_are_named(usual, without, sentence):
    bare = shop(*usual, without=without)
    found = dose(bare, whole(bare))
    assert found.slope is None and found.chain is None and sentence in " ".join(found.notes)
    assert (found.loyalty is None) == ("satisfaction_score" in without)


def test_few_repeat_buyers_are_not_judged(usual):
    """As in Olist, where nearly everybody buys once."""
    lines, _ = usual
    strangers = shop(lines | {"customer_id": np.arange(len(lines["date"]))})
    found = dose(strangers, whole(strangers))
    assert found.loyalty is None and found.chain is None
    assert any("0 repeat purchases within 90 days" in note for note in found.notes)
    assert found.slope.per_day.low < PER_DAY < found.slope.per_day.high


def test_days_fixed_by_the_region_are_not_told_from_it():
    lines, customers = columns(3_000)
    of_region = {"North": 2.0, "South": 3.0, "East": 4.0, "West": 5.0}
    place = np.array([of_region[region] for region in lines["region"]])
    fixed = shop(lines | {"delivery_days": place}, customers)
    found = dose(fixed, whole(fixed))
    assert found.slope is None and any("fixes the delivery days" in note for note in found.notes)
