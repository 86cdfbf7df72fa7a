"""A change as a waterfall: from the figure before, factor by factor, to the figure now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, plotter
from components.row_chart import EDGE, ROW, color_rows, dress_rows
from components.slow_view import SlowView
from engine.diagnose.factors import BRIDGED, factors
from engine.metrics import metric
from engine.selection import Selection

_MOST_ROWS = 9

_COLUMNS = ("row", "left", "right", "low", "high", "name", "figure", "full", "moved", "was", "share", "fill", "end")


def _plot() -> Any:
    frame = plotter({"row": ["0", "1"], "right": [2.0, 2.0], "high": [1.0, 2.0], "end": [2.0, 1.0]})
    bars = [frame.barh(x="row", y=y, shared_axes=False) for y in ("right", "high")]
    return bars[0] * bars[1] * frame.scatter(x="row", y="end", invert=True, shared_axes=False)


def _dress(figure: Figure) -> None:
    dress_rows(figure, _COLUMNS, ("rows", "bars", "ends"))
    _, bars, ends = figure.renderers[:3]
    bars.glyph.update(left="low", right="high", height=0.24)
    ends.glyph.update(x="end", size=17, line_width=3)


def _color(figure: Figure, dark: bool) -> None:
    color_rows(figure, ("full", "moved", "was", "share"), dark=dark)
    figure.renderers[2].glyph.line_color = theme.palette(dark).accent


WATERFALL = Blueprint("waterfall", _plot, _dress, _color)


class Waterfall(SlowView, ChartView):
    """The factors of a change; their bars add up to it to the cent."""

    blueprint = WATERFALL
    height = 7 * ROW + EDGE

    def build(self) -> None:
        SlowView.build(self)
        ChartView.build(self)
        self.title = self.title or "What the change is made of"

    def question(self, selection: Selection) -> Callable[[], Any]:
        snapshot, name = self.state.snapshot(), self.state.metric
        return lambda: (name, factors(snapshot, selection, name))

    def waiting(self, sentence: str) -> None:
        self._shown = {"title": self.title}
        self.empty(sentence)

    def show(self, answer: Any) -> None:
        name, bridge = answer
        meant = metric(name)
        self.heading(f"{meant.label}: what the change is made of", note="Each factor's part of the change, by Shapley.")
        if bridge is None:
            known = ", ".join(metric(other).label.lower() for other in BRIDGED)
            self.empty(f"{meant.label} is no product of other figures; there is a waterfall of {known}.", height=150)
        elif bridge.note:
            self.empty(bridge.note, height=150)
        elif not bridge.parts or not bridge.change:
            self.empty(f"{meant.label} did not change, so there is nothing to take apart.", height=150)
        else:
            self._draw(bridge, meant)
            self.full()

    def _draw(self, bridge: Any, meant: Any) -> None:
        self.heading(self._shown["title"], note=self._shown["note"], legend=[
            {"name": sentence, "quiet": True} for sentence in bridge.merged
        ])  # fmt: skip
        currency, colors = self.state.snapshot().currency, theme.palette(self.state.dark)
        parts = bridge.parts[: _MOST_ROWS - 2]
        steps = np.cumsum([bridge.comparison, *(part.contribution for part in parts)])
        count, empty = len(parts) + 2, [np.nan]
        low, high = float(min(steps.min(), bridge.value)), float(max(steps.max(), bridge.value))
        room = (high - low or 1.0) * 0.02
        places = [str(i) for i in range(count)]
        said = [theme.signed(part.contribution, meant.unit, currency) for part in parts]
        exact = [theme.signed(part.contribution, meant.unit, currency, exact=True) for part in parts]
        ends = [theme.number(v, meant.unit, currency) for v in (bridge.comparison, bridge.value)]
        self.chart.factors("y", places[::-1])
        self.chart.feed("bars", {
            "row": places,
            "left": np.full(count, low - room),
            "right": np.full(count, high + room),
            "low": np.concatenate([empty, np.minimum(steps[:-1], steps[1:]), empty]),
            "high": np.concatenate([empty, np.maximum(steps[:-1], steps[1:]), empty]),
            "end": np.concatenate([[bridge.comparison], np.full(len(parts), np.nan), [bridge.value]]),
            "fill": [colors.muted, *(self._fill(part.contribution, meant) for part in parts), colors.muted],
            "name": ["Before", *(part.label for part in parts), "Now"],
            "full": ["Before", *(part.label for part in parts), "Now"],
            "figure": [ends[0], *said, ends[1]],
            "moved": ["", *exact, ""],
            "was": ["", *(_was(part, currency) for part in parts), ""],
            "share": ["", *("" if part.share is None else f"{part.share:.0%} of the change" for part in parts), ""],
        })  # fmt: skip
        self.chart.stretch(low - room, high + room)
        self.chart.resize(count * ROW + EDGE)

    def _fill(self, contribution: float, meant: Any) -> str:
        colors = theme.palette(self.state.dark)
        if meant.up_is_good is None or not contribution:
            return colors.before
        return colors.good if (contribution > 0) == meant.up_is_good else colors.bad


def _was(part: Any, currency: str | None) -> str:
    before, now = (theme.number(v, part.unit, currency, exact=True) for v in (part.comparison, part.value))
    return f"{before} before, {now} now"
