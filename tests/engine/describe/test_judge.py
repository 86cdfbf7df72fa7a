"""Intervals and p values of differences: those of the textbooks' tests where these apply, rarely false elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from engine.describe import kpis
from engine.describe.judge import FEWEST_FREE, MOST_VALUES, judged
from engine.describe.noise import is_noise
from engine.metrics import METRICS
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot, current

FIRST = date(2022, 1, 3)
DAYS = 800
SEASON = 1 + 0.35 * np.sin(2 * np.pi * (np.arange(DAYS) - 280) / 365.25)
WEEKDAYS = np.array([0.8, 0.9, 1, 1, 1.2, 1.3, 0.8])
NAMES = ("revenue", "orders", "aov", "satisfaction")


def of_orders(day: np.ndarray, seed: int, **more: object) -> Snapshot:
    """Orders on these days since the first."""
    rng, count = np.random.default_rng(seed), len(day)
    return Snapshot.from_columns(
        {
            "date": np.datetime64(FIRST) + day,
            "customer_id": rng.integers(0, 2000, count),
            "revenue": np.round(np.exp(rng.normal(3.5, 0.6, count)), 2),
            "satisfaction_score": np.where(rng.random(count) < 0.5, rng.integers(1, 6, count), np.nan),
            **more,
        }
    )


def with_season(seed: int, growth: float = 0.0) -> Snapshot:
    """Two years with a season, a weekday pattern and moods; from day 400 on so much more."""
    rng = np.random.default_rng(seed)
    rate = 20 * WEEKDAYS[np.arange(DAYS) % 7] * SEASON * rng.gamma(25, 1 / 25, DAYS)
    rate[400:] *= 1 + growth
    return of_orders(np.repeat(np.arange(DAYS), rng.poisson(rate)), seed)


def question(start: int, days: int, against: Against = Against.PREVIOUS) -> Selection:
    return Selection(Window(FIRST + timedelta(days=start), FIRST + timedelta(days=start + days)), against=against)


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def revenue_by_day(snapshot: Snapshot, start: int, days: int) -> np.ndarray:
    return snapshot.metrics(question(start, days), ("revenue",), ("day",))["revenue"]


def test_a_weekday_is_judged_by_student_s_test():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(3)
    snapshot = of_orders(np.repeat(np.arange(140), rng.integers(5, 60, 140)), 3)
    judgements = judged(snapshot, question(70, 70), "revenue", "weekday")
    now, before = revenue_by_day(snapshot, 70, 70), revenue_by_day(snapshot, 0, 70)
    for weekday, judgement in enumerate(judgements):
        other = ttest_ind(now[weekday::7], before[weekday::7])
        interval = other.confidence_interval(0.95)
        assert judgement.p == pytest.approx(other.pvalue, rel=1e-6)
        # Ten Mondays against ten: the difference of totals is ten times that of means.
        assert (judgement.low, judgement.high) == pytest.approx((10 * interval.low, 10 * interval.high), rel=1e-6)


def test_a_year_against_the_year_before_is_judged_in_pairs_of_like_weekdays():
    from scipy.stats import ttest_rel

    snapshot = with_season(1)
    (judgement,) = judged(snapshot, question(420, 182, Against.YEAR), "revenue")
    # The comparison begins 365 days earlier; the same weekday is 364 days away, and the last day has none.
    other = ttest_rel(revenue_by_day(snapshot, 420, 181), revenue_by_day(snapshot, 56, 181))
    assert judgement.p == pytest.approx(other.pvalue, rel=1e-6)
    interval = other.confidence_interval(0.95)
    assert judgement.high - judgement.low == pytest.approx(182 * (interval.high - interval.low), rel=1e-6)
    now, before = revenue_by_day(snapshot, 420, 182).sum(), revenue_by_day(snapshot, 55, 182).sum()
    assert judgement.difference == pytest.approx(now - before)
    assert judgement.difference - judgement.calendar == pytest.approx(182 * (interval.high + interval.low) / 2)


def test_a_ratio_of_half_as_many_orders_is_judged_in_full():
    """Made linear around both windows it would be 8/9 of the difference; whole weeks leave nothing to the calendar."""
    rng = np.random.default_rng(9)
    day = np.repeat(np.arange(112), np.where(np.arange(112) < 56, 40, 20))
    revenue = np.round(np.where(day < 56, 50, 60) + rng.normal(0, 5, len(day)), 2)
    (judgement,) = judged(of_orders(day, 9, revenue=revenue), question(56, 56), "aov")
    assert judgement.difference == pytest.approx(10, abs=0.6)
    assert judgement.calendar == pytest.approx(0, abs=1e-3)
    # 1,120 and 2,240 orders of spread 5.
    assert judgement.error == pytest.approx(5 * np.sqrt(1 / 1120 + 1 / 2240), rel=0.25)


def test_pairs_of_days_rarely_lie_and_see_what_the_season_hid():
    false, seen = [], []
    for seed in range(40):
        same, more = with_season(seed), with_season(seed, growth=0.12)
        for start, days in ((420, 90), (420, 365), (560, 180)):
            said = is_noise(same, question(start, days, Against.YEAR), NAMES)
            false += [not said[name] for name in NAMES]
        seen.append(not is_noise(more, question(420, 365, Against.YEAR), ("orders",))["orders"])
    # 480 questions at 5%: 10 to 38 signals are within three standard deviations.
    assert 0.02 < np.mean(false) < 0.08
    assert np.mean(seen) > 0.9


def test_the_difference_is_the_one_of_the_card_for_every_metric(demo):
    asked = Selection.of(date(2025, 8, 1), date(2025, 9, 30))
    for kpi in kpis(demo, asked, tuple(METRICS)):
        if demo.missing(kpi.metric):
            continue
        (judgement,) = judged(demo, asked, kpi.metric)
        assert judgement.difference == pytest.approx(kpi.value - kpi.comparison, abs=1e-9), kpi.metric
        assert judgement.low < judgement.difference < judgement.high
        outside = not judgement.low < judgement.calendar < judgement.high
        assert outside == (judgement.p < 0.05) == (kpi.noise is False), kpi.metric


def test_three_days_less_are_the_calendar_s():
    rng = np.random.default_rng(5)
    snapshot = of_orders(np.repeat(np.arange(500), rng.poisson(400 * WEEKDAYS[np.arange(500) % 7])), 5)
    (orders,) = judged(snapshot, Selection.of(date(2023, 2, 1), date(2023, 2, 28)), "orders")
    # February has a Sunday, a Monday and a Tuesday less than January: 80%, 80% and 90% of 400 orders.
    assert orders.calendar == pytest.approx(-1000, abs=60)
    assert orders.p > 0.05
    assert orders.low < orders.calendar < orders.high


def test_beyond_the_first_two_hundred_values_nothing_is_told_and_nothing_breaks():
    rng = np.random.default_rng(6)
    day = np.repeat(np.arange(100), 40)
    product = rng.integers(0, 300, len(day)), tuple(f"p{i:03d}" for i in range(300))
    judgements = judged(of_orders(day, 6, product=product), question(70, 28), "orders", "product")
    assert len(judgements) == 300
    assert all(j.p is not None for j in judgements[:MOST_VALUES])
    assert all(j.p is None and j.difference is not None for j in judgements[MOST_VALUES:])


def test_months_are_compared_by_position_and_each_judged_alone(demo):
    asked = Selection.of(date(2025, 4, 1), date(2025, 6, 30))
    judgements = judged(demo, asked, "revenue", "month")
    assert len(judgements) == 3
    for month, judgement in zip((4, 5, 6), judgements, strict=True):
        alone = Selection(
            Window(date(2025, month, 1), date(2025, month + 1, 1)),
            custom=Window(date(2025, month - 3, 1), date(2025, month - 2, 1)),
        )
        assert judgement == judged(demo, alone, "revenue")[0]


def test_few_days_tell_nothing():
    snapshot = of_orders(np.repeat(np.arange(2), 50), 1)
    (judgement,) = judged(snapshot, question(1, 1), "revenue")
    assert judgement.difference is not None
    assert (judgement.error, judgement.low, judgement.p) == (None, None, None)
    assert judgement.bounds(0.9) == (None, None)
    assert FEWEST_FREE > 0


def test_a_ratio_that_is_there_on_two_days_is_not_told():
    rng = np.random.default_rng(2)
    day = np.repeat(np.arange(112), 20)
    rare = np.isin(day, (90, 95, 60, 61)) & (rng.random(len(day)) < 0.1)
    region = rare.astype(int), ("often", "rarely")
    often, rarely = judged(of_orders(day, 2, region=region), question(84, 28), "aov", "region")
    assert often.p is not None and rarely.p is None
