"""Anomalies of any table: steps, gaps, several series, and mistakes in words."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnose.anomalies import anomalies_in_table
from engine.errors import EngineError


def written(tmp_path, times, values, extra: dict | None = None):
    """A CSV with the columns d and v, and others."""
    import pandas as pd

    path = tmp_path / "series.csv"
    pd.DataFrame({"d": times, "v": values} | (extra or {})).to_csv(path, index=False)
    return path


def daily(count: int, level: float = 100, seed: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.datetime64("2024-01-01") + np.arange(count), rng.poisson(level, count).astype(float)


def test_days_are_found_with_what_was_expected(tmp_path):
    times, values = daily(200)
    values[[50, 120]] = (260, 20)
    found = anomalies_in_table(written(tmp_path, times, values), date="d", value="v")
    assert [(one.date, one.kind) for one in found.anomalies] == [("2024-02-20", "spike"), ("2024-04-30", "dip")]
    first = found.anomalies[0]
    assert first.value == 260 and first.expected == pytest.approx(100, rel=0.15) and first.high < 260
    assert (found.series, found.step, first.points) == (1, "day", ("2024-02-20",))


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_of_the_values_does_not_matter(tmp_path, unit):
    times, values = daily(200)
    values[50] = 260
    found = anomalies_in_table(written(tmp_path, times, values * unit), date="d", value="v")
    (one,) = found.anomalies
    assert one.date == "2024-02-20" and one.value == pytest.approx(260 * unit)
    assert one.expected == pytest.approx(100 * unit, rel=0.15)


def test_values_below_zero_are_taken(tmp_path):
    times, _ = daily(300)
    values = np.random.default_rng(2).normal(0, 10, 300) + 30 * (np.arange(300) % 7 == 2)
    values[100] -= 90
    (one,) = anomalies_in_table(written(tmp_path, times, values), date="d", value="v").anomalies
    assert (one.date, one.kind) == (str(times[100]), "dip") and one.value < one.low


def test_hours_weeks_and_months_are_told_by_their_distance(tmp_path):
    rng = np.random.default_rng(11)
    hours = np.datetime64("2024-01-01T00:00:00") + np.arange(24 * 90) * np.timedelta64(3600, "s")
    values = rng.poisson(60 * (1 + 0.6 * np.sin(np.arange(len(hours)) / 24 * 2 * np.pi))).astype(float)
    values[1000] = 0
    found = anomalies_in_table(written(tmp_path, hours, values), date="d", value="v")
    assert (found.step, found.anomalies[0].date) == ("hour", str(hours[1000])[:16]) and len(found.anomalies) <= 2
    weeks = np.datetime64("2020-01-05") + 7 * np.arange(180)
    values = rng.normal(1000, 40, 180)
    values[90] = 700
    found = anomalies_in_table(written(tmp_path, weeks, values), date="d", value="v")
    assert (found.step, found.anomalies[0].date) == ("week", str(weeks[90])) and len(found.anomalies) <= 2
    months = (np.datetime64("2014-01") + np.arange(96)).astype("datetime64[D]")
    values = rng.normal(1000, 40, 96) + 150 * np.cos(np.arange(96) / 12 * 2 * np.pi)
    values[50] += 500
    found = anomalies_in_table(written(tmp_path, months, values), date="d", value="v")
    assert (found.step, found.anomalies[0].date) == ("month", str(months[50])) and len(found.anomalies) <= 2


def test_series_are_told_apart_and_a_gap_is_no_dip(tmp_path):
    times, one = daily(200, seed=4)
    _, two = daily(200, 40, seed=5)
    two[60] = 130
    kept = np.r_[0:100, 115:200]
    path = written(
        tmp_path,
        np.concatenate([times[kept], times]),
        np.concatenate([one[kept], two]),
        {"shop": np.repeat(["a", "b"], [len(kept), 200])},
    )
    found = anomalies_in_table(path, date="d", value="v", by="shop")
    assert found.series == 2
    assert [(one.series, one.date) for one in found.anomalies] == [("b", str(times[60]))]


def test_rows_of_orders_are_added_up_by_the_day(tmp_path):
    rng = np.random.default_rng(6)
    day = np.repeat(np.arange(150), np.where(np.arange(150) == 70, 120, rng.poisson(40, 150)))
    moments = np.datetime64("2024-01-01T00:00:00") + day * np.timedelta64(86_400, "s")
    moments = moments + rng.integers(0, 86_400, len(day)).astype("timedelta64[s]")
    found = anomalies_in_table(written(tmp_path, moments, np.ones(len(day))), date="d", value="v")
    assert found.step == "day" and [(one.date, one.value) for one in found.anomalies] == [("2024-03-11", 120)]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"date": "d", "value": "w"}, "'w'"),
        ({"date": "v", "value": "d"}, "is no"),
        ({"date": "d", "value": "v", "season": "yearly"}, "No season named 'yearly'"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, columns, said):
    times, values = daily(60)
    with pytest.raises(EngineError, match=said):
        anomalies_in_table(written(tmp_path, times, values), **columns)


def test_ten_days_are_too_few_and_that_is_said(tmp_path):
    with pytest.raises(EngineError, match="10 observations by the day; 14 tell what is usual"):
        anomalies_in_table(written(tmp_path, *daily(10)), date="d", value="v")


def test_one_event_in_a_series_of_noughts_is_a_spike_and_many_are_none(tmp_path):
    times, values = daily(400, level=0)
    assert anomalies_in_table(written(tmp_path, times, values), date="d", value="v").anomalies == ()
    values[200] = 50
    found = anomalies_in_table(written(tmp_path, times, values), date="d", value="v").anomalies
    assert [(one.date, one.kind) for one in found] == [(str(times[200]), "spike")]
    often = (np.random.default_rng(3).random(400) < 0.15).astype(float)
    often[300] = 9
    found = anomalies_in_table(written(tmp_path, times, often), date="d", value="v").anomalies
    assert [one.date for one in found] == [str(times[300])]


@pytest.mark.parametrize(
    ("months", "written_as"), [(12, "{:%Y}"), (12, "{:%Y-%m-%d}"), (3, "{:%Y-%m}"), (1, "{:%Y-%m}"), (1, "{:%Y/%m}")]
)
def test_years_quarters_and_months_are_dates_and_their_spikes_are_found(tmp_path, months, written_as):
    starts = (np.datetime64("1980-01") + months * np.arange(40)).astype("datetime64[D]").astype(object)
    values = np.random.default_rng(5).normal(100, 5, 40)
    values[20] = 250
    path = written(tmp_path, [written_as.format(day) for day in starts], values)
    found = anomalies_in_table(path, date="d", value="v")
    assert [(one.date, one.kind) for one in found.anomalies] == [(str(starts[20]), "spike")] and not found.notes


def test_rows_that_are_added_up_are_counted(tmp_path):
    times, values = daily(60)
    path = written(tmp_path, np.concatenate([times, times[10:12]]), np.concatenate([values, values[10:12]]))
    found = anomalies_in_table(path, date="d", value="v")
    assert found.notes == ("2 rows of a moment that a row before has too are added to it.",)
    assert [(one.date, one.end) for one in found.anomalies] == [(str(times[10]), str(times[11]))]
