"""A part of a page that is built when it is opened for the first time."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from components.island import Island, styled
from components.state import AppState
from components.view import View, collecting, wake

_CSS = """
button{display:inline-flex;align-items:center;gap:8px;min-height:36px;padding:6px 14px;border-radius:10px;
font-size:13px;font-weight:560;color:var(--sl-muted)}
button:hover{background:var(--sl-calm-soft);color:var(--sl-ink)}
button svg{transition:transform .15s}
button[aria-expanded=true] svg{transform:rotate(180deg)}
"""


class MoreSwitch(Island):
    """The button that opens and closes."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
    export function render({ model, el }) {
      const root = h("div", {})
      el.append(root)
      const say = (it) => () => model.send_msg({ open: !it.open })
      follow(model, (it) => paint(root, h("button", { type: "button", "data-key": "switch", click: say(it),
        "aria-expanded": String(!!it.open) }, icon("chevron", 14), it.label || "")))
    }
    """)


class More(pn.viewable.Viewer):
    """A button, and below it what it opens.

    Parameters
    ----------
    state : whose colours it follows
    make : builds the content, once
    labels : the button's words while closed and while open
    """

    def __init__(self, state: AppState, make: Callable[[], pn.viewable.Viewable], labels: tuple[str, str]) -> None:
        super().__init__()
        self._state, self._make, self._labels = state, make, labels
        self._views: list[View] = []
        self._switch = MoreSwitch()
        self._switch.say = self._said
        self._place = pn.Column(sizing_mode="stretch_width", margin=0, visible=False)
        self._column = pn.Column(self._switch, self._place, sizing_mode="stretch_width", margin=0)
        self._tell(False)
        self._switch.darken(state.dark)
        state.param.watch(lambda event: self._switch.darken(event.new), "dark")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._column

    def _said(self, message: dict) -> None:
        self.open(bool(message.get("open")))

    def open(self, yes: bool) -> None:
        """Show or hide the content; it is built at the first opening."""
        with pn.io.hold():
            if yes and not self._place.objects:
                with collecting() as self._views:
                    self._place.append(self._make())
            wake(self._views, yes)
            self._place.visible = yes
            self._tell(yes)

    def _tell(self, opened: bool) -> None:
        self._switch.tell({"open": opened, "label": self._labels[opened]})
