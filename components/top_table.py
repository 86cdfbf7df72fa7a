"""The best products (or whatever the shop tells apart), with several metrics side by side."""

from __future__ import annotations

import math
from typing import Any

import panel as pn
import param

from components import theme
from components.island import Island, module, styled
from components.kpi_cards import direction
from components.safe import plain
from components.view import View
from engine.describe import top
from engine.dimensions import dimension
from engine.errors import EngineError
from engine.metrics import metric
from engine.selection import Selection


class LeagueTable(Island):
    """Draws the table and says which heading or row was clicked."""

    _stylesheets = styled("top_table")
    _esm = module("top_table")


class TopTable(View):
    """The largest values of a dimension; a heading sorts, a name filters and lifts the filter again."""

    dimension = param.String(default="", doc="Name of the dimension; '' takes products, else categories.")
    metrics = param.ClassSelector(
        default=("revenue", "orders", "aov"), class_=tuple, doc="Names of the columns' metrics."
    )
    sort = param.String(default="", doc="Metric the rows are sorted by; '' is the first one.")
    limit = param.Integer(default=10, bounds=(1, 100), doc="Most rows shown.")

    def build(self) -> None:
        self._island = LeagueTable()
        self._island.say = self._said
        self._keys: tuple[str, ...] = ()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> Any:
        snapshot = self.state.snapshot()
        known = tuple(name for name in self.metrics if snapshot.missing(name) is None)
        if not known:
            raise EngineError(snapshot.missing(self.metrics[0]) or "No column to show.")
        sort = self.sort if self.sort in known else known[0]
        return top(snapshot, selection, self._of(), known, sort=sort, limit=self.limit)

    def show(self, answer: Any) -> None:
        split = dimension(answer.dimension)
        self._keys = tuple(row.key for row in answer.rows)
        title = f"Top {split.plural.lower()}"
        if not answer.rows:
            self._island.tell({"title": title, "message": self.nothing("sales")})
            return
        count = f"{len(answer.rows)} of {theme.number(answer.count, metric('orders').unit, exact=True)}"
        self._island.tell({
            "title": title,
            "note": f"{count}, by {metric(answer.sort).label.lower()}",
            "columns": _columns(answer, split.label),
            "rows": [self._row(answer, row) for row in answer.rows],
        })  # fmt: skip

    def problem(self, sentence: str) -> None:
        self._island.tell({"title": "Top list", "message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _of(self) -> str:
        present = self.state.dimensions()
        wanted = [name for name in (self.dimension, "product", "category", *present) if name in present]
        if not wanted:
            if self.state.snapshot().last_day is None:
                raise EngineError(self.nothing("sales"))
            raise EngineError(
                "This shop has no product, category or other column to list; import one to see a top list."
            )
        return wanted[0]

    def _row(self, answer: Any, row: Any) -> dict[str, Any]:
        currency = self.state.snapshot().currency
        units = [metric(name).unit for name in answer.metrics]
        change = row.changes[answer.metrics.index(answer.sort)]
        tone, _ = direction(answer.sort, change, None)
        part = _part(answer, row)
        return {
            "key": row.key,
            "label": plain(row.label, 80),
            "cells": [[theme.number(v, u, currency), theme.number(v, u, currency, exact=True)]
                      for v, u in zip(row.values, units, strict=True)],
            "change": theme.change(change) if change is not None and math.isfinite(change) else "",
            "tone": tone,
            "part": f"{part:.1%}",
            "picked": row.key in self.state.selection().values(answer.dimension),
        }  # fmt: skip

    def _said(self, message: dict) -> None:
        if message.get("sort") in self.metrics:
            self.sort = message["sort"]
            self.refresh()
        elif message.get("row") in self._keys:
            self.state.toggle(self._of(), message["row"])


def _part(answer: Any, row: Any) -> float:
    """A row's share of the largest one, for the bar under its name."""
    position = answer.metrics.index(answer.sort)
    largest = max((other.values[position] or 0.0 for other in answer.rows), default=0.0)
    return max((row.values[position] or 0.0) / largest, 0.0) if largest > 0 else 0.0


def _columns(answer: Any, first: str) -> list[dict[str, Any]]:
    shown = [
        {"name": name, "label": metric(name).label, "doc": metric(name).doc, "sorted": name == answer.sort}
        for name in answer.metrics
    ]
    return [{"label": first}, *shown, {"label": "Change"}]
