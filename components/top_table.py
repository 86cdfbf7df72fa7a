"""The best products (or whatever the shop tells apart), with several metrics side by side."""

from __future__ import annotations

import math
from typing import Any

import panel as pn
import param

from components import theme
from components.island import Island, styled
from components.kpi_cards import direction
from components.safe import plain
from components.view import View
from engine.describe import top
from engine.dimensions import dimension
from engine.errors import EngineError
from engine.metrics import metric
from engine.selection import Selection

_CSS = """
.card{background:var(--sl-surface);border:1px solid var(--sl-line);border-radius:14px;color:var(--sl-ink);
box-shadow:0 1px 2px rgba(16,24,40,.04);padding:16px 0 8px;overflow:hidden}
h3{margin:0;font-size:15px;font-weight:650;padding:0 18px}
.note{padding:2px 18px 0;font-size:12.5px;color:var(--sl-faint)}
.scroll{overflow-x:auto;margin-top:10px}
table{width:100%;border-collapse:collapse;font-size:13.5px}
th{font-size:12.5px;font-weight:550;color:var(--sl-faint);text-align:right;padding:0 10px;border-bottom:1px solid var(--sl-line)}
th:first-child,td:first-child{text-align:left;padding-left:18px}
th:last-child,td:last-child{padding-right:18px}
th button{display:inline-flex;align-items:center;gap:4px;min-height:34px;white-space:nowrap}
th button:hover{color:var(--sl-ink)}
th[aria-sort] button{color:var(--sl-ink);font-weight:650}
th svg{width:8px;height:8px}
td{padding:0 10px;height:42px;text-align:right;border-bottom:1px solid var(--sl-grid);font-variant-numeric:tabular-nums;
white-space:nowrap}
tr:last-child td{border-bottom:0}
tbody tr:hover td{background:var(--sl-calm-soft)}
td:first-child{width:100%;max-width:0;background:linear-gradient(var(--sl-accent-soft),var(--sl-accent-soft)) no-repeat left
bottom/var(--part,0) 3px}
.name{display:flex;align-items:center;gap:8px;width:100%;min-height:42px;font-weight:500;min-width:0}
.name span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.name:hover span{color:var(--sl-accent)}
.name[aria-pressed=true]{color:var(--sl-accent);font-weight:650}
.rank{flex:none;width:18px;color:var(--sl-faint);font-weight:450;font-size:12.5px}
.moved{font-weight:600;color:var(--sl-muted)}
.moved.good{color:var(--sl-good);background:none}.moved.bad{color:var(--sl-bad);background:none}
.message{padding:42px 24px;text-align:center;color:var(--sl-muted)}
@media(max-width:560px){th:nth-child(n+3):not(:last-child),td:nth-child(n+3):not(:last-child){display:none}}
"""


class LeagueTable(Island):
    """Draws the table and says which heading or row was clicked."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
    export function render({ model, el }) {
      const root = h("div", { class: "card" })
      el.append(root)
      const heading = (c) => h("th", { scope: "col", "aria-sort": c.sorted ? "descending" : null, title: c.doc },
        c.name ? h("button", { type: "button", "data-key": "sort " + c.name, click: () => model.send_msg({ sort: c.name }) },
          c.label, c.sorted ? icon("down", 8) : null) : c.label)
      const row = (r, i) => h("tr", {},
        h("td", { style: { "--part": r.part } }, h("button", { type: "button", class: "name", "data-key": "row " + r.key, "aria-pressed": String(r.picked), title: r.label,
          click: () => model.send_msg({ row: r.key }) }, h("span", { class: "rank" }, i + 1), h("span", {}, r.label))),
        r.cells.map((cell) => h("td", { title: cell[1] }, cell[0])),
        h("td", { class: "moved " + r.tone }, r.change))
      follow(model, (it) => paint(root, h("h3", {}, it.title || ""), it.note ? h("div", { class: "note" }, it.note) : null,
        it.message ? h("div", { class: "message", role: "status" }, it.message)
          : h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, it.columns.map(heading))),
              h("tbody", {}, it.rows.map(row))))))
    }
    """)


class TopTable(View):
    """The largest values of a dimension; a heading sorts, a name filters and lifts the filter again."""

    dimension = param.String(default="", doc="Name of the dimension; '' takes products, else categories.")
    metrics = param.Tuple(default=("revenue", "orders", "aov"), length=None, doc="Names of the columns' metrics.")
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
            self._island.tell({"title": title, "message": f"Nothing sold in {theme.days(self.state.window())}."})
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
