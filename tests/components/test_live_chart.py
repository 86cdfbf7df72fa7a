"""A chart is built once with hvPlot, copied per visitor, and fed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.events import DoubleTap, Tap
from bokeh.models import ColumnDataSource, FactorRange, Range1d

from components import live_chart, theme
from components.breakdown_bars import BARS
from components.live_chart import LiveChart, copied, template
from components.trend_chart import TREND
from components.warm import blueprints, warm


def test_hvplot_is_asked_once_per_process():
    asked = []
    counting = replace(TREND, name="counted", plot=lambda: asked.append(1) or TREND.plot())
    charts = [LiveChart(counting, height=200) for _ in range(3)]
    live_chart._templates.pop("counted")
    assert len(asked) == 1
    assert len({chart.figure.id for chart in charts}) == 3


@pytest.mark.parametrize("blueprint", blueprints(), ids=lambda b: b.name)
def test_copies_share_no_model_and_are_equal(blueprint):
    original, copy = template(blueprint), copied(template(blueprint))
    ours, theirs = ({m.id: m for m in f.references()} for f in (original, copy))
    assert not set(ours) & set(theirs)
    assert sorted(type(m).__name__ for m in ours.values()) == sorted(type(m).__name__ for m in theirs.values())
    for one, other in zip(original.references(), copied(original).references(), strict=True):
        assert type(one) in {type(m) for m in theirs.values()} and type(other) in {type(m) for m in ours.values()}


def test_feeding_a_copy_leaves_the_template_and_other_copies_alone():
    one, other = LiveChart(BARS, height=200), LiveChart(BARS, height=200)
    one.factors("y", ["0"])
    one.feed("bars", {c: [0] for c in template(BARS).renderers[0].data_source.data})
    one.span(0.0, 5.0)
    for figure in (other.figure, template(BARS)):
        assert len(figure.renderers[0].data_source.data["row"]) == 0
        assert figure.x_range.end != 5.0


def test_a_change_in_a_copy_reaches_its_document():
    chart, document, events = LiveChart(BARS, height=200), Document(), []
    document.add_root(chart.figure)
    document.on_change(events.append)
    chart.factors("y", ["a", "b"])
    chart.span(0.0, 9.0)
    chart.resize(333)
    assert {getattr(e, "attr", None) for e in events} >= {"factors", "end", "height"}
    assert chart.pane.height == 333


@pytest.mark.parametrize("blueprint", blueprints(), ids=lambda b: b.name)
def test_what_is_left_is_what_is_needed(blueprint):
    figure = copied(template(blueprint))
    assert figure.toolbar_location is None and figure.sizing_mode == "stretch_width"
    assert len(figure.references()) <= 40
    kinds = {type(tool).__name__ for tool in figure.toolbar.tools}
    assert kinds <= {"HoverTool"}
    for axis in figure.axis:
        assert type(axis.formatter).__name__ != "DatetimeTickFormatter"
        assert getattr(axis.formatter, "use_scientific", False) is False


def test_every_row_of_a_source_has_one_view():
    for blueprint in blueprints():
        for renderer in template(blueprint).renderers:
            for other in template(blueprint).renderers:
                assert (renderer.view is other.view) == (renderer.data_source is other.data_source)


def test_ranges_are_the_charts_own():
    charts = [LiveChart(b, height=200) for b in blueprints()]
    ranges = [r.id for c in charts for r in (c.figure.x_range, c.figure.y_range)]
    assert len(ranges) == len(set(ranges))


def test_dates_and_values_set_ticks_labels_and_ranges():
    chart = LiveChart(TREND, height=200)
    starts = [date(2024, 1, 1) + timedelta(days=i) for i in range(10)]
    chart.dates(starts, "day")
    chart.values([0.0, 5.0, 10.0], {0.0: "0", 5.0: "5", 10.0: "10"})
    found = chart.figure.y_range
    assert isinstance(found, Range1d) and -0.5 < found.start < 0 and 10 < found.end < 10.5
    assert chart.figure.x_range.start < theme.milliseconds(starts[0]) < theme.milliseconds(starts[-1])
    assert chart.figure.yaxis[0].ticker.ticks == [0.0, 5.0, 10.0]
    assert set(chart.figure.xaxis[0].ticker.ticks) == set(chart.figure.xaxis[0].major_label_overrides)


def test_one_day_alone_has_room_on_its_axis():
    chart = LiveChart(TREND, height=200)
    chart.dates([date(2024, 1, 1)], "day")
    assert chart.figure.x_range.end > chart.figure.x_range.start


def test_categories_may_change_between_feeds():
    chart = LiveChart(BARS, height=200)
    for factors in (["a", "b"], [], ["z"]):
        chart.factors("y", factors)
        assert isinstance(chart.figure.y_range, FactorRange) and chart.figure.y_range.factors == factors


def test_clicks_are_told_by_row_also_quick_ones_and_those_beside_the_rows_are_not():
    chart, told = LiveChart(BARS, height=200), []
    chart.on_row(told.append)
    chart.factors("y", ["2", "1", "0"])
    for kind, x, y in ((Tap, 4.0, 0.5), (DoubleTap, 4.0, 0.5), (Tap, 4.0, 2.9)):
        chart.figure._trigger_event(kind(model=chart.figure, x=x, y=y))
    for x, y in ((-1.0, 1.0), (4.0, 3.1), (4.0, -0.1), (None, None)):
        chart.figure._trigger_event(Tap(model=chart.figure, x=x, y=y))
    assert told == [2, 2, 0]


def test_dark_mode_changes_colors_and_nothing_else():
    chart = LiveChart(TREND, height=200)
    light = chart.renderers["whole"].glyph.line_color
    chart.recolor(True)
    assert chart.renderers["whole"].glyph.line_color == theme.DARK.accent != light
    assert chart.figure.yaxis[0].major_label_text_color == theme.DARK.faint
    assert isinstance(chart.renderers["whole"].data_source, ColumnDataSource)


def test_warming_builds_every_template():
    assert warm() == len(blueprints()) >= 4
    assert {b.name for b in blueprints()} <= set(live_chart._templates)


def test_importing_components_loads_no_plotting_library():
    code = (
        "import sys, components.trend_chart, components.kpi_cards, components.warm;"
        "print([m for m in ('hvplot', 'holoviews', 'pandas.plotting') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_numbers_reach_the_figure_as_given():
    chart = LiveChart(TREND, height=200)
    column = np.array([1.0, np.nan, 3.0])
    chart.feed("whole", {c: column for c in chart.sources["whole"].data})
    np.testing.assert_array_equal(chart.sources["area"].data["whole"], column)
