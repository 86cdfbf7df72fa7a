"""Spikes, dips, stretches and shifts in made series, and silence where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnose.anomalies.bounds import bounds_for
from engine.diagnose.anomalies.find import Bounds, Event, Seen, find
from engine.diagnose.season.design import design
from engine.diagnose.season.fit import Noise
from engine.diagnose.season.shifts import expect
from tests.bench import anomalies as bench

DAYS = 730


def seen(totals: np.ndarray, judged: np.ndarray | None = None, size: float = 1.0) -> Seen:
    """Counts, fitted."""
    totals = np.asarray(totals, float)
    judged = np.ones(totals.shape, bool) if judged is None else judged
    times = np.datetime64("2024-01-01") + np.arange(len(totals))
    made = design(times, judged.any(axis=1))
    noise = Noise(np.full(totals.shape[1], size))
    return Seen(totals, None, judged, expect(made, totals, known=judged, exposure=None, noise=noise))


def counts(level: float, seed: int = 7) -> np.ndarray:
    rate = level * bench.WEEKDAYS[np.arange(DAYS) % 7]
    return np.random.default_rng(seed).poisson(rate).astype(float)[:, None]


def events(totals: np.ndarray, **kwargs) -> list[Event]:
    return [event for event in find(seen(totals, **kwargs), Bounds()) if abs(event.score) > 4.4]


def test_two_days_in_a_row_are_one_event():
    totals = counts(60)
    totals[200:202] *= 3
    (event,) = events(totals)
    assert (event.first, event.last, event.kind) == (200, 201, "spike") and event.score > 10


def test_a_closed_day_between_two_dips_does_not_part_them():
    totals, judged = counts(60), np.ones((DAYS, 1), bool)
    totals[300:303, 0] = (5, 0, 6)
    judged[301] = False
    (event,) = events(totals, judged=judged)
    assert (event.first, event.last, event.kind) == (300, 302, "dip")


def test_three_weeks_without_an_order_are_found_where_no_day_tells():
    totals = counts(1.5, seed=3)
    totals[500:521] = 0
    found = seen(totals)
    assert np.abs(found.expected.fit.scores[500:521]).max() < 3.5
    (event,) = [event for event in find(found, Bounds()) if event.kind == "dip"]
    assert abs(event.first - 500) <= 3 and abs(event.last - 520) <= 3 and event.score < -4.5


def test_a_level_that_stays_is_a_shift_and_no_row_of_dips():
    totals = counts(80)
    totals[400:] = np.round(totals[400:] * 0.7)
    (event,) = events(totals)
    assert event.kind == "level shift" and abs(event.first - 400) <= 2 and event.score < 0


def test_the_middle_of_a_long_fall_does_not_become_normal():
    totals = counts(60)
    totals[600:621] = np.round(totals[600:621] * 0.4)
    (event,) = events(totals)
    assert (event.kind, event.first, event.last) == ("dip", 600, 620)


def test_bounds_rise_with_the_number_of_series():
    one, many = seen(counts(30)), seen(np.hstack([counts(30, seed) for seed in range(60)]))
    assert bounds_for(many).day > bounds_for(one).day >= 3.5
    assert len(find(many, bounds_for(many))) <= 2


@pytest.fixture(scope="module")
def injected() -> bench.Planted:
    return bench.planted(200, bench.SERIES, bench.INJECTED, bench.SEED)


def test_injected_spikes_and_dips_are_found_as_the_bar_asks(injected):
    busy = bench.quality(bench.ours, injected)
    assert busy["area"] >= 0.99 and busy["f1"] >= 0.95 and busy["false"] <= 1.5
    sparse = bench.quality(bench.ours, bench.planted(20, bench.SERIES, bench.INJECTED, bench.SEED))
    assert sparse["area"] >= 0.65 and sparse["false"] <= 1.5


def test_the_threshold_on_raw_values_does_worse(injected):
    assert bench.quality(bench.global_z, injected)["f1"] < 0.7


@pytest.mark.parametrize("orders", [20, 200])
def test_quiet_series_are_left_alone(orders):
    assert bench.false_alarms(orders) <= 1.5


def test_black_friday_is_the_strongest_of_595_days_of_olist(data_folder):
    path = data_folder / "olist" / "daily_orders_revenue_2017_2018.csv.gz"
    if not path.is_file():
        pytest.skip(f"Olist is not at {path}")
    days, values = bench.olist(path)
    assert len(days) == 595
    said = bench.ours(values[:, None], str(days[0]))
    assert days[said.score[:, 0].argmax()] == np.datetime64("2017-11-24")
    flagged = set(days[said.flagged[:, 0]].astype(str))
    assert len(flagged) <= 20 and {"2017-12-24", "2017-12-25", "2017-12-31", "2018-01-01"} <= flagged
