"""The sign of noise: rarely false where nothing changed, and there where something did."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from engine.describe import breakdown, kpis
from engine.describe.noise import _critical, is_noise
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

FIRST = date(2022, 1, 3)
DAYS = 560
WEEKDAYS = np.array([0.8, 0.9, 1, 1, 1.2, 1.3, 0.8])
NAMES = ("revenue", "orders", "customers", "aov", "satisfaction", "repeat_rate")


def shop(seed: int, *, per_day: float = 20, drop: tuple[int, int, float] | None = None) -> Snapshot:
    """Orders with a weekday pattern, days of their own mood, and no change unless one is planted."""
    rng = np.random.default_rng(seed)
    rate = per_day * WEEKDAYS[np.arange(DAYS) % 7] * rng.gamma(25, 1 / 25, DAYS)
    if drop:
        rate[drop[0] : drop[1]] *= drop[2]
    day = np.repeat(np.arange(DAYS), rng.poisson(rate))
    count = len(day)
    return Snapshot.from_columns(
        {
            "date": np.datetime64(FIRST) + day,
            "customer_id": rng.integers(0, 2000, count),
            "revenue": np.round(np.exp(rng.normal(3.5, 0.6, count)), 2),
            "satisfaction_score": np.where(rng.random(count) < 0.5, rng.integers(1, 6, count), np.nan),
            "region": (rng.integers(0, 3, count), ("N", "S", "E")),
        }
    )


def question(start: int, days: int, against: Against = Against.PREVIOUS) -> Selection:
    window = Window(FIRST + timedelta(days=start), FIRST + timedelta(days=start + days))
    return Selection(window, against=against)


@pytest.mark.parametrize("days", [7, 28, 90])
def test_where_nothing_changed_about_one_in_twenty_is_called_a_signal(days):
    said = {name: [] for name in NAMES}
    for seed in range(120):
        snapshot = shop(seed)
        for start in (190, 371):
            for name, noise in is_noise(snapshot, question(start, days), NAMES).items():
                said[name].append(not noise)
    for name, signals in said.items():
        # 240 questions at 5%: 2 to 20 signals but once in 2,000 runs.
        assert sum(signals) <= 22, f"{name}: {np.mean(signals):.1%} false signals"
    additive = [s for name in ("revenue", "orders", "aov", "satisfaction") for s in said[name]]
    assert 0.025 < np.mean(additive) < 0.075


@pytest.mark.parametrize(("days", "left"), [(7, 0.4), (28, 0.7), (90, 0.8)])
def test_a_planted_drop_is_called_a_signal(days, left):
    found = []
    for seed in range(40):
        snapshot = shop(1000 + seed, drop=(400, 400 + days, left))
        found.append(not is_noise(snapshot, question(400, days), ("orders",))["orders"])
    assert np.mean(found) > 0.85


def test_a_month_that_is_three_days_shorter_is_no_signal():
    snapshot = shop(5, per_day=400)
    february = Selection.of(date(2023, 2, 1), date(2023, 2, 28))
    (orders,) = kpis(snapshot, february, ("orders",))
    assert orders.change < -0.03
    assert orders.noise is True


def test_without_a_comparison_nothing_is_told():
    snapshot = shop(1)
    (revenue,) = kpis(snapshot, question(300, 28, Against.NONE), ("revenue",))
    assert (revenue.comparison, revenue.change, revenue.noise) == (None, None, None)


def test_two_days_of_history_tell_nothing():
    day = np.repeat(np.arange(2), 50)
    snapshot = Snapshot.from_columns({"date": np.datetime64(FIRST) + day, "revenue": np.ones(100)})
    (revenue,) = kpis(snapshot, question(1, 1), ("revenue",))
    assert revenue.comparison == 50
    assert revenue.noise is None


def test_each_bar_of_a_breakdown_is_judged_alone():
    snapshot = shop(3, per_day=60, drop=None)
    rows = breakdown(snapshot, question(300, 28), "revenue", "region").rows
    assert all(isinstance(row.noise, bool) for row in rows)


@pytest.mark.parametrize(("free", "point"), [(5, 2.5706), (10, 2.2281), (30, 2.0423), (1000, 1.9623)])
def test_the_critical_point_is_that_of_the_tables(free, point):
    assert _critical(free) == pytest.approx(point, rel=2e-3)
