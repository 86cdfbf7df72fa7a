"""The shop's planted incident is found, unfinished periods are not read, one huge order is no segment's cause."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data.demo.truth import TRUTH
from engine.diagnose.locate import locate_in_shop
from engine.errors import MissingColumn, UnknownName
from engine.selection import Against, Selection
from engine.snapshot import Snapshot

INCIDENT = Selection.of(TRUTH.incident.window.start, TRUTH.incident.window.end - timedelta(days=1))
DAY = np.datetime64("2024-03-01")


@pytest.fixture(scope="module")
def demo(shop_db):
    from engine.snapshot import current

    return current(shop_db)


@pytest.mark.parametrize("metric", ["orders", "revenue", "net_revenue"])
def test_the_planted_incident_is_the_only_cause(demo, metric):
    located = locate_in_shop(demo, INCIDENT, metric)
    assert [dict(cause.where) for cause in located.causes] == [{"region": "West", "channel": "Social"}]
    cause = located.causes[0]
    kept = demo.metrics(INCIDENT.where("region", ["West"]).where("channel", ["Social"]), [metric])[metric]
    assert cause.actual == pytest.approx(float(kept))
    assert cause.actual < 0.2 * cause.expected


def test_the_planted_strike_is_the_south(demo):
    change = next(c for c in TRUTH.delivery.changes if c.name == "Carrier strike")
    window = Selection.of(change.window.start, change.window.end - timedelta(days=1))
    located = locate_in_shop(demo, window, "delivery_days")
    assert [dict(cause.where) for cause in located.causes] == [{"region": change.region}]
    cause = located.causes[0]
    assert cause.actual - cause.expected == pytest.approx(change.days, abs=0.5)


def test_ordinary_months_of_the_demo_shop_have_no_cause_in_who_orders(demo):
    months = [(date(2025, m, 1), date(2025, m, 28)) for m in (2, 3, 4, 5, 6, 8, 9, 10)]
    named = [m for m in months if locate_in_shop(demo, Selection.of(*m), "orders", ("region", "segment")).causes]
    assert named == []


def shop(orders: int, *, seed: int = 2, big: float = 0.0, days: int = 56, lost: float = 0.0) -> Snapshot:
    rng = np.random.default_rng(seed)
    day = rng.integers(0, days, orders)
    region, channel = rng.integers(0, 4, orders), rng.integers(0, 5, orders)
    keep = ~((region == 1) & (channel == 2) & (day >= days // 2) & (rng.random(orders) < lost))
    revenue = np.round(rng.lognormal(3, 0.6, orders), 2)
    if big:
        revenue[np.flatnonzero((region == 3) & (day >= days // 2))[0]] = big
    columns = {"date": DAY + day, "order_id": np.arange(orders), "revenue": revenue, "customer_id": np.arange(orders)}
    columns |= {"region": np.array(["N", "S", "E", "W"])[region], "channel": np.array(list("abcde"))[channel]}
    return Snapshot.from_columns({name: values[keep] for name, values in columns.items()})


LATER = Selection.of(date(2024, 3, 29), date(2024, 4, 25))


def test_one_huge_order_is_no_segments_cause():
    located = locate_in_shop(shop(6_000, big=70_000.0), LATER)
    assert located.causes == ()
    assert located.notes[-1].startswith("One order is left out") and "70,000" in located.notes[-1]
    assert located.actual == pytest.approx(located.expected, rel=0.1)


def test_a_lost_segment_is_found_beside_a_huge_order_and_says_its_orders():
    snapshot = shop(6_000, big=3_000.0, lost=0.8)
    located = locate_in_shop(snapshot, LATER)
    assert [dict(cause.where) for cause in located.causes] == [{"region": "S", "channel": "c"}]
    inside = [s.where("region", ["S"]).where("channel", ["c"]) for s in (LATER, LATER.comparison())]
    assert located.causes[0].orders == sum(int(snapshot.totals(s, ["orders"]).values["orders"]) for s in inside)
    assert 0 < located.causes[0].largest_order < 3_000


def test_a_comparison_of_other_length_is_brought_to_the_windows_days():
    located = locate_in_shop(shop(8_000, lost=0.0), Selection.of(date(2024, 4, 12), date(2024, 4, 25)), "orders")
    assert located.actual / located.expected == pytest.approx(1.0, abs=0.1)
    assert located.causes == ()


def test_an_unfinished_or_missing_period_names_no_cause():
    snapshot = shop(3_000)
    unfinished = locate_in_shop(snapshot, Selection.of(date(2024, 4, 1), date(2024, 4, 30)))
    assert unfinished.causes == () and "ends on 25 Apr 2024" in unfinished.notes[0]
    alone = Selection.of(date(2024, 4, 1), date(2024, 4, 20), against=Against.NONE)
    assert "no period to compare with" in locate_in_shop(snapshot, alone).notes[0]


def test_what_the_shop_lacks_is_said():
    snapshot = shop(1_000)
    with pytest.raises(MissingColumn, match="satisfaction_score"):
        locate_in_shop(snapshot, LATER, "satisfaction")
    with pytest.raises(UnknownName, match="Did you mean 'region'"):
        locate_in_shop(snapshot, LATER, "revenue", ("regio",))
    with pytest.raises(MissingColumn, match="segment"):
        locate_in_shop(snapshot, LATER, "revenue", ("segment",))


def test_an_answer_is_remembered():
    snapshot = shop(1_000)
    assert locate_in_shop(snapshot, LATER) is locate_in_shop(snapshot, LATER)


@pytest.mark.parametrize(
    "metric", ["aov", "discount_rate", "customers", "items_per_order", "returning_share", "gross_margin"]
)
def test_every_kind_of_metric_is_answered_on_the_demo_shop(demo, metric):
    located = locate_in_shop(demo, INCIDENT, metric)
    assert all(np.isfinite([c.actual, c.expected, c.share, c.score, c.p_value]).all() for c in located.causes)


def test_of_very_many_orders_fewer_values_at_once_are_looked_at_and_it_is_said(demo, monkeypatch):
    from engine.diagnose.locate import shop as in_shop

    monkeypatch.setattr(in_shop, "MOST_LOOKS", 1)
    located = locate_in_shop(demo, Selection.of(date(2025, 5, 3), date(2025, 5, 29)), "revenue")
    assert located.notes[-1] == "With so many orders, only combinations of up to 2 values are looked at."


@pytest.mark.parametrize("metric", ["refund_rate", "cancellation_rate"])
def test_a_few_rare_events_are_nobodys_cause(demo, metric):
    """Days with a handful of refunds: a value that had one and then none has not changed."""
    windows = [(date(2025, m, d), date(2025, m, d + 2)) for m in (2, 4, 6, 8, 10) for d in (3, 10, 17)]
    assert [w for w in windows if locate_in_shop(demo, Selection.of(*w), metric).causes] == []


def test_who_comes_again_is_no_matter_of_one_segment(demo):
    located = locate_in_shop(demo, Selection.of(date(2025, 9, 17), date(2025, 12, 15)), "repeat_rate")
    assert located.causes == () and located.notes[0].startswith("Repeat rate counts who comes again")
