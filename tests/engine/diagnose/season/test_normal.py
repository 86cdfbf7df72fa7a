"""How much of a change is normal: planted seasons, exact sums, and words where it cannot be told."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.season import normal_change, trading
from engine.errors import EngineError
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot, current

WEEKDAYS = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 1.4, 0.4])
FIRST = date(2024, 1, 1)


def factors(days: int, *, year: float = 0.3) -> np.ndarray:
    """(days,) a planted season with a peak in July."""
    day = np.arange(days)
    return WEEKDAYS[day % 7] * np.exp(-year * np.cos(2 * np.pi * day / 365.25))


def shop(rate: np.ndarray, seed: int = 1, *, hour: np.ndarray | None = None) -> Snapshot:
    """Orders of one line at these rates a day from FIRST on."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(len(rate)), rng.poisson(rate))
    moments = np.datetime64(FIRST) + day
    if hour is not None:
        moments = moments.astype("datetime64[h]") + hour[day] * rng.random(len(day)).round(2)
    ids = np.arange(len(day)).astype(str)
    return Snapshot.from_columns(
        {"date": moments, "revenue": rng.lognormal(4, 0.5, len(day)).round(2), "order_id": ids}
    )


def days(first: int, count: int, **kwargs) -> Selection:
    start = FIRST + timedelta(days=first)
    return Selection.of(start, start + timedelta(days=count - 1), **kwargs)


@pytest.fixture(scope="module")
def two_years() -> Snapshot:
    return shop(40 * factors(730))


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def test_a_planted_season_is_what_is_normal_and_inside_the_interval(two_years):
    season, inside = factors(730), 0
    asked = [(300, 28), (430, 28), (500, 14), (600, 28), (690, 28), (460, 7)]
    for first, count in asked:
        found = normal_change(two_years, days(first, count), "orders")
        ratio = season[first : first + count].sum() / season[first - count : first].sum()
        assert found.expected / found.comparison == pytest.approx(ratio, rel=0.07)
        inside += found.low <= (ratio - 1) * found.comparison <= found.high
        assert "weekdays" in found.basis and "time of the year" in found.basis and found.note is None
    assert inside >= len(asked) - 1


def test_what_is_to_be_explained_is_not_looked_at():
    quiet, fallen = 40 * factors(730), 40 * factors(730)
    fallen[600:628] *= 0.3
    before, after = (normal_change(shop(rate), days(600, 28), "orders") for rate in (quiet, fallen))
    assert after.value < 0.4 * before.value
    assert after.relative == pytest.approx(before.relative, abs=0.02)
    assert after.abnormal == pytest.approx(after.value - after.expected)
    assert after.abnormal / after.expected == pytest.approx(-0.7, abs=0.06)


def test_one_weekday_more_is_normal():
    found = normal_change(shop(60 * factors(200, year=0)), days(130, 8, against=Against.PREVIOUS), "orders")
    start = 130
    season = factors(200, year=0)
    ratio = season[start : start + 8].sum() / season[start - 8 : start].sum()
    assert found.expected / found.comparison == pytest.approx(ratio, rel=0.06)
    assert found.basis == ("weekdays",) or set(found.basis) == {"weekdays", "Easter"}
    assert found.note.startswith("Less than a year and a half of days outside of the window: only the weekdays")


def test_a_closed_week_over_new_year_leaves_less_to_expect():
    rate = 60 * factors(400, year=0)
    rate[358:368] = 0
    found = normal_change(shop(rate), days(354, 21), "orders")
    assert found.relative == pytest.approx(11 / 21 - 1, abs=0.12)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(60, 700),
    st.integers(1, 60),
    st.sampled_from(["revenue", "orders", "aov", "satisfaction", "gross_margin"]),
)
def test_normal_and_abnormal_are_the_whole_change(demo, first, count, metric):
    found = normal_change(demo, days(first, min(count, 731 - first)), metric)
    assert found.change == pytest.approx(found.value - found.comparison)
    if found.normal is not None:
        assert found.normal + found.abnormal == pytest.approx(found.change, abs=1e-9)
        assert found.expected == pytest.approx(found.comparison + found.normal, abs=1e-9)
        assert found.low <= found.normal <= found.high
        assert found.relative == pytest.approx(found.normal / abs(found.comparison))
    else:
        assert found.note


def test_last_years_black_friday_tells_of_this_years(demo):
    found = normal_change(demo, Selection.of(date(2025, 11, 24), date(2025, 11, 30)), "orders")
    assert "the same days a year before" in found.basis
    assert found.relative > 0.25


def test_a_repeat_rate_by_day_says_nothing_and_says_so(demo):
    found = normal_change(demo, days(400, 28), "repeat_rate")
    assert found.normal is None and "tell no season" in found.note
    assert found.change == pytest.approx(found.value - found.comparison)


def test_a_period_that_is_not_whole_has_no_normal(demo):
    found = normal_change(demo, Selection.of(date(2025, 12, 1), date(2026, 1, 31)), "revenue")
    assert found.normal is None and "data ends on 31 Dec 2025" in found.note


def test_a_comparison_of_ones_own_choice_is_taken(demo):
    asked = Selection(Window(date(2025, 7, 1), date(2025, 8, 1)), custom=Window(date(2025, 2, 1), date(2025, 3, 1)))
    found = normal_change(demo, asked, "orders")
    assert found.expected / found.comparison == pytest.approx(31 / 28, rel=0.2)


def test_a_short_shop_says_how_many_days_are_needed():
    with pytest.raises(EngineError, match="28 days on; this shop has 20"):
        trading(shop(np.full(20, 30.0)))
    found = normal_change(shop(np.full(20, 30.0)), days(10, 10), "orders")
    assert found.normal is None and "28 days" in found.note
