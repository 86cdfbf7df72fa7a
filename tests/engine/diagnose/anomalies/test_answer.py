"""Anomalies of the demo shop, whose truth is planted, and of shops made for a question."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data.demo.truth import TRUTH
from engine.diagnose.anomalies import anomalies
from engine.selection import Selection
from engine.snapshot import Snapshot, current

FIRST = date(2024, 1, 1)


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def shop(rates: dict[str, np.ndarray], seed: int = 1) -> Snapshot:
    """Orders of one line, so many a day in each region."""
    rng = np.random.default_rng(seed)
    parts = [(name, np.repeat(np.arange(len(rate)), rng.poisson(rate))) for name, rate in rates.items()]
    day = np.concatenate([part for _, part in parts])
    region = np.concatenate([np.full(len(part), name) for name, part in parts])
    count = len(day)
    return Snapshot.from_columns(
        {
            "date": np.datetime64(FIRST) + day,
            "revenue": rng.lognormal(4, 0.5, count).round(2),
            "order_id": np.arange(count).astype(str),
            "region": region,
        }
    )


def whole(snapshot: Snapshot):
    return anomalies(snapshot, Selection(snapshot.whole()))


def test_the_planted_incident_moved_the_most_money_of_all(demo):
    found, planted = whole(demo), TRUTH.incident
    first = found.anomalies[0]
    assert dict(first.where) == {"region": planted.region, "channel": planted.channel}
    assert abs((first.start - planted.window.start).days) <= 2
    assert abs((first.end - planted.window.end).days + 1) <= 2
    assert first.kind == "dip" and first.actual < 0.2 * first.expected and first.money < -1000
    assert first.low <= first.expected <= first.high and first.actual < first.low


def test_its_likely_cause_is_located(demo):
    first = whole(demo).anomalies[0]
    assert first.causes
    told = dict(first.causes[0].where)
    assert told.items() <= {"region": TRUTH.incident.region, "channel": TRUTH.incident.channel}.items() and told


def test_five_hundred_series_are_watched_and_few_things_said(demo):
    found = whole(demo)
    years = (found.window.days) / 365.25
    assert found.series == 500
    assert len(found.anomalies) / found.series / years <= 1.5
    money = [abs(one.money) for one in found.anomalies if one.money is not None]
    assert money == sorted(money, reverse=True)


@pytest.mark.parametrize("metric", ["new_customers", "returning_customers", "net_revenue", "gross_margin"])
def test_metrics_that_few_days_of_a_value_hold_are_watched_only_where_days_tell_something(demo, metric):
    found = anomalies(demo, Selection(demo.whole()), (metric,))
    years = found.window.days / 365.25
    assert found.series > 10 and sum(1 + len(one.members) for one in found.anomalies) / found.series / years <= 1.5


def test_a_metric_that_is_not_watched_is_said_with_the_reason(demo):
    found = anomalies(demo, Selection(demo.whole()), ("refund_rate", "repeat_rate"))
    assert found.series == 0 and not found.anomalies
    assert "Refund rate is not watched: too few of its days hold enough to tell one from another." in found.notes
    assert any("counts who comes again within a window" in note for note in found.notes)


def test_a_window_tells_only_what_meets_it(demo):
    found = anomalies(demo, Selection.of(date(2025, 11, 10), date(2025, 11, 12)))
    assert found.anomalies and all(
        one.start <= date(2025, 11, 12) and one.end >= date(2025, 11, 10) for one in found.anomalies
    )
    assert dict(found.anomalies[0].where) == {"region": "West", "channel": "Social"}


def test_one_event_of_a_region_is_told_once_with_the_series_it_was_seen_in():
    rates = {name: np.full(500, 25.0) for name in ("North", "South", "West")}
    rates["West"][300:310] = 3
    found = whole(shop(rates))
    first = found.anomalies[0]
    assert first.where == (("region", "West"),) and first.metric == "revenue"
    assert first.start == FIRST + timedelta(days=300) and first.end == FIRST + timedelta(days=309)
    assert {(m.metric, m.where) for m in first.members} >= {("orders", first.where), ("orders", ())}
    assert sum(one.start < FIRST + timedelta(days=310) and one.end >= first.start for one in found.anomalies) == 1


def test_money_is_the_revenue_that_is_missing():
    rates = {"North": np.full(500, 30.0), "West": np.full(500, 30.0)}
    rates["West"][300:307] = 2
    made = shop(rates)
    first = whole(made).anomalies[0]
    revenue = made.metrics(Selection(made.whole()).where("region", ["West"]), ("revenue",), ("day",))["revenue"]
    calm = np.r_[0:300, 307:500]
    assert first.money == pytest.approx(revenue[300:307].sum() - 7 * revenue[calm].mean(), rel=0.1)


def test_a_day_without_any_order_says_so():
    rates = {"North": np.full(400, 40.0), "West": np.full(400, 40.0)}
    for rate in rates.values():
        rate[203] = 0
    first = whole(shop(rates)).anomalies[0]
    assert (first.start, first.kind, first.label) == (FIRST + timedelta(days=203), "dip", "no orders at all")


def test_black_friday_is_named():
    rates = {"North": np.full(400, 40.0), "West": np.full(400, 40.0)}
    for rate in rates.values():
        rate[333] *= 3
    first = whole(shop(rates)).anomalies[0]
    assert (first.start, first.label, first.where) == (date(2024, 11, 29), "Black Friday", ())


def test_quiet_shops_are_left_alone():
    said = [
        len(whole(shop({"North": np.full(400, 20.0), "West": np.full(400, 9.0)}, seed)).anomalies) for seed in range(8)
    ]
    assert sum(said) <= 8


def test_what_the_shop_lacks_is_said_and_the_rest_works():
    found = whole(shop({"North": np.full(100, 20.0)}))
    assert any("satisfaction_score" in note for note in found.notes) and found.series >= 3


def test_a_rare_event_is_not_unusual_because_most_days_have_none():
    """One order in fifty is cancelled by chance alone: 0.4 a day."""
    rng, days = np.random.default_rng(5), 400
    day = np.repeat(np.arange(days), rng.poisson(20.0, days))
    snapshot = Snapshot.from_columns(
        {
            "date": np.datetime64(FIRST) + day,
            "revenue": rng.lognormal(4, 0.5, len(day)).round(2),
            "order_id": np.arange(len(day)).astype(str),
            "kind": np.where(rng.random(len(day)) < 0.02, "cancelled", "sale"),
            "region": rng.choice(["North", "West"], len(day)),
        }
    )
    assert "cancellation_rate" not in {one.metric for one in whole(snapshot).anomalies}
