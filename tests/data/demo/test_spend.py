"""Carry-over and saturation, found again from the spend table and the orders of each channel."""

import numpy as np
import pytest

from data.demo import TRUTH
from data.demo.spend import carried_over, plan_spend, response_factor
from tests.data.demo.shop import DAYS, count_days

PAID = tuple(TRUTH.responses)


def daily_spend(shop, channel: str) -> np.ndarray:
    """(days,) spend in currency of a shop of the usual size."""
    table = shop.demo.spend
    return table["spend_units"][table["channel"] == channel] / 10_000 / shop.demo.scale


def orders_against_direct(shop, channel: str) -> tuple[np.ndarray, np.ndarray]:
    """(days,) orders of a channel and of Direct, outside the region of the incident: season and prices cancel."""
    orders = shop.orders
    elsewhere = orders["region"] != TRUTH.incident.region
    return tuple(count_days(elsewhere & (orders["channel"] == c), orders) for c in (channel, "Direct"))


def misfit(spend, paid, direct, *, carry_over: float, half: float) -> tuple[float, np.ndarray]:
    """Weighted squares left by the best (organic, reach) for a carry-over and half-saturation, and these two."""
    weight = 1 / np.sqrt(np.maximum(direct, 1))
    felt = carried_over(spend, carry_over)
    x = np.column_stack([direct, direct * felt / (felt + half)])
    found, *_ = np.linalg.lstsq(x * weight[:, None], paid * weight, rcond=None)
    return (((paid - x @ found) * weight) ** 2).sum(), found


@pytest.mark.parametrize("channel", PAID)
def test_spend_response_is_the_planted_one(large_shop, channel):
    truth, data = (
        TRUTH.responses[channel],
        (daily_spend(large_shop, channel), *orders_against_direct(large_shop, channel)),
    )
    grid = {
        (carry_over, half): misfit(*data, carry_over=carry_over, half=half)
        for carry_over in np.arange(0, 0.96, 0.05)
        for half in np.geomspace(4, 120, 40)
    }
    (carry_over, half), (least, (organic, reach)) = min(grid.items(), key=lambda item: item[1][0])
    noise = least / (DAYS - 4)
    # Squares over noise beyond the best fit: chi-squared with two degrees of freedom, 9.2 at 1%.
    assert (misfit(*data, carry_over=truth.carry_over, half=truth.half)[0] - least) / noise < 9.2
    assert (misfit(*data, carry_over=0.0, half=truth.half)[0] - least) / noise > 20

    low, high = np.quantile(carried_over(data[0], truth.carry_over), [0.1, 0.9])
    found = [organic + reach * felt / (felt + half) for felt in (low, high)]
    planted = [truth.organic + truth.reach * felt / (felt + truth.half) for felt in (low, high)]
    assert found[1] / found[0] == pytest.approx(planted[1] / planted[0], rel=0.05)


def test_spend_moves_enough_to_be_learned_from():
    for seed in range(10):
        for spend in plan_spend(TRUTH, np.random.default_rng(seed)).values():
            weekly = spend[: DAYS // 7 * 7].reshape(-1, 7).sum(axis=1)
            assert weekly.std() / weekly.mean() > 0.4
            assert (weekly == 0).any() or weekly.min() < 0.5 * weekly.mean()
            assert spend.max() < 5 * spend.mean()


def test_carry_over_by_hand():
    assert carried_over(np.array([10.0, 0.0, 0.0]), 0.5).tolist() == [10.0, 5.0, 2.5]
    assert carried_over(np.array([0.0, 8.0]), 0.25).tolist() == [0.0, 6.0]


def test_response_by_hand():
    truth = TRUTH.responses["Search"]
    at_half = response_factor(truth, np.full(5, truth.half))
    assert at_half == pytest.approx(np.full(5, truth.organic + truth.reach / 2))
    assert response_factor(truth, np.zeros(3)) == pytest.approx(np.full(3, truth.organic))


def test_the_spend_table_covers_every_day_and_channel_once(demo_shop):
    table = demo_shop.demo.spend
    assert len(set(zip(table["date"], table["channel"], strict=True))) == DAYS * len(PAID) == len(table["date"])
    assert (table["spend_units"] >= 0).all()
