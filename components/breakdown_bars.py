"""A metric split by one dimension, largest first; a click on a row filters by it, another one lifts the filter."""

from __future__ import annotations

from typing import Any

import numpy as np
import param
from bokeh.core.properties import value
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, hover, plotter, share_marks, strip_axes, tooltip
from components.safe import plain
from engine.describe import breakdown
from engine.dimensions import dimension
from engine.metrics import METRICS, metric
from engine.selection import Selection

# A row holds its name and figure above its bar; 44 px is also the least a finger hits (WCAG 2.5.5).
_ROW = 46

# What the figure keeps above its frame.
_EDGE = 10

_COLUMNS = ("row", "value", "comparison", "fill", "name", "full", "figure", "left", "right", "exact", "then", "share",
            "weight")  # fmt: skip


def _plot() -> Any:
    frame = plotter({"row": ["0", "1"], "right": [2.0, 2.0], "value": [1.0, 2.0], "comparison": [2.0, 1.0]})
    bars = [frame.barh(x="row", y=y, shared_axes=False) for y in ("right", "value")]
    return bars[0] * bars[1] * frame.scatter(x="row", y="comparison", invert=True, shared_axes=False)


def _dress(figure: Figure) -> None:
    source = figure.renderers[1].data_source
    source.data = {c: [] for c in _COLUMNS}
    for renderer, name in zip(figure.renderers, ("rows", "bars", "before"), strict=True):
        renderer.update(name=name, data_source=source)
    rows, bars, before = figure.renderers
    rows.glyph.update(y="row", left="left", right="right", height=0.96, fill_alpha=0.0, line_alpha=0.0)
    bars.glyph.update(y="row", right="value", height=0.2, line_color=None, fill_color="fill", border_radius=3)
    before.glyph.update(x="comparison", y="row", marker="dash", angle=np.pi / 2, size=15, line_width=2.4)
    texts = {"name": ("left", "left"), "figure": ("right", "right")}
    for column, (align, x) in texts.items():
        figure.text(x=x, y="row", text=column, source=source, name=column, text_align=align, y_offset=-15,
                           text_baseline="middle", text_font=value(theme.FONT), text_font_size="13px")  # fmt: skip
    share_marks(figure)
    strip_axes(figure)
    figure.y_range.update(range_padding=0.0, factor_padding=0.0, group_padding=0.0)
    hover(figure, [rows]).point_policy = "follow_mouse"


def _color(figure: Figure, dark: bool) -> None:
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    found["rows"].glyph.fill_color = colors.accent
    found["before"].glyph.line_color = colors.muted
    found["name"].glyph.text_color = colors.ink
    found["figure"].glyph.text_color = colors.muted
    figure.hover[0].tooltips = tooltip(("full", "exact", "then", "share"), dark)


BARS = Blueprint("breakdown", _plot, _dress, _color)


class BreakdownBars(ChartView):
    """A metric by one dimension, with share and comparison; clicking a row filters the whole page by it."""

    dimension = param.String(default="region", doc="Name of the dimension to split by.")
    metric = param.String(default="", doc="Name of the metric; '' follows the state.")
    limit = param.Integer(default=8, bounds=(1, 40), doc="Rows shown; the rest are said in words.")
    blueprint = BARS
    height = 4 * _ROW + _EDGE

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
        self.chart.resize(len(rows) * _ROW + _EDGE)

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
