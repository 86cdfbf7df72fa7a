"""How the desk for new files looks: files, the preview of the first rows, open questions, progress."""

from __future__ import annotations

from pathlib import Path

from components.island import Island, module, styled

HERE = Path(__file__).parent / "browser"


class DeskIsland(Island):
    """Draws the desk; files go by HTTP and not through the page's channel, so their size holds nothing up."""

    _stylesheets = styled("desk", HERE)
    _esm = module("desk", HERE)
