"""When the shop sells: weekday by hour where the time is known, else weekday by month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import param
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip
from engine.describe import pivot
from engine.metrics import metric
from engine.selection import Selection

_COLUMNS = ("column", "row", "fill", "name", "said")


def _plot() -> Any:
    frame = plotter({"column": ["a", "b"], "row": ["x", "x"], "fill": [1.0, 2.0]})
    return frame.heatmap(x="column", y="row", C="fill", colorbar=False, shared_axes=False)


def _dress(figure: Figure) -> None:
    cells = figure.renderers[0]
    cells.name = "cells"
    cells.data_source.data = {c: [] for c in _COLUMNS}
    cells.glyph = type(cells.glyph)(x="column", y="row", width=1, height=1, fill_color="fill", line_width=2,
                                    border_radius=4)  # fmt: skip
    share_marks(figure)
    figure.center = []
    for found in (figure.x_range, figure.y_range):
        found.update(range_padding=0.0, factor_padding=0.0)
    hover(figure, [cells])


def _color(figure: Figure, dark: bool) -> None:
    figure.renderers[0].glyph.line_color = theme.palette(dark).surface
    figure.hover[0].tooltips = tooltip(("name", "said"), dark)


HEAT = Blueprint("heatmap", _plot, _dress, _color)


class Heatmap(ChartView):
    """A metric by weekday and hour; the darkest cell is also said in words."""

    metric = param.String(default="", doc="Name of the metric; '' follows the state.")
    title = param.String(default="When the shop sells")
    blueprint = HEAT
    # As high as the seven rows of the table beside it.
    height = 336

    def answer(self, selection: Selection) -> Any:
        snapshot = self.state.snapshot()
        columns = "hour" if snapshot.has_hours else "month"
        return pivot(snapshot, selection, self.metric or self.state.metric, "weekday", columns)

    def show(self, answer: Any) -> None:
        meant = metric(answer.metric)
        values = np.asarray(answer.values, float)
        known = np.isfinite(values)
        self.heading(f"{meant.label} by weekday and {answer.columns}", note=meant.doc)
        if not values.size or not known.any() or not np.nanmax(np.abs(values)):
            self.empty(self.nothing(meant.label))
            return
        self.heading(
            f"{meant.label} by weekday and {answer.columns}",
            note=meant.doc,
            legend=[self._peak(answer, values)],
        )
        self._draw(answer, values)
        self.full()

    def _draw(self, answer: Any, values: np.ndarray) -> None:
        columns = [_column(key) for key in answer.column_keys]
        low, high = min(float(np.nanmin(values)), 0.0), float(np.nanmax(values))
        span = (high - low) or 1.0
        said = self._writer(answer.metric)
        places = [(r, c) for r in range(values.shape[0]) for c in range(values.shape[1]) if np.isfinite(values[r, c])]
        # Axes first: a mark in a category its axis does not know yet would be drawn nowhere.
        self.chart.factors("x", columns)
        self.chart.factors("y", [theme.WEEKDAYS[key] for key in reversed(answer.row_keys)])
        self.chart.feed("cells", {
            "column": [columns[c] for _, c in places],
            "row": [theme.WEEKDAYS[answer.row_keys[r]] for r, _ in places],
            "fill": [theme.heat_color((values[r, c] - low) / span, self.state.dark) for r, c in places],
            "name": [_name(answer, r, c) for r, c in places],
            "said": [said(values[r, c]) for r, c in places],
        })  # fmt: skip

    def _peak(self, answer: Any, values: np.ndarray) -> dict[str, Any]:
        row, column = divmod(int(np.nanargmax(values)), values.shape[1])
        words = f"Highest: {_name(answer, row, column)}, {self._writer(answer.metric)(values[row, column])}"
        return {"name": words, "color": theme.heat_color(1.0, self.state.dark), "tick": True}

    def _writer(self, name: str) -> Callable[[float], str]:
        unit, currency = metric(name).unit, self.state.snapshot().currency
        return lambda value: theme.number(value, unit, currency, exact=True)


def _column(key: int | date) -> str:
    return f"{theme.MONTHS[key.month - 1]} {key.year % 100:02d}" if isinstance(key, date) else f"{key:02d}"


def _name(answer: Any, row: int, column: int) -> str:
    weekday, key = theme.WEEKDAYS[answer.row_keys[row]], answer.column_keys[column]
    return f"{weekday}, {_column(key)}" if isinstance(key, date) else f"{weekday} {key:02d}–{key + 1:02d} h"
