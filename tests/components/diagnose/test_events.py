"""What was unusual: the engine's events, one of them drawn, and a way into its days."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from components.diagnose.course_chart import CourseChart
from components.diagnose.event_list import MOST, EventList
from components.state import AppState
from engine.diagnose.anomalies import anomalies
from engine.diagnose.anomalies.course import course
from engine.selection import Window
from tests.components import shops


@pytest.fixture(scope="module")
def demo(shop_db):
    from engine.snapshot import current

    return current(shop_db)


@pytest.fixture
def state(demo) -> AppState:
    return AppState(snapshot=demo, preset="last-90-days")


def told(view) -> dict:
    return view._island.told()


def planted(state) -> int:
    """The place of the planted incident in the list."""
    found = anomalies(state.snapshot(), state.selection()).anomalies
    where = (("region", "West"), ("channel", "Social"))
    return next(i for i, one in enumerate(found) if one.where == where)


def test_the_planted_incident_moved_the_most_money(state):
    assert planted(state) == 0
    first = told(EventList(state))["events"][0]
    assert first["days"] == "3 – 23 Nov 2025" or first["days"].startswith("3 Nov")
    assert "West" in first["where"] and "Social" in first["where"] and first["tone"] == "bad"


def test_the_list_is_short_until_all_are_asked_for(state):
    events = EventList(state)
    found = anomalies(state.snapshot(), state.selection()).anomalies
    assert len(told(events)["events"]) == min(MOST, len(found))
    events._island.say({"all": True})
    assert len(told(events)["events"]) == len(found) and told(events)["rest"] == ""


def test_a_picked_event_is_drawn_with_its_days_marked_and_lifted_by_another_click(state):
    events = EventList(state)
    chart = CourseChart(state, events=events)
    assert "Revenue by day" in chart._heading.told()["title"]
    place = planted(state)
    events._island.say({"event": place})
    picked = events.picked
    found = course(
        state.snapshot(),
        state.selection().over(Window(date(2025, 9, 8), date(2025, 12, 22))), picked.metric, picked.where
    )  # fmt: skip
    drawn = chart.chart.renderers["actual"].data_source.data
    np.testing.assert_array_equal(drawn["actual"], found.actual)
    assert np.isfinite(drawn["dip"]).sum() == 3 and not np.isfinite(drawn["spike"]).any()
    assert chart._heading.told()["title"] == "Orders by week · West · Social"
    events._island.say({"event": place})
    assert events.picked is None and "Revenue by day" in chart._heading.told()["title"]


def test_a_click_goes_into_the_days_of_an_event_and_compares_alike_weekdays(state):
    events = EventList(state)
    events._island.say({"into": planted(state)})
    assert state.window() == Window.inclusive(date(2025, 11, 3), date(2025, 11, 23))
    assert state.selection().custom == Window.inclusive(date(2025, 10, 13), date(2025, 11, 2))
    assert state.selection().values("region") == ("West",) and state.metric == "orders"


def test_a_picked_event_is_let_go_where_the_days_no_longer_have_it(state):
    events = EventList(state)
    events._island.say({"event": planted(state)})
    state.commit(window=Window.inclusive(date(2025, 3, 1), date(2025, 3, 31)))
    assert events.picked is None


@pytest.mark.parametrize("message", [{"event": 9_999}, {"event": "0"}, {"into": -1}, {}])
def test_a_made_up_click_changes_nothing(state, message):
    events, before = EventList(state), state.choice()
    events._island.say(message)
    assert state.choice() == before and events.picked is None


def test_a_shop_of_few_days_says_what_is_needed():
    state = AppState(snapshot=shops.one_day())
    events = EventList(state)
    assert "28 days" in told(events)["message"]
    assert "28 days" in CourseChart(state, events=events)._heading.told()["message"]


def test_a_single_day_is_drawn_among_those_around_it(state):
    state.commit(window=Window.inclusive(date(2025, 11, 10), date(2025, 11, 10)))
    drawn = CourseChart(state, events=EventList(state)).chart.renderers["actual"].data_source.data
    assert np.isfinite(drawn["actual"]).sum() > 50
    assert np.datetime64("2025-11-10") in drawn["start"].astype("datetime64[D]")


def test_a_cause_that_is_the_event_itself_is_not_said_again(state):
    events = EventList(state)
    events._island.say({"event": planted(state)})
    (picked,) = [one for one in told(events)["events"] if one["picked"]]
    assert picked["where"].endswith("Region West · Channel Social") and picked["causes"] == []
