"""The band of a course holds what nothing happened to, and leaves out what did."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.demo import TRUTH
from engine.diagnose.anomalies.course import course
from engine.errors import EngineError, MissingColumn
from engine.selection import Selection, Window
from engine.snapshot import Snapshot, current

WEST_SOCIAL = (("region", "West"), ("channel", "Social"))


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def test_the_actual_values_are_the_shops_own(demo):
    asked = Selection.of(date(2025, 9, 1), date(2025, 9, 30))
    found = course(demo, asked, "revenue")
    assert found.grain == "day"
    np.testing.assert_allclose(found.actual, demo.metrics(asked, ("revenue",), ("day",))["revenue"])


def test_about_one_day_in_twenty_lies_outside_of_the_band(demo):
    found = course(demo, Selection(demo.whole()), "orders")
    told = np.isfinite(found.actual)
    outside = ((found.actual < found.low) | (found.actual > found.high))[told].mean()
    assert 0.02 <= outside <= 0.08
    assert (found.low[told] >= 0).all() and (found.low <= found.expected)[told].all()


def test_the_planted_incident_lies_below_its_band_by_the_week(demo):
    planted = TRUTH.incident.window
    asked = Selection(Window(date(2025, 9, 1), date(2025, 12, 1)))
    found = course(demo, asked, "orders", WEST_SOCIAL)
    assert found.grain == "week"
    during = (found.starts >= np.datetime64(planted.start)) & (found.starts < np.datetime64(planted.end))
    assert during.sum() == 3 and (found.actual[during] < found.low[during]).all()
    assert (found.actual[~during] >= found.low[~during]).mean() > 0.8


def test_a_ratio_is_drawn_in_its_own_unit(demo):
    asked = Selection.of(date(2025, 9, 1), date(2025, 9, 30))
    found = course(demo, asked, "aov")
    want = demo.metrics(asked, ("aov",), ("day",))["aov"]
    told = np.isfinite(found.actual)
    np.testing.assert_allclose(found.actual[told], want[told])


def test_what_cannot_be_told_is_said():
    days = np.datetime64("2024-01-01") + np.arange(10)
    small = Snapshot.from_columns({"date": days, "customer_id": np.arange(10), "revenue": np.ones(10)})
    with pytest.raises(EngineError, match="28 days"):
        course(small, Selection(small.whole()), "revenue")
    with pytest.raises(MissingColumn):
        course(small, Selection(small.whole()), "satisfaction")


def test_a_metric_of_whole_windows_has_no_course(demo):
    with pytest.raises(EngineError, match="single days"):
        course(demo, Selection(demo.whole()), "repeat_rate")
