"""Customers: who they are, that they lapse, and that their lapse can be foreseen."""

import numpy as np
import pytest

from data.demo import TRUTH
from tests.data.demo.estimate import area_under_curve
from tests.data.demo.shop import DAYS


def test_segments_regions_and_ages_have_the_planted_shares(large_shop):
    table, people = large_shop.demo.customers, TRUTH.people
    for name, planted in (
        ("segment", {n: s.share for n, s in people.segments.items()}),
        ("region", people.regions),
    ):
        for value, share in planted.items():
            assert (table[name] == value).mean() == pytest.approx(share, abs=0.01)
    for segment, truth in people.segments.items():
        mine = table["segment"] == segment
        for age, share in zip(people.ages, truth.ages, strict=True):
            assert (table["age_group"][mine] == age).mean() == pytest.approx(share, abs=0.015)


def test_own_rhythms_spread_as_planted(large_shop):
    customers, people = large_shop.demo.plan.customers, TRUTH.people
    for position, truth in enumerate(people.segments.values()):
        pace = customers.pace[customers.segment == position]
        assert pace.mean() == pytest.approx(truth.pace, rel=0.03)
        assert pace.std() / pace.mean() == pytest.approx(people.rhythm**-0.5, rel=0.03)


def test_own_rhythms_are_kept(large_shop):
    """Customers who order much in one half of a year order much in the next one too; equal rhythms give 0."""
    orders = large_shop.orders
    who = np.unique(orders["customer_id"], return_inverse=True)[1]
    halves = [
        np.bincount(who[(orders["day"] >= a) & (orders["day"] < a + 182)], minlength=who.max() + 1) for a in (0, 182)
    ]
    there = (halves[0] > 0) & (halves[1] > 0)
    assert np.corrcoef(halves[0][there], halves[1][there])[0, 1] > 0.25


def test_the_pace_of_those_present_hardly_drifts(large_shop):
    """Orders per present customer, the same four months a year apart: churn is refilled, not made up by the loyal."""
    orders = large_shop.orders
    customers, who = np.unique(orders["customer_id"], return_inverse=True)
    start, end = np.full(len(customers), DAYS), np.zeros(len(customers), dtype=int)
    np.minimum.at(start, who, orders["day"])
    np.maximum.at(end, who, orders["day"])
    daily = np.bincount(orders["day"], minlength=DAYS)
    before, after = (daily[at - 60 : at + 60].sum() / ((start <= at) & (end >= at)).sum() for at in (120, 120 + 365))
    assert 0.8 < after / before < 1.25


def test_the_first_order_is_on_the_day_a_customer_was_won(demo_shop):
    table, orders = demo_shop.demo.customers, demo_shop.orders
    found, at = np.unique(orders["customer_id"], return_index=True)
    won = table["acquisition_date"][np.searchsorted(table["customer_id"], found)].astype("datetime64[D]")
    first = orders["date"][at].astype("datetime64[D]")
    assert (first >= won).all()
    new = won >= np.datetime64(TRUTH.days.start)
    assert (first[new] == won[new]).all()


def test_churn_can_be_foreseen_but_not_known(large_shop):
    """Who buys in the next 90 days, from recency and frequency alone, three months before the end."""
    orders, cut = large_shop.orders, DAYS - 90
    who = np.unique(orders["customer_id"], return_inverse=True)[1]
    known = orders["day"] < cut
    count = np.bincount(who[known], minlength=who.max() + 1)
    last = np.zeros(who.max() + 1, dtype=int)
    np.maximum.at(last, who[known], orders["day"][known])
    seen = count > 0
    back = np.bincount(who[~known], minlength=who.max() + 1) > 0
    recency = area_under_curve(-last[seen].astype(float), ~back[seen])
    both = area_under_curve(((cut - last) / (730.0 / (count + 1)))[seen], ~back[seen])
    assert 0.70 < recency < 0.92
    assert 0.72 < both < 0.95


def test_premium_customers_are_fewer_and_order_for_more(demo_shop):
    sales, table = demo_shop.sales, demo_shop.demo.customers
    value = {s: sales["revenue_units"][sales["segment"] == s].mean() / 10_000 for s in TRUTH.people.segments}
    assert value["Premium"] > 1.3 * value["Regular"] > 1.5 * value["Budget"]
    assert (table["segment"] == "Premium").mean() < 0.25
