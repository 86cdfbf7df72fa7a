"""A metric by time and segment: one line a value, the largest six."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import param
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip
from components.safe import plain
from engine.describe import pivot
from engine.describe.grains import bucket_ends
from engine.dimensions import dimension
from engine.metrics import metric
from engine.selection import Selection

# Seven lines are more than an eye follows, and the palette has six colours that differ for everybody.
_MOST_LINES = 6

# Below this, months would leave two or three points; weeks show the same course.
_SHORTEST_BY_MONTH = 150
_SHORTEST_BY_WEEK = 22

_FEWEST_POINTS = 3

_NAMES = [f"line{i}" for i in range(_MOST_LINES)]


def _plot() -> Any:
    days = np.array(["2024-01-01", "2024-02-01"], dtype="datetime64[ns]")
    frame = plotter({"start": days, **{name: [1.0, 2.0] for name in _NAMES}})
    lines = [frame.line(x="start", y=name, shared_axes=False) for name in _NAMES]
    overlay = lines[0]
    for line in lines[1:]:
        overlay = overlay * line
    return overlay * frame.scatter(x="start", y="line0", shared_axes=False)


def _dress(figure: Figure) -> None:
    source, marks = figure.renderers[0].data_source, type(figure.renderers[0].data_source)()
    source.data = {c: [] for c in ("start", *_NAMES)}
    marks.data = {c: [] for c in ("start", "value", "color", "name", "when", "said")}
    *lines, points = figure.renderers
    for renderer, name in zip(lines, _NAMES, strict=True):
        renderer.update(name=name, data_source=source)
        renderer.glyph.update(line_width=2.2, line_join="round", line_cap="round")
    points.update(name="points", data_source=marks)
    points.glyph.update(y="value", size=7, line_width=1.6, fill_color="color")
    share_marks(figure)
    figure.center = [figure.ygrid[0]]
    hover(figure, [points])


def _color(figure: Figure, dark: bool) -> None:
    colors, found = theme.palette(dark), {r.name: r for r in figure.renderers}
    for name, color in zip(_NAMES, theme.series_colors(_MOST_LINES, dark), strict=True):
        found[name].glyph.line_color = color
    found["points"].glyph.line_color = colors.surface
    figure.hover[0].tooltips = tooltip(("name", "said", "when"), dark)


LINES = Blueprint("segment lines", _plot, _dress, _color)


class SegmentLines(ChartView):
    """A metric month by month for each segment (or another dimension's largest values)."""

    dimension = param.String(default="segment", doc="Name of the dimension, one line a value.")
    metric = param.String(default="", doc="Name of the metric; '' follows the state.")
    title = param.String(default="By segment over time")
    blueprint = LINES
    height = 288

    def answer(self, selection: Selection) -> Any:
        grain = grain_of(selection.window.days)
        return pivot(self.state.snapshot(), selection, self.metric or self.state.metric, grain, self.dimension)

    def show(self, answer: Any) -> None:
        meant, split = metric(answer.metric), dimension(answer.columns)
        names = [plain(label, 28) for label in answer.column_labels[:_MOST_LINES]]
        many = len(answer.column_labels) > _MOST_LINES
        title = f"{meant.label} by {answer.rows} and {split.label.lower()}" + (", largest six" if many else "")
        self.heading(title, note=meant.doc, legend=theme.legend(names, self.state.dark))
        whole = self._whole(answer)
        values = np.asarray(answer.values, float)[whole, :_MOST_LINES]
        if not values.size or not np.isfinite(values).any():
            self.empty(self.nothing(meant.label))
            return
        self._draw(answer, names, values, whole)
        self.full()

    def _whole(self, answer: Any) -> np.ndarray:
        """Positions of the buckets that lie in the window with all their days; all where that leaves no line.

        Half a week at either end would make every line dive.
        """
        window, starts = self.state.window(), np.asarray(answer.row_keys, "datetime64[D]")
        ends = bucket_ends(answer.rows, starts)
        inside = np.flatnonzero((starts >= np.datetime64(window.start)) & (ends <= np.datetime64(window.end)))
        return inside if len(inside) >= _FEWEST_POINTS else np.arange(len(starts))

    def _draw(self, answer: Any, names: list[str], values: np.ndarray, whole: np.ndarray) -> None:
        meant, currency = metric(answer.metric), self.state.snapshot().currency
        starts: list[date] = [answer.row_keys[i] for i in whole]
        days = np.asarray(starts, "datetime64[ms]")
        nothing = np.full(len(starts), np.nan)
        lines = {name: values[:, i] if i < len(names) else nothing for i, name in enumerate(_NAMES)}
        self.chart.feed("line0", {"start": days, **lines})
        rows, columns = np.nonzero(np.isfinite(values))
        colors = theme.series_colors(_MOST_LINES, self.state.dark)
        self.chart.feed("points", {
            "start": days[rows],
            "value": values[rows, columns],
            "color": [colors[c] for c in columns],
            "name": [names[c] for c in columns],
            "when": [theme.bucket(starts[r], answer.rows) for r in rows],
            "said": [theme.number(values[r, c], meant.unit, currency, exact=True)
                     for r, c in zip(rows, columns, strict=True)],
        })  # fmt: skip
        known = values[np.isfinite(values)]
        ticks = theme.value_ticks(max(float(known.max()), 0.0), min(float(known.min()), 0.0))
        self.chart.values(ticks, theme.tick_labels(ticks, meant.unit, currency))
        self.chart.dates(starts, answer.rows)


def grain_of(days: int) -> str:
    """Months where there are enough of them to make a line, else weeks, else days."""
    return "month" if days >= _SHORTEST_BY_MONTH else "week" if days >= _SHORTEST_BY_WEEK else "day"
