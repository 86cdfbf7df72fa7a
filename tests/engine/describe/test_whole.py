"""A change is told only between periods the shop has whole; everything else says why not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.describe import breakdown, comparison_of, drill, gap, kpis, top, trend
from engine.describe.values import verdict
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

FIRST, LAST = date(2010, 12, 1), date(2011, 12, 9)
DAYS = (LAST - FIRST).days + 1
BEGINS = "The shop's data begins on 1 Dec 2010, so there is no whole period to compare with."


def _shop(daily: float = 10.0) -> Snapshot:
    """One sale a day from the first to the last, but none on Saturdays; it is worth a little more each day."""
    days = [day for day in (FIRST + timedelta(days=n) for n in range(DAYS)) if day.weekday() != 5]
    revenue = [daily + n / 100 for n in range(len(days))]
    return Snapshot.from_columns(
        {
            "date": np.array(days, "datetime64[D]"),
            "revenue": np.array(revenue),
            "region": ["North", "South"] * (len(days) // 2) + ["North"] * (len(days) % 2),
        }
    )


SHOP = _shop()


def _over(first, last, against=Against.PREVIOUS, custom=None) -> Selection:
    return Selection(Window.inclusive(date.fromisoformat(first), date.fromisoformat(last)), (), against, custom)


def _revenue(window: Window) -> float:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    sold = [day for day in days if day.weekday() != 5]
    return sum(10 + n / 100 for n, day in enumerate(sold) if window.start <= day < window.end)


NOTES = [
    pytest.param(_over("2011-01-01", "2011-11-30"), BEGINS, "data begins 1 Dec 2010", id="before the first day"),
    pytest.param(_over("2010-12-01", "2011-12-09"), BEGINS, "data begins 1 Dec 2010", id="all days"),
    pytest.param(_over("2011-06-01", "2011-06-30", Against.YEAR), BEGINS, "data begins 1 Dec 2010", id="a year ago"),
    pytest.param(
        _over("2011-12-01", "2011-12-31"),
        "The shop's data ends on 9 Dec 2011; choose 'to date' to compare like with like.",
        "data ends 9 Dec 2011",
        id="an unfinished month",
    ),
    pytest.param(
        _over("2011-11-01", "2011-11-30", custom=Window(date(2011, 12, 1), date(2012, 1, 1))),
        "The shop's data ends on 9 Dec 2011, so there is no whole period to compare with.",
        "data ends 9 Dec 2011",
        id="a picked comparison after the last day",
    ),
    pytest.param(
        _over("2010-11-01", "2010-12-31", custom=Window(date(2011, 3, 1), date(2011, 5, 1))),
        "The shop's data begins on 1 Dec 2010; choose days from then on to compare whole periods.",
        "data begins 1 Dec 2010",
        id="days before the first one",
    ),
    pytest.param(
        _over("2012-01-01", "2012-03-31", Against.TO_DATE),
        None,
        None,
        id="to date after the last day",
    ),
]


@pytest.mark.parametrize(("selection", "note", "brief"), NOTES[:-1])
def test_every_answer_says_why_it_tells_no_change(selection, note, brief):
    (kpi,) = kpis(SHOP, selection, ("revenue",))
    assert (kpi.note, kpi.brief, kpi.change, kpi.noise) == (note, brief, None, None)
    bars = breakdown(SHOP, selection, "revenue", "region", limit=1)
    table = top(SHOP, selection, "region")
    split = drill(SHOP, selection, ("region",))
    assert {bars.note, table.note, split.note, trend(SHOP, selection, "revenue").note} == {note}
    assert {row.change for row in (*bars.rows, *split.rows)} == {None} and {row.noise for row in bars.rows} == {None}
    assert {change for row in table.rows for change in row.changes} <= {None}


@pytest.mark.parametrize(("selection", "note", "brief"), NOTES[:-1])
def test_the_comparison_still_has_its_value(selection, note, brief):
    (kpi,) = kpis(SHOP, selection, ("revenue",))
    window = selection.comparison().window
    expected = _revenue(window) if window.end > FIRST and window.start <= LAST else None
    assert kpi.comparison == (None if expected is None else pytest.approx(expected))


def test_whole_periods_are_compared_also_where_the_shop_is_closed_on_saturdays():
    selection = _over("2011-02-05", "2011-03-11")
    assert selection.window.start.weekday() == 5
    (kpi,) = kpis(SHOP, selection, ("revenue",))
    assert (kpi.note, kpi.brief) == (None, None) and kpi.noise is not None
    now, before = _revenue(selection.window), _revenue(selection.comparison().window)
    assert kpi.change == pytest.approx((now - before) / before)
    assert breakdown(SHOP, selection, "revenue", "region").note is None
    assert all(row.change is not None for row in drill(SHOP, selection, ("region",)).rows)


def test_the_comparison_may_begin_with_the_first_day_and_end_with_the_last():
    first_month = _over("2011-01-01", "2011-01-31")
    assert comparison_of(SHOP, first_month).window.start == FIRST and gap(SHOP, first_month) is None
    to_the_end = _over("2011-11-01", "2011-11-09", custom=Window(date(2011, 12, 1), date(2011, 12, 10)))
    assert gap(SHOP, to_the_end) is None


def test_to_date_compares_as_many_days_as_the_shop_has():
    december = _over("2011-12-01", "2011-12-31", Against.TO_DATE)
    (kpi,) = kpis(SHOP, december, ("revenue",))
    compared = comparison_of(SHOP, december).window
    assert compared == Window(date(2011, 11, 1), date(2011, 11, 10))
    now, before = _revenue(december.window), _revenue(compared)
    assert (kpi.value, kpi.comparison) == (pytest.approx(now), pytest.approx(before))
    assert kpi.note is None and kpi.change == pytest.approx((now - before) / before)
    quarter = _over("2011-10-01", "2011-12-31", Against.TO_DATE)
    assert comparison_of(SHOP, quarter).window == Window(date(2011, 7, 1), date(2011, 9, 9))


def test_to_date_before_the_first_day_is_no_comparison_either():
    assert gap(SHOP, _over("2011-01-01", "2011-12-31", Against.TO_DATE)).note == BEGINS


def test_without_a_comparison_or_without_data_there_is_nothing_to_explain():
    assert gap(SHOP, _over("2010-12-01", "2012-01-31", Against.NONE)) is None
    empty = Snapshot.from_columns({"date": np.array([], "datetime64[D]")})
    assert gap(empty, _over("2011-01-01", "2011-01-31")) is None


def test_a_missing_column_is_said_instead_of_the_note():
    (kpi,) = kpis(SHOP, _over("2010-12-01", "2011-12-09"), ("gross_margin",))
    assert kpi.missing and kpi.note is None


@settings(max_examples=120, deadline=None)
@given(
    st.integers(-40, DAYS + 40),
    st.integers(1, 420),
    st.sampled_from([Against.PREVIOUS, Against.YEAR, Against.TO_DATE]),
)
def test_a_change_is_told_exactly_where_both_periods_are_whole(start, days, against):
    window = Window(FIRST + timedelta(days=start), FIRST + timedelta(days=start + days))
    selection = Selection(window, against=against)
    (kpi,) = kpis(SHOP, selection, ("revenue",))
    other = comparison_of(SHOP, selection).window
    told = other.start >= FIRST and other.last <= LAST and window.start >= FIRST
    told &= against is Against.TO_DATE or window.last <= LAST
    assert (kpi.note is None) == told
    assert kpi.change is None or told
    if against is Against.TO_DATE and window.start <= LAST:
        assert other.days <= (min(window.last, LAST) - window.start).days + 1


def test_no_change_beyond_what_chance_does_is_called_noise():
    assert verdict(True, 11, 1) is None and verdict(True, 1, 11) is None
    assert verdict(True, 3, 1) is True and verdict(False, 11, 1) is False
    assert verdict(True, 3, 0) is None and verdict(True, None, 1) is None and verdict(None, 3, 2) is None
