"""A small piece of the page drawn by a module of our own: one model, text only ever as text nodes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param

from components.faults import told
from components.theme import ISLAND_CSS

_BROWSER = Path(__file__).parent / "browser"


def module(name: str, folder: Path = _BROWSER) -> str:
    """An island's module as text: the shared drawing functions and its own file, which lies in `folder`.

    Text and not a path: a path would be served by Panel's `/components` route, which stays closed.
    """
    return "".join(path.read_text("utf-8") for path in (_BROWSER / "library.js", folder / f"{name}.js"))


def styled(name: str, folder: Path = _BROWSER) -> list[str]:
    """The style sheets of an island: the shared one and its own file."""
    return [ISLAND_CSS + (folder / f"{name}.css").read_text("utf-8")]


class Island(pn.custom.JSComponent):
    """Base of our own components: `tell` shows a value, `say` is called with what the visitor did.

    The value travels as one JSON text: one property change a refresh, and nothing for Bokeh to walk.
    A subclass must not be called `_Name`: Bokeh leaves such classes out of what it tells the browser.
    """

    content = param.String(default="{}", doc="What is shown, as JSON.")

    _esm = "export function render() {}"

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"sizing_mode": "stretch_width", "margin": 0} | params)
        self.say: Callable[[dict], None] = lambda message: None

    def tell(self, value: dict[str, Any]) -> None:
        """Show that value; nothing is sent where it did not change."""
        self.content = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def told(self) -> dict[str, Any]:
        """What is shown now."""
        return json.loads(self.content)

    def darken(self, dark: bool) -> None:
        """Switch to the dark or light colours."""
        self.css_classes = ["sl-dark"] if dark else []

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict):
            with told():
                self.say(data)
