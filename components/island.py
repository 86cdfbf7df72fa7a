"""A small piece of the page drawn by a module of our own: one model, text only ever as text nodes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from bokeh.document import Document

from components.faults import told
from components.theme import ISLAND_CSS

# What may differ from one island of a kind to the next.
_OWN = ("css_classes", "margin", "sizing_mode", "width", "height", "visible", "styles")

_ALIKE: dict[type, dict[str, Any]] = {}

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

    # Nothing is written back by the browser (what a visitor does comes by message), so nothing is listened for:
    # eight listeners an island would cost each visit 1 ms an island.
    _linked_properties = ()

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

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        """What Panel gives, without asking it again for what is the same in every island of a kind.

        Panel goes through its parameters, its design and all defaults for each island: 2.5 ms a piece, and a page
        has fourteen. Its design's style sheets are left out as well; an island brings its own.
        """
        kind = type(self)
        if kind not in _ALIKE:
            asked = super()._get_properties(doc)
            _ALIKE[kind] = {name: asked[name] for name in ("esm", "class_name", "name", "importmap", "render_policy")}
            return asked | {"stylesheets": list(self._stylesheets)}
        own = {name: value for name in _OWN if (value := getattr(self, name)) not in (None, [], {})}
        least = {"min_width": 0} if self.sizing_mode == "stretch_width" else {}
        data = self._data_model(content=self.content)
        return _ALIKE[kind] | least | own | {"stylesheets": list(self._stylesheets), "data": data}

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict):
            with told():
                self.say(data)


class Quiet(pn.Column):
    """A column that does not listen for its scroll position, which nobody asks for: 1 ms a column and visit."""

    _linked_properties = ()
