"""A metric split by one dimension, largest first; a click on a row filters by it, another one lifts the filter."""

from __future__ import annotations

from typing import Any

import numpy as np
import param
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, plotter
from components.row_chart import EDGE, ROW, color_rows, dress_rows
from components.safe import plain
from engine.describe import breakdown
from engine.dimensions import dimension
from engine.metrics import METRICS, metric
from engine.selection import Selection

_COLUMNS = ("row", "value", "comparison", "fill", "name", "full", "figure", "left", "right", "exact", "then", "share",
            "weight")  # fmt: skip


def _plot() -> Any:
    frame = plotter({"row": ["0", "1"], "right": [2.0, 2.0], "value": [1.0, 2.0], "comparison": [2.0, 1.0]})
    bars = [frame.barh(x="row", y=y, shared_axes=False) for y in ("right", "value")]
    return bars[0] * bars[1] * frame.scatter(x="row", y="comparison", invert=True, shared_axes=False)


def _dress(figure: Figure) -> None:
    dress_rows(figure, _COLUMNS, ("rows", "bars", "before"))
    _, bars, before = figure.renderers[:3]
    bars.glyph.update(right="value", height=0.2)
    before.glyph.update(x="comparison", size=15, line_width=2.4)


def _color(figure: Figure, dark: bool) -> None:
    color_rows(figure, ("full", "exact", "then", "share"), dark=dark)
    figure.renderers[2].glyph.line_color = theme.palette(dark).muted


BARS = Blueprint("breakdown", _plot, _dress, _color)


class BreakdownBars(ChartView):
    """A metric by one dimension, with share and comparison; clicking a row filters the whole page by it."""

    dimension = param.String(default="region", doc="Name of the dimension to split by.")
    metric = param.String(default="", doc="Name of the metric; '' follows the state.")
    limit = param.Integer(default=8, bounds=(1, 40), doc="Rows shown; the rest are said in words.")
    blueprint = BARS
    height = 4 * ROW + EDGE

    def build(self) -> None:
        super().build()
        self.title = self.title or f"By {dimension(self.dimension).label.lower()}"
        self._keys: tuple[str, ...] = ()
        self.chart.on_row(self._clicked)

    def answer(self, selection: Selection) -> Any:
        name = self.metric or self.state.metric
        return breakdown(self.state.snapshot(), selection, name, self.dimension, limit=self.limit)

    def show(self, answer: Any) -> None:
        meant, split = metric(answer.metric), dimension(answer.dimension)
        self.heading(f"{meant.label} by {split.label.lower()}", note=meant.doc, legend=self._legend(answer))
        rows = [row for row in answer.rows if row.value is not None and np.isfinite(row.value)]
        self._keys = tuple(row.key for row in rows)
        if not rows:
            self.empty(self.nothing(meant.label))
            return
        self._draw(rows, meant)
        self.full()

    def _draw(self, rows: list, meant: Any) -> None:
        currency, colors = self.state.snapshot().currency, theme.palette(self.state.dark)
        any_picked = any(row.selected for row in rows)
        values = np.array([row.value for row in rows], float)
        before = np.array([np.nan if row.comparison is None else row.comparison for row in rows], float)
        top = float(np.nanmax(np.concatenate([values, before, [0.0]]))) or 1.0
        low = float(np.nanmin(np.concatenate([values, before, [0.0]])))
        places = [str(i) for i in range(len(rows))]
        self.chart.factors("y", places[::-1])
        self.chart.feed("bars", {
            "row": places,
            "value": values,
            "comparison": before,
            "left": np.full(len(rows), low),
            "right": np.full(len(rows), top),
            "fill": [colors.accent if row.selected or not any_picked else colors.before for row in rows],
            "weight": ["bold" if row.selected else "normal" for row in rows],
            "name": [("✓ " if row.selected else "") + plain(row.label, 28) for row in rows],
            "full": [plain(row.label, 80) for row in rows],
            "figure": [_figure(row, meant, currency) for row in rows],
            "exact": [theme.number(row.value, meant.unit, currency, exact=True) for row in rows],
            "then": [_then(row, meant, currency) for row in rows],
            "share": [f"{theme.number(row.share, METRICS['refund_rate'].unit)} of all" if row.share else ""
                      for row in rows],
        })  # fmt: skip
        self.chart.span(low, top + (top - low) * 0.005)
        self.chart.resize(len(rows) * ROW + EDGE)

    def _legend(self, answer: Any) -> list[dict]:
        entries = []
        compared = self.state.compared()
        if compared is not None:
            color = theme.palette(self.state.dark).muted
            entries.append({"name": theme.days(compared), "color": color, "tick": True})
        if answer.others is not None:
            entries.append({"name": _rest(answer, self.state.snapshot().currency), "quiet": True})
        return entries

    def _clicked(self, row: int) -> None:
        if row < len(self._keys):
            self.state.toggle(self.dimension, self._keys[row])


def _rest(answer: Any, currency: str | None) -> str:
    meant, value = metric(answer.metric), answer.others.value
    words = f"and {answer.hidden:,} more"
    if value is None:
        return words
    return f"{words} {'at' if meant.is_ratio else 'with'} {theme.number(value, meant.unit, currency)}"


def _figure(row: Any, meant: Any, currency: str | None) -> str:
    said = theme.number(row.value, meant.unit, currency)
    moved = f"  {theme.change(row.change)}" if row.change is not None and np.isfinite(row.change) else ""
    return f"{said}{moved}"


def _then(row: Any, meant: Any, currency: str | None) -> str:
    if row.comparison is None or not np.isfinite(row.comparison):
        return ""
    moved = f" ({theme.change(row.change)})" if row.change is not None else ""
    return f"{theme.number(row.comparison, meant.unit, currency, exact=True)} before{moved}"
