"""What a shop without a single day shows: how to bring in the first export."""

from __future__ import annotations

from pathlib import Path

import panel as pn

from components.island import Island, module, styled
from components.safe import plain
from components.state import AppState

HERE = Path(__file__).parent / "browser"


class EmptyShop(Island):
    """Says how to begin."""

    _stylesheets = styled("empty", HERE)
    _esm = module("empty", HERE)


def empty_shop(state: AppState) -> pn.viewable.Viewable:
    """The first page of a shop without data."""
    island = EmptyShop()
    island.darken(state.dark)
    state.param.watch(lambda event: island.darken(event.new), "dark")
    island.say = lambda message: state.commit(page="sources")
    island.tell({"command": f"shoplight import export.csv --db {plain(state.path, 160)}", "page": True})
    return island
