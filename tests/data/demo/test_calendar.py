"""Weekday, year, trend and holidays, found again from the daily orders of the channel without spend."""

from datetime import date

import numpy as np
import pytest

from data.demo import TRUTH
from data.demo.calendar import holidays, hour_weights, rhythm_of_days, trend, weekdays, within, yearly
from data.demo.effects import Window
from tests.data.demo.estimate import dummies, poisson_fit
from tests.data.demo.shop import DAYS, count_days, product_days
from tests.data.demo.test_prices import CATEGORY, log_price


@pytest.fixture(scope="module")
def fitted(large_shop) -> np.ndarray:
    """Poisson regression of Direct's daily orders; the price effect, which has its own test, is taken as planted."""
    orders = large_shop.orders
    counts = count_days(orders["channel"] == "Direct", orders)
    slope = np.array([TRUTH.pricing.elasticity[c] for c in CATEGORY])
    promoted = np.ones((DAYS, len(CATEGORY)))
    for promotion in TRUTH.promotions:
        promoted[within(TRUTH, promotion.window), np.isin(CATEGORY, promotion.categories)] = promotion.lift
    pull = np.exp(log_price(large_shop) * slope) * promoted
    appeal = product_days(orders).sum(axis=0) / pull.sum(axis=0)
    offset = np.log(pull @ appeal)
    return poisson_fit(_calendar_columns(), counts, offset)


def _calendar_columns() -> np.ndarray:
    day = np.arange(DAYS)
    part = np.concatenate([np.arange(366) / 366, np.arange(365) / 365])
    waves = [f(2 * np.pi * k * part) for k in (1, 2) for f in (np.cos, np.sin)]
    lifted = []
    for holiday in TRUTH.holidays:
        column = np.zeros(DAYS)
        for window in holiday.windows:
            column[within(TRUTH, window)] = 1
        lifted.append(column)
    return np.column_stack([np.ones(DAYS), day / 365, *waves, *lifted, dummies(weekdays(TRUTH))])


def test_growth_is_the_planted_one(fitted):
    assert np.exp(fitted[1]) - 1 == pytest.approx(TRUTH.season.yearly_growth, abs=0.03)


def test_the_waves_of_the_year_are_the_planted_ones(fitted):
    assert fitted[2:6] == pytest.approx(np.ravel(TRUTH.season.yearly), abs=0.03)


def test_holiday_lifts_are_the_planted_ones(fitted):
    found = np.exp(fitted[6 : 6 + len(TRUTH.holidays)])
    assert found == pytest.approx([h.lift for h in TRUTH.holidays], rel=0.12)


def test_weekdays_are_the_planted_ones(fitted):
    factors = np.exp(np.concatenate([[0], fitted[-6:]]))
    assert factors / factors.mean() == pytest.approx(np.array(TRUTH.season.weekday), rel=0.03)


def test_hours_are_the_planted_ones(large_shop):
    orders = large_shop.orders
    hour = (orders["date"] - orders["date"].astype("datetime64[D]")).astype(int) // 3600
    plain = (orders["date"].astype("datetime64[D]").astype(int) + 3) % 7 < 5
    for kept, weights in ((plain, TRUTH.season.hours), (~plain, TRUTH.season.weekend_hours)):
        found = np.bincount(hour[kept], minlength=24) / kept.sum()
        assert found == pytest.approx(np.array(weights) / sum(weights), abs=0.004)


def test_factors_by_hand():
    assert weekdays(TRUTH)[:8].tolist() == [0, 1, 2, 3, 4, 5, 6, 0]  # 1 January 2024 was a Monday
    assert trend(TRUTH)[365] == pytest.approx(1 + TRUTH.season.yearly_growth)
    assert within(TRUTH, Window(date(2024, 1, 3), date(2024, 1, 5))) == slice(2, 4)
    assert holidays(TRUTH)[(date(2025, 11, 28) - date(2024, 1, 1)).days] == 1.8
    assert rhythm_of_days(TRUTH)[10] == pytest.approx(
        trend(TRUTH)[10] * yearly(TRUTH)[10] * TRUTH.season.weekday[3] * holidays(TRUTH)[10]
    )
    assert hour_weights(TRUTH)[:, -1] == pytest.approx([1, 1])


def test_weekday_factors_have_mean_one():
    assert np.mean(TRUTH.season.weekday) == pytest.approx(1)
