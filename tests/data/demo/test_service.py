"""Delivery, satisfaction and repeat purchase, found again with confounders held."""

import numpy as np
import pytest

from data.demo import TRUTH
from data.demo.calendar import day_axis, within
from tests.data.demo.estimate import dummies, poisson_fit
from tests.data.demo.shop import DAYS

# Horizon of a repeat purchase. The planted ratio holds for any; a longer one has less noise.
HORIZON = 180


def controls(orders, *names: str) -> np.ndarray:
    """A constant and indicators of the named columns."""
    coded = [dummies(np.unique(orders[n], return_inverse=True)[1]) for n in names]
    return np.column_stack([np.ones(len(orders["day"])), *coded])


def least_squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.solve(x.T @ x, x.T @ y)


def days_to_next(orders) -> np.ndarray:
    """(orders,) days to the customer's next order, infinite after the last; orders come in order of time."""
    who = np.unique(orders["customer_id"], return_inverse=True)[1]
    order = np.argsort(who, kind="stable")
    seconds = orders["date"][order].astype(np.int64)
    gap = np.full(len(order), np.inf)
    same = who[order][1:] == who[order][:-1]
    gap[:-1][same] = np.diff(seconds)[same] / 86_400
    found = np.empty(len(order))
    found[order] = gap
    return found


def satisfaction_slope(sales) -> float:
    x = controls(sales, "category", "segment", "region", "channel")
    return least_squares(np.column_stack([x, sales["delivery_days"]]), sales["satisfaction_score"])[-1]


def repeat_ratio(sales) -> float:
    """Factor on the probability of a repeat purchase for each point of score, confounders held."""
    known = sales["day"] < DAYS - HORIZON
    kept = {name: values[known] for name, values in sales.items()}
    kept["quarter"] = kept["day"] // 91
    x = controls(kept, "segment", "region", "channel", "category", "quarter")
    again = (days_to_next(sales)[known] <= HORIZON).astype(float)
    return float(np.exp(poisson_fit(np.column_stack([x, kept["satisfaction_score"]]), again)[-1]))


def test_satisfaction_falls_with_delivery_days_as_planted(large_shop):
    assert satisfaction_slope(large_shop.sales) == pytest.approx(TRUTH.satisfaction.per_day, rel=0.03)


def test_the_usual_shop_tells_the_satisfaction_slope_within_a_tenth(demo_shop):
    assert satisfaction_slope(demo_shop.sales) == pytest.approx(TRUTH.satisfaction.per_day, rel=0.10)


def test_satisfaction_is_straight_in_delivery_days(large_shop):
    """The mean score by delivery day, categories weighted equally, follows the planted line from 1 to 9 days."""
    sales = large_shop.sales
    for days in range(1, 10):
        means = [
            sales["satisfaction_score"][(sales["delivery_days"] == days) & (sales["category"] == c)].mean()
            - TRUTH.satisfaction.category[c]
            for c in TRUTH.satisfaction.category
        ]
        line = TRUTH.satisfaction.after_a_day + TRUTH.satisfaction.per_day * (days - 1)
        assert np.mean(means) == pytest.approx(line, abs=0.06)


def test_repeat_purchase_rises_with_satisfaction_as_planted(large_shop):
    found = np.log(repeat_ratio(large_shop.sales))
    assert found == pytest.approx(np.log(TRUTH.loyalty.per_point), rel=0.10)


def test_the_usual_shop_tells_the_repeat_effect(demo_shop):
    """Its standard error on 15,000 lines is about 8% of the effect."""
    found = np.log(repeat_ratio(demo_shop.sales))
    assert found == pytest.approx(np.log(TRUTH.loyalty.per_point), rel=0.25)


@pytest.mark.parametrize("segment", TRUTH.loyalty.stay)
def test_the_lapse_hazard_is_the_planted_one(large_shop, segment):
    """Among frequent customers nearly everyone who stays comes back within a year: who does not has left."""
    orders, sales = large_shop.orders, large_shop.sales
    who = np.unique(np.concatenate([orders["customer_id"], sales["customer_id"]]), return_inverse=True)[1]
    buyer, seller = who[: len(orders["day"])], who[len(orders["day"]) :]
    early = orders["day"] < 250
    frequent = np.bincount(buyer[early], minlength=who.max() + 1) >= 10
    asked = frequent[seller] & (sales["day"] >= 250) & (sales["day"] < DAYS - 365) & (sales["segment"] == segment)
    back = np.isfinite(days_to_next(sales))[asked]
    expected = TRUTH.loyalty.stay[segment] * TRUTH.loyalty.per_point ** (sales["satisfaction_score"][asked] - 5)
    assert 1 - back.mean() == pytest.approx(1 - expected.mean(), abs=max(3 * back.std() / np.sqrt(len(back)), 0.006))


def test_delivery_days_are_the_planted_ones(large_shop):
    sales, delivery = large_shop.sales, TRUTH.delivery
    peak = np.zeros(DAYS, dtype=bool)
    for window in delivery.peak:
        peak[within(TRUTH, window)] = True
    strike = next(c for c in delivery.changes if c.name == "Carrier strike")
    struck = np.zeros(DAYS, dtype=bool)
    struck[within(TRUTH, strike.window)] = True
    depot = next(c for c in delivery.changes if c.name == "New depot")
    moved = np.zeros(DAYS, dtype=bool)
    moved[within(TRUTH, depot.window)] = True
    x = np.column_stack(
        [
            *[sales["region"] == r for r in delivery.region],
            sales["channel"] == "Marketplace",
            sales["segment"] == "Premium",
            sales["segment"] == "Budget",
            peak[sales["day"]],
            struck[sales["day"]] & (sales["region"] == strike.region),
            moved[sales["day"]] & (sales["region"] == depot.region),
        ]
    ).astype(float)
    planted = [
        *delivery.region.values(),
        delivery.channel["Marketplace"],
        delivery.segment["Premium"],
        delivery.segment["Budget"],
        delivery.peak_days,
        strike.days,
        depot.days,
    ]
    found = least_squares(x, sales["delivery_days"])
    spread = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (sales["delivery_days"] - x @ found).var())
    assert spread.max() < 0.05
    assert (np.abs(found - planted) < 4 * spread).all()


def test_refunds_follow_category_and_unhappiness(large_shop):
    """Of orders whose refund would have come in time."""
    sales, back = large_shop.sales, large_shop.where(large_shop.lines["kind"] == "refund")["order_id"]
    settled = sales["day"] < DAYS - 60
    refunded = np.isin(sales["transaction_id"], back)
    for category, share in TRUTH.mishaps.refunded.items():
        for unhappy, factor in ((False, 1.0), (True, TRUTH.mishaps.unhappy)):
            kept = settled & (sales["category"] == category) & ((sales["satisfaction_score"] <= 2) == unhappy)
            noise = np.sqrt(share * factor / kept.sum())
            assert refunded[kept].mean() == pytest.approx(share * factor, abs=4 * noise)


def test_cancelled_orders_have_neither_delivery_nor_score(demo_shop):
    lines = demo_shop.lines
    cancelled = lines["kind"] == "cancelled"
    assert cancelled.mean() == pytest.approx(TRUTH.mishaps.cancelled, abs=0.005)
    for name in ("delivery_days", "satisfaction_score", "revenue_units", "cost_units"):
        assert np.ma.getmaskarray(lines[name])[cancelled].all()


def test_a_refund_comes_after_the_delivery_of_its_order_and_gives_it_all_back(demo_shop):
    sales, refunds = demo_shop.sales, demo_shop.where(demo_shop.lines["kind"] == "refund")
    at = np.searchsorted(sales["order_id"], refunds["order_id"])
    assert (sales["order_id"][at] == refunds["order_id"]).all()
    assert (refunds["day"] > sales["day"][at] + sales["delivery_days"][at]).all()
    assert (refunds["refund_units"] == sales["revenue_units"][at]).all()
    assert (refunds["quantity"] == -sales["quantity"][at]).all()
    for name in ("customer_id", "product", "channel", "region"):
        assert (refunds[name] == sales[name][at]).all()


def test_the_shop_opens_on_the_planted_day():
    assert day_axis(TRUTH)[0] == np.datetime64(TRUTH.days.start) and len(day_axis(TRUTH)) == 731
