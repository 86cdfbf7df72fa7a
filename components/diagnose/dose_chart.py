"""An effect by dose: the mean at each dose with its interval, and the line through them."""

from __future__ import annotations

from typing import Any

from bokeh.models import ColumnDataSource
from bokeh.plotting import figure as Figure

from components import theme
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip

_COLUMNS = ("dose", "mean", "low", "high", "size", "name", "said", "range", "count")


def _plot() -> Any:
    frame = plotter({"dose": [1.0, 2.0], "line": [2.0, 1.0], "mean": [2.0, 1.0]})
    return frame.line(x="dose", y="line", shared_axes=False) * frame.scatter(x="dose", y="mean", shared_axes=False)


def _dress(figure: Figure) -> None:
    line, points = figure.renderers
    line.update(name="line")
    line.glyph.update(line_width=2, line_dash=[6, 4], line_cap="round")
    line.data_source.data = {"dose": [], "line": []}
    source = ColumnDataSource({c: [] for c in _COLUMNS})
    points.update(name="points", data_source=source)
    points.glyph.update(x="dose", y="mean", size="size", line_width=1.5)
    figure.segment(x0="dose", x1="dose", y0="low", y1="high", source=source, name="whiskers", line_width=2,
                         line_cap="round", level="underlay")  # fmt: skip
    share_marks(figure)
    figure.center = [figure.ygrid[0]]
    hover(figure, [points])


def _color(figure: Figure, dark: bool) -> None:
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    found["line"].glyph.line_color = colors.before
    found["points"].glyph.update(line_color=colors.surface, fill_color=colors.accent)
    found["whiskers"].glyph.line_color = colors.accent
    figure.hover[0].tooltips = tooltip(("name", "said", "range", "count"), dark)


DOSE = Blueprint("dose", _plot, _dress, _color)
