"""A figure by day or week inside the band that the season leaves to chance, with what fell out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.plotting import figure as Figure

from components import theme
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip

_COLUMNS = ("start", "actual", "expected", "low", "high", "spike", "dip", "when", "said", "usual", "word")


def _plot() -> Any:
    days = np.array(["2024-01-01", "2024-01-02"], dtype="datetime64[ns]")
    frame = plotter({"start": days, **{name: [1.0, 2.0] for name in ("expected", "actual", "spike", "dip")}})
    lines = [frame.line(x="start", y=y, shared_axes=False) for y in ("expected", "actual")]
    marks = [frame.scatter(x="start", y=y, shared_axes=False) for y in ("spike", "dip")]
    return lines[0] * lines[1] * marks[0] * marks[1]


def _dress(figure: Figure) -> None:
    source = figure.renderers[0].data_source
    source.data = {c: [] for c in _COLUMNS}
    for renderer, name in zip(figure.renderers, ("expected", "actual", "spikes", "dips"), strict=True):
        renderer.update(name=name, data_source=source)
    expected, actual, spikes, dips = figure.renderers
    expected.glyph.update(line_width=1.4, line_dash=[5, 4], line_cap="round")
    actual.glyph.update(line_width=1.8, line_join="round", line_cap="round")
    spikes.glyph.update(y="spike", size=9, line_width=2)
    dips.glyph.update(y="dip", size=9, line_width=2)
    figure.varea(x="start", y1="low", y2="high", source=source, name="band", fill_alpha=0.13, level="underlay")
    share_marks(figure)
    figure.center = [figure.ygrid[0]]
    hover(figure, [actual], mode="vline")


def _color(figure: Figure, dark: bool) -> None:
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    found["expected"].glyph.line_color = colors.before
    found["actual"].glyph.line_color = colors.accent
    found["band"].glyph.fill_color = colors.before
    found["spikes"].glyph.update(line_color=colors.good, fill_color=colors.surface)
    found["dips"].glyph.update(line_color=colors.bad, fill_color=colors.surface)
    figure.hover[0].tooltips = tooltip(("when", "said", "usual", "word"), dark)


COURSE = Blueprint("course", _plot, _dress, _color)
