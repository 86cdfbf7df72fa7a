"""Closed, missing and unfinished days of made and real shops."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.diagnose.season import trading
from engine.snapshot import Snapshot


def shop(counts: np.ndarray, last_hour: np.ndarray | None = None, first: str = "2024-01-01") -> Snapshot:
    """So many orders each day; with hours, spread evenly up to that day's last hour."""
    day = np.repeat(np.arange(len(counts)), counts)
    moments = np.datetime64(first) + day
    if last_hour is not None:
        place = np.concatenate([np.arange(n) / max(n - 1, 1) for n in counts])
        hours = np.round(8 + place * (last_hour[day] - 8)).astype(int)
        moments = moments.astype("datetime64[h]") + hours
    return Snapshot.from_columns(
        {"date": moments, "revenue": np.full(len(day), 10.0), "order_id": np.arange(len(day)).astype(str)}
    )


def test_a_weekday_without_orders_is_closed_and_a_day_without_is_not():
    counts = np.full(141, 12)
    counts[6::7] = 0
    counts[100] = 0
    found = trading(shop(counts))
    assert found.closed.sum() == 20 and not found.closed[100] and found.open[100]
    assert found.notes == ("The shop is closed on Sundays.",)


def test_christmas_to_epiphany_is_closed_and_a_month_without_orders_is_missing():
    counts = np.full(420, 12)
    counts[358:366] = 0
    counts[200:230] = 0
    found = trading(shop(counts))
    assert found.closed.nonzero()[0].tolist() == list(range(358, 366))
    assert found.missing.nonzero()[0].tolist() == list(range(200, 230))


def test_a_few_orders_long_before_trade_begins_are_left_out():
    counts = np.full(300, 12)
    counts[1:60] = 0
    found = trading(shop(counts))
    assert found.days[0] == np.datetime64("2024-03-01") and "too sparse" in found.notes[0]


@pytest.mark.parametrize(("hour", "left_out"), [(12, True), (20, False)])
def test_a_last_day_whose_orders_stop_early_is_left_out(hour, left_out):
    last_hour = np.full(100, 20)
    last_hour[-1] = hour
    found = trading(shop(np.full(100, 12), last_hour))
    assert (found.unfinished == date(2024, 4, 9)) == left_out
    assert len(found.days) == 100 - left_out


def test_online_retail_rests_on_saturdays_and_over_new_year_and_stops_at_noon(uk):
    found = trading(uk)
    assert found.unfinished == date(2011, 12, 9)
    weekday = (found.days.astype(int) + 3) % 7
    assert found.closed[weekday == 5].all()
    closed = found.days[found.closed & (weekday != 5)]
    assert closed[0] == np.datetime64("2010-12-24") and np.datetime64("2011-01-03") in closed
    assert np.datetime64("2011-08-29") not in closed
