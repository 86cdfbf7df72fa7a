"""What the charts draw is what the engine answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from bokeh.events import Tap

from components import theme
from components.breakdown_bars import BreakdownBars
from components.heatmap import Heatmap
from components.segment_lines import SegmentLines, grain_of
from components.state import AppState
from components.trend_chart import TrendChart
from engine.describe import breakdown, pivot, trend
from engine.selection import Window
from tests.components import shops


@pytest.fixture
def state() -> AppState:
    return AppState(snapshot=shops.shop(names=("Mug", "Lamp", "Bag")), preset="all")


def tap(chart, row: int, kind=Tap) -> None:
    place = len(chart.figure.y_range.factors) - 1 - row + 0.5
    chart.figure._trigger_event(kind(model=chart.figure, x=0.0, y=place))


def _column(view, renderer, name):
    return view.chart.renderers[renderer].data_source.data[name]


def test_the_trend_draws_the_engines_values(state):
    state.commit(grain="week", preset="last-90-days")
    view = TrendChart(state)
    answer = trend(state.snapshot(), state.selection(), "revenue", "week")
    np.testing.assert_array_equal(_column(view, "whole", "point"), answer.values)
    np.testing.assert_array_equal(_column(view, "whole", "comparison"), answer.comparison)
    top = np.nanmax(np.concatenate([answer.values, answer.comparison]))
    assert view.chart.figure.y_range.start <= 0 and view.chart.figure.y_range.end >= top


def test_a_partial_bucket_is_dotted_and_hangs_on_the_line(state):
    state.commit(grain="week", preset="last-90-days")
    view = TrendChart(state)
    partial = np.array(trend(state.snapshot(), state.selection(), "revenue", "week").partial)
    assert partial.any()
    assert np.isnan(np.asarray(_column(view, "whole", "whole"))[partial]).all()
    dotted = np.isfinite(np.asarray(_column(view, "whole", "partial")))
    assert dotted[partial].all() and dotted.sum() > partial.sum()
    assert "(so far)" in [w for w, p in zip(_column(view, "whole", "when"), partial, strict=True) if p][0]


def test_a_grain_button_is_a_commit(state):
    view = TrendChart(state)
    view.picked({"control": "grain", "value": "day"})
    assert state.grain == "day"
    view.picked({"control": "grain", "value": "century"})
    assert state.grain == "day"


def test_bars_draw_the_engines_rows_largest_on_top(state):
    view = BreakdownBars(state, dimension="region")
    answer = breakdown(state.snapshot(), state.selection(), "revenue", "region", limit=8)
    assert list(_column(view, "bars", "value")) == [row.value for row in answer.rows]
    assert list(view.chart.figure.y_range.factors) == [str(i) for i in reversed(range(len(answer.rows)))]
    assert view.chart.figure.x_range.start == 0


def test_bars_below_zero_stay_inside_and_their_names_at_the_edge(state):
    view = BreakdownBars(state, dimension="region")
    answer = breakdown(state.snapshot(), state.selection(), "revenue", "region", limit=8)
    rows = (answer.rows[0], replace(answer.rows[1], value=-2.0 * answer.rows[0].value))
    view.show(replace(answer, rows=rows))
    found = view.chart.figure.x_range
    assert found.start == -2.0 * answer.rows[0].value and found.end > answer.rows[0].value
    assert set(_column(view, "bars", "left")) == {found.start}
    tap(view.chart, 1)
    assert state.selection().values("region") == (rows[1].key,)


def test_a_click_on_a_bar_filters_and_another_lifts(state):
    view = BreakdownBars(state, dimension="region")
    key = view._keys[1]
    tap(view.chart, 1)
    assert state.selection().values("region") == (key,)
    assert len(_column(view, "bars", "name")) == 3
    chosen = view._keys.index(key)
    assert _column(view, "bars", "name")[chosen].startswith("✓")
    assert _column(view, "bars", "fill")[chosen] == theme.LIGHT.accent
    assert set(_column(view, "bars", "fill")) == {theme.LIGHT.accent, theme.LIGHT.before}
    tap(view.chart, chosen)
    assert state.selection().filters == ()
    view._clicked(99)
    assert state.selection().filters == ()


def test_the_area_ends_where_the_line_does(state):
    last = state.snapshot().last_day
    state.commit(window=Window.inclusive(last - timedelta(days=9), last + timedelta(days=20)), grain="day")
    view = TrendChart(state)
    edge, under = (np.asarray(_column(view, "whole", name)) for name in ("edge", "under"))
    assert len(under) == 30 and np.isfinite(under).all()
    assert edge.max().astype("datetime64[D]") == np.datetime64(last)
    assert (under[10:] == under[9]).all()


def test_bars_beyond_the_limit_are_said_in_words():
    state = AppState(snapshot=shops.shop(names=tuple(f"n{i:02d}" for i in range(20))), preset="all")
    view = BreakdownBars(state, dimension="product", limit=5)
    said = [entry["name"] for entry in view._heading.told()["legend"]]
    assert any(words.startswith("and 15 more with £") for words in said)
    assert len(_column(view, "bars", "value")) == 5


def test_a_ratio_of_the_rest_is_no_sum():
    names = tuple(f"n{i:02d}" for i in range(20))
    state = AppState(snapshot=shops.shop(names=names), preset="all", metric="aov")
    said = [entry["name"] for entry in BreakdownBars(state, dimension="product", limit=5)._heading.told()["legend"]]
    assert any(words.startswith("and 15 more at £") for words in said)


def test_bars_grow_with_their_rows(state):
    view = BreakdownBars(state, dimension="region")
    tall = view.chart.figure.height
    state.commit(filters={"product": ("Mug",)}, window=Window.inclusive(date(2024, 1, 1), date(2024, 1, 3)))
    assert view.chart.figure.height <= tall


def test_lines_draw_whole_months_of_each_segment(state):
    view = SegmentLines(state, dimension="segment")
    answer = pivot(state.snapshot(), state.selection(), "revenue", "month", "segment")
    drawn = np.asarray(_column(view, "line0", "line0"))
    assert len(drawn) == 12  # 366 days from 1 January: the year whole, the day after it left out
    np.testing.assert_array_equal(drawn, np.asarray(answer.values)[:12, 0])
    assert [entry["name"] for entry in view._heading.told()["legend"]] == list(answer.column_labels)
    assert np.isnan(np.asarray(_column(view, "line0", "line5"))).all()


def test_more_values_than_lines_are_said():
    state = AppState(snapshot=shops.shop(names=tuple("abcdefghij")), preset="all")
    view = SegmentLines(state, dimension="segment")
    assert "largest six" in view._heading.told()["title"]
    assert len(view._heading.told()["legend"]) == 6


@pytest.mark.parametrize(("days", "grain"), [(7, "day"), (30, "week"), (90, "week"), (150, "month"), (3000, "month")])
def test_lines_use_the_largest_bucket_that_leaves_a_line(days, grain):
    assert grain_of(days) == grain


def test_the_heatmap_says_its_darkest_cell(state):
    view = Heatmap(state)
    answer = pivot(state.snapshot(), state.selection(), "revenue", "weekday", "hour")
    said = view._heading.told()["legend"][0]["name"]
    assert theme.number(float(np.nanmax(answer.values)), "money", "GBP", exact=True) in said
    assert list(view.chart.figure.y_range.factors) == list(reversed(theme.WEEKDAYS))
    strongest = int(np.argmax([text in said for text in _column(view, "cells", "name")]))
    assert _column(view, "cells", "fill")[strongest] == theme.LIGHT.heat[-1]


def test_without_hours_the_heatmap_has_months():
    view = Heatmap(AppState(snapshot=shops.bare(), preset="all"))
    assert "weekday and month" in view._heading.told()["title"]
    assert list(view.chart.figure.x_range.factors)[:2] == ["Jan 24", "Feb 24"]


@pytest.mark.parametrize("view", [TrendChart, BreakdownBars, SegmentLines, Heatmap])
def test_every_column_of_a_chart_has_one_length(view, state):
    made = view(state)
    for change in ({"preset": "last-7-days"}, {"metric": "satisfaction"}, {"filters": {"region": ("Mug",)}}):
        state.commit(**change)
        for source in made.chart.sources.values():
            assert len({len(column) for column in source.data.values()}) == 1
