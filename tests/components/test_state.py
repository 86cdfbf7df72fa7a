"""What a visitor picked: presets, commits, steps back, and data that changes meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from components.state import LONGEST_HISTORY, PRESETS, AppState, Choice, window_of
from engine.errors import EngineError
from engine.selection import Against, Selection, Window
from tests.components import shops


@pytest.fixture
def state() -> AppState:
    return AppState(snapshot=shops.shop(names=("Mug", "Lamp", "Bag")))


def _told(state: AppState) -> list[int]:
    versions: list[int] = []
    state.param.watch(lambda event: versions.append(event.new), "version")
    return versions


@pytest.mark.parametrize(
    ("last", "preset", "first", "end"),
    [
        (date(2011, 12, 9), "last-7-days", date(2011, 12, 3), date(2011, 12, 9)),
        (date(2011, 12, 9), "last-30-days", date(2011, 11, 10), date(2011, 12, 9)),
        (date(2011, 12, 9), "this-month", date(2011, 12, 1), date(2011, 12, 9)),
        (date(2011, 12, 9), "last-month", date(2011, 11, 1), date(2011, 11, 30)),
        (date(2011, 1, 9), "last-month", date(2010, 12, 1), date(2010, 12, 31)),
        (date(2011, 12, 9), "this-quarter", date(2011, 10, 1), date(2011, 12, 9)),
        (date(2011, 3, 31), "this-quarter", date(2011, 1, 1), date(2011, 3, 31)),
        (date(2011, 12, 9), "year-to-date", date(2011, 1, 1), date(2011, 12, 9)),
        (date(2011, 12, 9), "last-12-months", date(2010, 12, 10), date(2011, 12, 9)),
        (date(2012, 2, 29), "last-12-months", date(2011, 3, 1), date(2012, 2, 29)),
        (date(2011, 12, 31), "last-12-months", date(2011, 1, 1), date(2011, 12, 31)),
    ],
)
def test_a_preset_counts_back_from_the_shops_last_day(last, preset, first, end):
    assert PRESETS[preset].of(last) == Window.inclusive(first, end)


def test_all_days_are_the_shops_own(state):
    snapshot = state.snapshot()
    assert window_of("all", snapshot) == snapshot.whole()


@pytest.mark.parametrize(
    ("make", "preset"),
    [(shops.shop, "last-90-days"), (shops.one_day, "all"), (shops.one_row, "all"), (shops.empty, "all")],
)
def test_the_first_view_shows_the_longest_recent_window_with_days_to_compare(make, preset):
    assert AppState(snapshot=make()).preset == preset


def test_several_changes_are_one_step(state):
    versions = _told(state)
    assert state.commit(metric="orders", filters={"region": ("Mug",)}, against="year")
    assert len(versions) == 1
    assert state.selection().values("region") == ("Mug",)
    assert state.selection().against is Against.YEAR
    assert state.undo()
    assert state.choice() == state.default()


def test_a_commit_that_changes_nothing_is_no_step(state):
    versions = _told(state)
    assert not state.commit(metric=state.metric, filters={})
    assert not versions and not state.can_undo


def test_an_unknown_name_changes_nothing(state):
    before = state.choice()
    for wrong in ({"metric": "order"}, {"filters": {"regoin": ("x",)}}, {"preset": "last-weak"}, {"grain": "hour"}):
        with pytest.raises(EngineError):
            state.commit(page="x", **wrong)
    assert state.choice() == before and not state.can_undo


def test_own_days_and_a_preset_replace_one_another(state):
    own = Window.inclusive(date(2024, 3, 1), date(2024, 3, 5))
    state.commit(window=own)
    assert state.window() == own and state.preset == ""
    state.commit(preset="last-7-days")
    assert state.window().days == 7 and state.days is None


def test_a_click_filters_and_another_lifts(state):
    state.toggle("region", "Mug")
    assert state.selection().filters == (("region", ("Mug",)),)
    state.toggle("region", "Mug")
    assert state.selection().filters == ()


def test_reset_lifts_filters_and_days_but_keeps_page_and_metric(state):
    state.commit(metric="orders", page="places", preset="all", against="none", filters={"region": ("Mug",)})
    assert not state.is_untouched
    state.reset()
    assert state.is_untouched
    assert (state.metric, state.page) == ("orders", "places")


def test_steps_back_are_bounded_and_end_where_it_began(state):
    start = state.choice()
    for i in range(LONGEST_HISTORY + 20):
        state.commit(page=f"p{i}")
    steps = 0
    while state.undo():
        steps += 1
    assert steps == LONGEST_HISTORY
    assert state.choice() != start and not state.can_undo


def test_a_selection_is_taken_over_whole():
    snapshot = shops.shop()
    asked = Selection.of(date(2024, 2, 1), date(2024, 2, 9), {"region": ["Mug"]}, Against.YEAR)
    assert AppState(snapshot=snapshot, selection=asked).selection() == asked


def test_a_named_window_moves_with_new_data():
    shorter, longer = shops.one_day(), shops.shop(data_version=2)
    state = AppState(snapshot=shorter, preset="last-7-days")
    versions = _told(state)
    state._fixed, before = longer, state.window()
    assert state.window() == before
    assert state.look()
    assert versions and state.window() != before
    assert state.window().last == longer.last_day
    assert not state.look()


def test_a_choice_is_either_a_preset_or_days():
    with pytest.raises(EngineError, match="either"):
        Choice(preset="all", days=Window.inclusive(date(2024, 1, 1), date(2024, 1, 1)))
    with pytest.raises(EngineError, match="either"):
        Choice(preset="")


def test_only_dimensions_of_the_shop_are_offered():
    assert AppState(snapshot=shops.bare()).dimensions() == ()
    assert AppState(snapshot=shops.one_row()).dimensions() == ("product",)


def test_a_drill_down_goes_in_and_back_and_ends_where_it_began(state):
    start, first = state.choice(), state.window().start
    state.step(("region", "Mug"))
    state.step(("month", first))
    assert [str(step) for step in state.trail] == ["region", f"month:{first}"]
    assert state.selection().values("region") == ("Mug",)
    assert state.window().last < state.period().last and state.selection().custom is not None
    state.step_back(1)
    assert state.window() == state.period() and state.selection().values("region") == ("Mug",)
    state.step_back(0)
    assert state.choice() == start


def test_other_days_end_the_steps_into_days_and_a_lifted_filter_ends_its_own(state):
    state.step(("region", "Mug"))
    state.step(("month", state.window().start))
    state.commit(preset="last-7-days")
    assert [str(step) for step in state.trail] == ["region"]
    state.toggle("region", "Lamp")
    assert state.trail == ()


def test_a_reset_ends_a_drill_down(state):
    state.step(("region", "Mug"))
    state.commit(table="orders", split="product")
    state.reset()
    assert state.is_untouched and (state.trail, state.table, state.split) == ((), "", "")
