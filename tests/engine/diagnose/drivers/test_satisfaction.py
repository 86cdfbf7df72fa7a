"""Satisfaction taken apart: the planted parts, another implementation, a planted drop when late."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from data.demo import TRUTH
from engine.diagnose.drivers import satisfaction
from engine.errors import EngineError, MissingColumn
from tests.engine.diagnose.drivers.shops import columns, shop, whole


@pytest.fixture(scope="module")
def found(demo):
    return satisfaction(demo, whole(demo))


def test_counts_and_mean_are_those_of_the_orders(demo, found):
    score = demo.orders(whole(demo)).facts["satisfaction_score"]
    assert [c.orders for c in found.counts] == [int((score == s).sum()) for s in range(1, 6)]
    assert sum(c.share for c in found.counts) == pytest.approx(1)
    assert found.mean.value == pytest.approx(score.mean())


def test_delivery_and_category_move_the_score_as_planted_and_nothing_else_does(found):
    moving = [part.name for part in found.parts if part.significant]
    assert moving == ["delivery_days", "category"]
    assert found.parts[0].per_day.value == pytest.approx(TRUTH.satisfaction.per_day, rel=0.10)
    values = {value.key: value for value in found.parts[1].values}
    planted, orders = TRUTH.satisfaction.category, sum(v.orders for v in values.values())
    mean = sum(planted[key] * value.orders for key, value in values.items()) / orders
    for key, value in values.items():
        assert value.difference.low - 0.01 < planted[key] - mean < value.difference.high + 0.01
    assert sum(v.difference.value * v.orders for v in values.values()) / orders == pytest.approx(0, abs=1e-9)


def test_what_each_part_explains_is_what_a_regression_loses_without_it():
    demo = shop(*columns(3_000))
    found = satisfaction(demo, whole(demo))
    orders = demo.orders(whole(demo))
    frame = pd.DataFrame({name: np.array(orders.labels[name])[code] for name, code in orders.codes.items()})
    frame["score"], frame["days"] = orders.facts["satisfaction_score"], orders.facts["delivery_days"]
    frame["basket"], frame["items"] = np.log1p(orders.own("revenue")), np.log1p(orders.own("quantity"))
    frame["quarter"] = (orders.day - orders.day.min()).astype(int) // 91
    # Three days are too few for a column of their own and count to the most frequent quarter.
    frame.loc[frame.quarter == 8, "quarter"] = frame.quarter.value_counts().idxmax()
    rest = "region + segment + channel + payment_method + age_group + basket + items + C(quarter)"
    r2 = {
        extra: smf.ols(f"score ~ {rest}{extra}", frame).fit(method="qr").rsquared
        for extra in (" + category + days", " + category", " + days")
    }
    parts = {part.name: part.explains for part in found.parts}
    assert found.explained == pytest.approx(r2[" + category + days"], abs=3e-4)
    assert parts["delivery_days"] == pytest.approx(r2[" + category + days"] - r2[" + category"], abs=3e-4)
    assert parts["category"] == pytest.approx(r2[" + category + days"] - r2[" + days"], abs=3e-4)


def test_being_late_costs_what_its_days_do_and_nothing_more(demo, found):
    orders = demo.orders(whole(demo))
    late = orders.facts["delivery_days"] > orders.facts["promised_days"]
    assert found.late.orders == late.sum() and found.late.share == pytest.approx(late.mean())
    assert found.late.mean == pytest.approx(orders.facts["satisfaction_score"][late].mean())
    assert found.late.drop.high < -0.5 and not found.late.beyond_days.holds
    assert "all of it told by the days themselves" in " ".join(found.sentences)


def test_a_planted_drop_for_a_broken_promise_is_found(usual):
    lines, customers = usual
    late = lines["delivery_days"] > lines["promised_days"]
    score = np.where(late, np.maximum(lines["satisfaction_score"] - 0.5, 1), lines["satisfaction_score"])
    shifted = score[late].mean() - lines["satisfaction_score"][late].mean()
    broken = shop({**lines, "satisfaction_score": score}, customers)
    found = satisfaction(broken, whole(broken)).late.beyond_days
    assert found.low < shifted < found.high and found.high < 0


def test_shuffled_scores_have_no_part(usual):
    """Twenty shuffles with seven parts each, tested together: one false part is expected, five are not."""
    lines, customers = columns(2_500)
    rng = np.random.default_rng(4)
    sold = np.isfinite(lines["satisfaction_score"])
    wrong = 0
    for _ in range(20):
        score = lines["satisfaction_score"].copy()
        score[sold] = rng.permutation(score[sold])
        mixed = shop({**lines, "satisfaction_score": score}, customers)
        wrong += any(part.significant for part in satisfaction(mixed, whole(mixed)).parts)
    assert wrong <= 4


def test_what_cannot_be_told_is_said():
    lines, customers = columns(800)
    bare = shop(lines, customers, without=("promised_days", "delivery_days"))
    assert satisfaction(bare, whole(bare)).notes == (
        "Delivery days are not held: this shop does not have them.",
        "What being late costs cannot be told: this shop has no delivery_days and no promised_days.",
    )
    with pytest.raises(MissingColumn, match="satisfaction_score"):
        satisfaction(without := shop(lines, customers, without=("satisfaction_score",)), whole(without))
    with pytest.raises(EngineError, match="orders have a score, 100 are needed"):
        few, people = columns(80)
        satisfaction(small := shop(few, people), whole(small))


def test_scored_orders_that_never_came_are_counted_apart(usual):
    """As in Olist: who is still waiting gives the lowest scores."""
    lines, customers = usual
    lost = (np.arange(len(lines["date"])) % 10 == 0) & np.isfinite(lines["satisfaction_score"])
    waiting = {
        "delivery_days": np.where(lost, np.nan, lines["delivery_days"]),
        "satisfaction_score": np.where(lost, 1.0, lines["satisfaction_score"]),
    }
    made = shop({**lines, **waiting}, customers)
    found = satisfaction(made, whole(made))
    assert (found.undelivered, found.undelivered_mean) == (lost.sum(), 1.0)
    assert f"{lost.sum():,} scored orders have no delivery time; their mean score is 1.00." in found.sentences
    assert found.parts[0].per_day.value == pytest.approx(TRUTH.satisfaction.per_day, rel=0.1)
