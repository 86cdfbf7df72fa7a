"""A part of a page that is built when it is opened for the first time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import panel as pn

from components.island import Island, module, styled
from components.state import AppState
from components.view import View, collecting, wake
from dashboards.shell.place import stack

HERE = Path(__file__).parent / "browser"


class MoreSwitch(Island):
    """The button that opens and closes."""

    _stylesheets = styled("more", HERE)
    _esm = module("more", HERE)


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
        self._column = stack(self._switch, self._place, gap="4px")
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
