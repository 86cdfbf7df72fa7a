"""The list of loads: what came when, what became of every row and of the money, and taking one back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import panel as pn

from components import theme
from components.island import Island, module, styled
from components.safe import plain
from components.state import AppState
from dashboards.intake import work
from dashboards.server import uploads
from engine.errors import EngineError
from engine.metrics import Unit
from engine.store import Load, Store

HERE = Path(__file__).parent / "browser"


class LoadList(Island):
    """Draws the loads; taking one back is asked twice."""

    _stylesheets = styled("ledger", HERE)
    _esm = module("ledger", HERE)


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
        "meta": plain(
            f"Load {load.load_id} · {load.format} · {when} UTC" + (f" · {load.currency}" if load.currency else "")
        ),
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
    file, column, value = (plain(example.get(key) or "", 80) for key in ("file", "column", "value"))
    return f"{file}, line {example.get('line')}{f', column {column}' if column else ''}: {value}"


def _steps(steps: list[dict], currency: str | None) -> dict | None:
    if not steps:
        return None
    rows = []
    for step in steps:
        change = step.get("change")
        counted = [f"{step[key]:,}" if step.get(key) is not None else "" for key in ("orders", "customers")]
        figures = change or step
        sign = f"{figures['rows']:+,}".replace("-", "\u2212") if change else f"{figures['rows']:,}"
        rows.append({"cells": [plain(step["label"]), sign, amount(figures.get("money"), currency), *counted]})
    return {"head": ["Step", "Rows", "Money", "Orders", "Customers"], "rows": rows}
