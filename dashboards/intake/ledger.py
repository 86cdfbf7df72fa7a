"""The list of loads: what came when, what became of every row and of the money, and taking one back."""

from __future__ import annotations

from functools import partial
from typing import Any

import panel as pn

from components import theme
from components.island import Island, styled
from components.safe import plain
from components.state import AppState
from dashboards.intake import work
from dashboards.server import uploads
from engine.errors import EngineError
from engine.metrics import Unit
from engine.store import Load, Store

_CSS = """
.load{background:var(--sl-surface);border:1px solid var(--sl-line);border-radius:14px;padding:16px 18px;margin-bottom:12px}
.load.undone{opacity:.72}
.top{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:flex-start;justify-content:space-between}
h3{margin:0;font-size:15px;font-weight:650;overflow-wrap:anywhere}
.meta{color:var(--sl-faint);font-size:12.5px;margin-top:2px}
.tag{display:inline-block;padding:2px 9px;border-radius:99px;font-size:12.5px;font-weight:600}
.published{color:var(--sl-good);background:var(--sl-good-soft)}
.other{color:var(--sl-muted);background:var(--sl-calm-soft)}
.sum{display:flex;flex-wrap:wrap;gap:8px 28px;margin:12px 0 0}
.sum div{min-width:0}.sum dt{font-size:12.5px;color:var(--sl-faint)}
.sum dd{margin:0;font-size:17px;font-weight:640;font-variant-numeric:tabular-nums}
details{margin-top:12px}summary{cursor:pointer;color:var(--sl-muted);font-weight:550;min-height:28px}
.wrap{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;margin-top:6px}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--sl-grid);vertical-align:top}
th{color:var(--sl-faint);font-weight:550}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td small{display:block;color:var(--sl-faint);overflow-wrap:anywhere}
.ok{color:var(--sl-good);font-weight:600}.off{color:var(--sl-bad);font-weight:600}
.act{padding:7px 13px;border-radius:9px;border:1px solid var(--sl-line);font-size:13px;font-weight:560;min-height:34px}
.act:hover{background:var(--sl-calm-soft)}.act.bad{color:var(--sl-bad);border-color:var(--sl-bad)}
.acts{display:flex;gap:8px;flex-wrap:wrap}
.none{padding:22px;border-radius:14px;background:var(--sl-surface);border:1px dashed var(--sl-line);color:var(--sl-muted)}
.said{padding:12px 16px;border-radius:12px;margin-bottom:12px;background:var(--sl-bad-soft);color:var(--sl-bad)}
ul{margin:6px 0 0;padding-left:18px;color:var(--sl-muted);font-size:13px}
"""


class LoadList(Island):
    """Draws the loads; taking one back is asked twice."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
    const table = (it) => h("div", { class: "wrap" }, h("table", {},
      h("thead", {}, h("tr", {}, it.head.map((t, i) => h("th", { class: i ? "n" : "", scope: "col" }, t)))),
      h("tbody", {}, it.rows.map((row) => h("tr", {}, row.cells.map((t, i) =>
        h("td", { class: i ? "n" : "" }, t, i === 0 && row.note ? h("small", {}, row.note) : null)))))))
    function acts(it, shown, model, asked, again) {
      if (!shown.allowed || it.status !== "published") return null
      if (shown.busy === it.id) return h("span", { class: "meta", role: "status" }, "Taking it back…")
      if (asked.id !== it.id) return h("button", { class: "act", type: "button", "data-key": "undo" + it.id,
        disabled: !!shown.busy, click: () => { asked.id = it.id; again() } }, "Take back")
      return h("div", { class: "acts" },
        h("button", { class: "act bad", type: "button", "data-key": "undo" + it.id,
          click: () => { asked.id = null; model.send_msg({ undo: it.id }) } }, "Yes, take it back"),
        h("button", { class: "act", type: "button", click: () => { asked.id = null; again() } }, "Keep it"))
    }
    const load = (it, shown, model, asked, again) => h("section", { class: "load" + (it.status === "undone" ? " undone" : "") },
      h("div", { class: "top" },
        h("div", { style: { "min-width": "0" } }, h("h3", {}, it.title), h("div", { class: "meta" }, it.meta)),
        h("div", { class: "acts" }, h("span", { class: "tag " + (it.status === "published" ? "published" : "other") }, it.word),
          acts(it, shown, model, asked, again))),
      h("dl", { class: "sum" }, it.facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      it.money ? h("details", {}, h("summary", {}, "Money: file against shop ", h("span",
        { class: it.money.balanced ? "ok" : "off" }, it.money.balanced ? "balanced" : "does not balance")), table(it.money)) : null,
      it.aside ? h("details", {}, h("summary", {}, it.aside.title), table(it.aside)) : null,
      it.steps ? h("details", {}, h("summary", {}, "From the file to revenue, step by step"), table(it.steps)) : null,
      it.notes.length ? h("details", {}, h("summary", {}, "Notes"), h("ul", {}, it.notes.map((n) => h("li", {}, n)))) : null)
    export function render({ model, el }) {
      const root = h("div", {}), asked = { id: null }
      el.append(root)
      const draw = (shown) => paint(root,
        shown.problem ? h("div", { class: "said", role: "alert" }, shown.problem) : null,
        (shown.loads || []).length ? shown.loads.map((it) => load(it, shown, model, asked, () => draw(shown)))
          : h("div", { class: "none" }, "Nothing was loaded yet."))
      follow(model, draw)
    }
    """)


class Ledger(pn.viewable.Viewer):
    """Every load of the shop with its report.

    Parameters
    ----------
    state : names the shop; its data version renews the list
    """

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state, self._busy, self._problem = state, 0, ""
        self._doc = pn.state.curdoc
        self._island = LoadList()
        self._island.say = self._said
        self._island.darken(state.dark)
        state.param.watch(lambda event: self._island.darken(event.new), "dark")
        state.param.watch(lambda event: self.refresh(), "version")
        self.refresh()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def refresh(self) -> None:
        """Read the ledger again and show it."""
        try:
            loads = [_load(load) for load in Store.open(self._state.path).loads()]
        except EngineError as error:
            loads, self._problem = [], str(error)
        self._island.tell(
            {"loads": loads, "allowed": uploads.allowed(), "busy": self._busy, "problem": plain(self._problem, 400)}
        )

    def _said(self, message: dict) -> None:
        """A visitor asked to take a load back; whether that is allowed is decided here, not by a hidden button."""
        load_id = message.get("undo")
        if not uploads.allowed() or type(load_id) is not int or self._busy:
            return
        self._busy, self._problem = load_id, ""
        self.refresh()
        work.start({"do": "undo", "db": str(self._state.path), "load_id": load_id}, self._heard)

    def _heard(self, said: dict) -> None:
        self._doc.add_next_tick_callback(partial(self._settled, said))

    def _settled(self, said: dict) -> None:
        self._busy = 0
        self._problem = said.get("refused") or said.get("fault") or ""
        self.refresh()


_WORDS = {"published": "In use", "undone": "Taken back", "open": "Unfinished"}


def _load(load: Load) -> dict[str, Any]:
    report = load.report
    when = load.published_at or load.started_at
    facts = [("Rows read", f"{load.rows_read:,}"), ("Rows stored", f"{load.rows_stored:,}")]
    facts += [(label, f"{report[key]:,}") for key, label in _COUNTS if report.get(key)]
    return {
        "id": load.load_id,
        "title": plain(load.source, 120),
        "meta": plain(f"Load {load.load_id} · {load.format} · {when} UTC" + (f" · {load.currency}" if load.currency else "")),
        "status": load.status,
        "word": _WORDS.get(load.status, load.status),
        "facts": facts,
        "money": _money(report.get("money"), load.currency),
        "aside": _aside(report.get("aside") or [], load.currency),
        "steps": _steps(report.get("steps") or [], load.currency),
        "notes": [plain(note, 400) for note in report.get("notes") or []],
    }


_COUNTS = (("rows_known", "Known already"), ("rows_aside", "Set aside"))


def amount(value: float | None, currency: str | None) -> str:
    """Money with all its digits."""
    return theme.number(value, Unit.MONEY, currency, exact=True)


def _money(money: dict | None, currency: str | None) -> dict | None:
    if not money:
        return None
    names = (("in_file", "In the file"), ("stored", "Stored"), ("known", "Known already"), ("aside", "Set aside"))
    rows = [{"cells": [label, amount(money.get(key), currency)]} for key, label in names if money.get(key) is not None]
    return {"head": ["", "Money"], "rows": rows, "balanced": bool(money.get("balanced"))}


def _aside(parts: list[dict], currency: str | None) -> dict | None:
    if not parts:
        return None
    rows = [
        {
            "cells": [plain(part["reason"]), f"{part['rows']:,}", amount(part.get("money"), currency)],
            "note": _example(part.get("example") or {}),
        }
        for part in parts
    ]
    total = sum(part["rows"] for part in parts)
    return {"title": f"Set aside: {total:,} rows, and why", "head": ["Reason", "Rows", "Money"], "rows": rows}


def _example(example: dict) -> str:
    if not example:
        return ""
    column = f", column {plain(example['column'], 60)}" if example.get("column") else ""
    return f"{plain(example.get('file', ''), 60)}, line {example.get('line')}{column}: {plain(example.get('value', ''), 80)}"


def _steps(steps: list[dict], currency: str | None) -> dict | None:
    if not steps:
        return None
    rows = []
    for step in steps:
        change = step.get("change")
        counted = [f"{step[key]:,}" if step.get(key) is not None else "" for key in ("orders", "customers")]
        figures = change or step
        sign = f"{figures['rows']:+,}" if change else f"{figures['rows']:,}"
        rows.append({"cells": [plain(step["label"]), sign, amount(figures.get("money"), currency), *counted]})
    return {"head": ["Step", "Rows", "Money", "Orders", "Customers"], "rows": rows}
