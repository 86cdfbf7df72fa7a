"""The list of loads: what came when, what became of every row and of the money, and taking one back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import panel as pn

from components.faults import told
from components.island import Island, module, styled
from components.safe import plain
from components.state import AppState
from dashboards.intake import work
from dashboards.intake.report import described
from dashboards.server import uploads
from engine.errors import EngineError
from engine.store import Store

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
            loads = [described(load) for load in Store.open(self._state.path).loads()]
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

    @told()
    def _settled(self, said: dict) -> None:
        self._busy = 0
        self._problem = said.get("refused") or said.get("fault") or ""
        self.refresh()
