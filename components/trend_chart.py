"""How a metric went, by day, week or month, beside the window it is compared with."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import param
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip
from components.state import GRAINS
from engine.describe import default_grain, trend
from engine.metrics import metric
from engine.selection import Selection

_HEIGHT = 288


def _plot() -> Any:
    days = np.array(["2024-01-01", "2024-01-02"], dtype="datetime64[ns]")
    sample = {"start": days, "comparison": [1.0, 2.0], "whole": [1.0, 2.0], "partial": [1.0, 2.0]}
    frame = plotter(sample)
    lines = [frame.line(x="start", y=y, shared_axes=False) for y in ("comparison", "whole", "partial")]
    return lines[0] * lines[1] * lines[2] * frame.scatter(x="start", y="whole", shared_axes=False)


def _dress(figure: Figure) -> None:
    names = ("comparison", "whole", "partial", "points")
    source = figure.renderers[0].data_source
    source.data = {
        c: [] for c in ("start", "comparison", "whole", "partial", "point", "edge", "under", "when", "now", "then")
    }
    for renderer, name in zip(figure.renderers, names, strict=True):
        renderer.update(name=name, data_source=source)
    comparison, whole, partial, points = figure.renderers
    comparison.glyph.update(line_width=1.6, line_dash=[5, 4], line_cap="round")
    whole.glyph.update(line_width=2.4, line_join="round", line_cap="round")
    partial.glyph.update(line_width=2.0, line_dash=[2, 4], line_cap="round")
    points.glyph.update(y="point", size=6, line_width=1.8)
    figure.varea(x="edge", y1=0, y2="under", source=source, name="area", fill_alpha=0.10, level="underlay")
    share_marks(figure)
    figure.center = [figure.ygrid[0]]
    hover(figure, [points], mode="vline")


def _color(figure: Figure, dark: bool) -> None:
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    found["comparison"].glyph.line_color = colors.before
    for name in ("whole", "partial"):
        found[name].glyph.line_color = colors.accent
    found["area"].glyph.fill_color = colors.accent
    found["points"].glyph.update(line_color=colors.accent, fill_color=colors.surface)
    figure.hover[0].tooltips = tooltip(("when", "now", "then"), dark)


TREND = Blueprint("trend", _plot, _dress, _color)

# Points on a daily line of three months would read as a caterpillar; up to a month they help the eye.
_MOST_POINTS = 40


class TrendChart(ChartView):
    """A metric over time; the last bucket is dotted while its days are not all there yet."""

    metric = param.String(default="", doc="Name of the metric; '' follows the state.")
    title = param.String(default="Over time")
    blueprint = TREND
    height = _HEIGHT

    def answer(self, selection: Selection) -> Any:
        grain = self.state.grain or str(default_grain(selection.window))
        return trend(self.state.snapshot(), selection, self.metric or self.state.metric, grain)

    def show(self, answer: Any) -> None:
        meant = metric(answer.metric)
        self.heading(
            f"{meant.label} by {answer.grain}",
            note=meant.doc,
            legend=self._legend(),
            controls=[self.choices("grain", "Bucket", [(g, theme.GRAIN_WORDS[g]) for g in GRAINS], answer.grain)],
        )
        values, comparison = np.asarray(answer.values, float), np.asarray(answer.comparison, float)
        if not np.isfinite(values).any() and not np.isfinite(comparison).any():
            self.empty(self.nothing(meant.label))
            return
        self._draw(answer, values, comparison)
        self.full()

    def _draw(self, answer: Any, values: np.ndarray, comparison: np.ndarray) -> None:
        meant, currency = metric(answer.metric), self.state.snapshot().currency
        starts = _days(answer.starts)
        partial = np.asarray(answer.partial, bool)
        said = [theme.number(v, meant.unit, currency, exact=True) for v in values]
        self.chart.feed("whole", {
            "start": np.asarray(answer.starts, "datetime64[ms]"),
            "comparison": comparison,
            "whole": np.where(partial, np.nan, values),
            "partial": _tail(values, partial),
            "point": values,
            "edge": np.asarray(answer.starts, "datetime64[ms]")[_within(values)],
            "under": values[_within(values)],
            "when": [theme.bucket(s, answer.grain) + (" (so far)" if p else "")
                     for s, p in zip(starts, partial, strict=True)],
            "now": said,
            "then": [f"{theme.number(v, meant.unit, currency, exact=True)} before" if np.isfinite(v) else ""
                     for v in comparison],
        })  # fmt: skip
        few = len(values) <= _MOST_POINTS
        self.chart.renderers["points"].glyph.update(line_alpha=float(few), fill_alpha=float(few))
        low, top = _reach(values, comparison)
        ticks = theme.value_ticks(top, low)
        self.chart.values(ticks, theme.tick_labels(ticks, meant.unit, currency))
        self.chart.dates(starts, answer.grain)

    def _legend(self) -> list[dict]:
        compared = self.state.compared()
        before = theme.days(compared) if compared is not None else None
        return theme.legend([theme.days(self.state.window())], self.state.dark, before=before)

    def picked(self, message: dict) -> None:
        if message.get("control") == "grain" and message.get("value") in GRAINS:
            self.state.commit(grain=message["value"])


def _tail(values: np.ndarray, partial: np.ndarray) -> np.ndarray:
    """The partial buckets and the whole ones they hang on, so that the dotted line meets the full one."""
    near = partial | np.append(partial[1:], False) | np.insert(partial[:-1], 0, False)
    return np.where(near & partial.any(), values, np.nan)


def _within(values: np.ndarray) -> np.ndarray:
    """For each position the nearest one between the first and the last value: an area must end where its line does."""
    known = np.flatnonzero(np.isfinite(values))
    return np.clip(np.arange(len(values)), known[0], known[-1]) if len(known) else np.arange(len(values))


def _reach(*series: np.ndarray) -> tuple[float, float]:
    """Lowest and highest value with zero always inside: a line cut off below looks steeper than it is."""
    known = np.concatenate([s[np.isfinite(s)] for s in series])
    return min(float(known.min()), 0.0), max(float(known.max()), 0.0)


def _days(starts: Any) -> list[date]:
    return [s.item() if isinstance(s, np.datetime64) else s for s in starts]
