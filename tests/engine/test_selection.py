"""Windows are half open, comparisons derived, filters in one order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError, UnknownName
from engine.selection import Against, Selection, Window

DAYS = st.dates(date(2000, 3, 1), date(2090, 1, 1))
WINDOWS = st.builds(
    lambda first, more: Window.inclusive(first, first + timedelta(days=more)), DAYS, st.integers(0, 800)
)


def compared(first: str, last: str, against: Against) -> str:
    selection = Selection.of(date.fromisoformat(first), date.fromisoformat(last), against=against)
    return str(selection.comparison().window)


@pytest.mark.parametrize(
    ("first", "last", "against", "expected"),
    [
        ("2025-03-08", "2025-03-14", Against.PREVIOUS, "2025-03-01 to 2025-03-07"),
        ("2025-03-01", "2025-03-31", Against.PREVIOUS, "2025-02-01 to 2025-02-28"),
        ("2025-01-01", "2025-03-31", Against.PREVIOUS, "2024-10-01 to 2024-12-31"),
        ("2025-03-14", "2025-03-14", Against.PREVIOUS, "2025-03-13 to 2025-03-13"),
        ("2024-02-29", "2024-02-29", Against.YEAR, "2023-02-28 to 2023-02-28"),
        ("2025-02-01", "2025-02-28", Against.YEAR, "2024-02-01 to 2024-02-28"),
        ("2025-03-01", "2025-03-10", Against.TO_DATE, "2025-02-01 to 2025-02-10"),
        ("2025-03-01", "2025-03-31", Against.TO_DATE, "2025-02-01 to 2025-02-28"),
        ("2025-04-01", "2025-05-20", Against.TO_DATE, "2025-01-01 to 2025-02-19"),
        ("2025-01-01", "2025-09-30", Against.TO_DATE, "2024-01-01 to 2024-09-29"),
    ],
)
def test_the_comparison_a_person_would_draw_on_a_calendar(first, last, against, expected):
    assert compared(first, last, against) == expected


def test_no_comparison_is_none_and_a_picked_one_wins():
    day = date(2025, 3, 1)
    picked = Window.inclusive(date(2020, 1, 1), date(2020, 1, 5))
    assert Selection.of(day, day, against=Against.NONE).comparison() is None
    assert Selection(Window.inclusive(day, day), custom=picked).comparison().window == picked


@given(WINDOWS)
def test_the_previous_window_ends_where_the_window_starts(window):
    assert Selection(window).comparison().window.end == window.start


@given(WINDOWS, st.sampled_from(list(Against)))
def test_a_comparison_keeps_filters_and_is_not_compared_again(window, against):
    selection = Selection(window, against=against).where("region", ["West"])
    other = selection.comparison()
    assert other is None or (other.values("region") == ("West",) and other.comparison() is None)


def test_a_window_without_a_day_is_refused_in_words():
    with pytest.raises(EngineError, match="holds no day; choose a last day on or after the first"):
        Window(date(2025, 1, 2), date(2025, 1, 2))


@given(st.dictionaries(st.sampled_from(["region", "segment", "channel"]), st.lists(st.text(max_size=3), max_size=3)))
def test_filters_are_equal_whatever_the_order_they_were_set_in(filters):
    day = date(2025, 1, 1)
    forwards = Selection.of(day, day, filters)
    backwards = Selection.of(day, day, {k: reversed(v) for k, v in reversed(filters.items())})
    assert forwards == backwards and hash(forwards) == hash(backwards)


def test_toggling_twice_changes_nothing():
    selection = Selection.of(date(2025, 1, 1), date(2025, 1, 9), {"region": ["North"]})
    assert selection.toggle("region", "West").values("region") == ("North", "West")
    assert selection.toggle("region", "West").toggle("region", "West") == selection
    assert selection.toggle("region", "North").filters == ()


def test_a_filter_on_no_dimension_names_the_close_one():
    with pytest.raises(UnknownName, match="No dimension named 'regoin'. Did you mean 'region'"):
        Selection.of(date(2025, 1, 1), date(2025, 1, 1), {"regoin": ["x"]})
