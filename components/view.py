"""The contract of every view: it asks, it shows, and it says what went wrong in words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import panel as pn
import param

from components import theme
from components.state import AppState
from engine.errors import EngineError
from engine.selection import Selection

log = logging.getLogger("shoplight.components")

# Said for a fault of ours; the log has the cause.
FAULT = (
    "This panel met an error of ours and cannot be shown; the rest of the page works. The server's log has the cause."
)

_collecting: ContextVar[list[View] | None] = ContextVar("collecting", default=None)


class View(pn.viewable.Viewer):
    """Shows one answer for a state.

    A view says what it asks (`answer`) and how that looks (`show`); when to ask, errors and the order
    of drawing are settled here. A view that is not `awake` asks nothing until it is.
    """

    state = param.ClassSelector(class_=AppState, doc="What the visitor picked.")
    awake = param.Boolean(default=True, doc="Whether the visitor can see it; a sleeping view catches up on waking.")

    def __init__(self, state: AppState | None = None, **params: Any) -> None:
        super().__init__(state=state if state is not None else AppState(), **params)
        self._stale = True
        self.build()
        _feed_of(self.state).append(self)
        collected = _collecting.get()
        if collected is not None:
            collected.append(self)
        self.recolor(self.state.dark)
        self.refresh()
        self.param.watch(lambda event: self.refresh() if self._stale else None, "awake")

    def build(self) -> None:
        """Make the models, once."""

    def answer(self, selection: Selection) -> Any:
        """Ask the engine; pure, no widget is touched."""
        raise NotImplementedError

    def show(self, answer: Any) -> None:
        """Put the answer into the models that are there."""
        raise NotImplementedError

    def problem(self, sentence: str) -> None:
        """Show a sentence in place of the answer."""
        raise NotImplementedError

    def nothing(self, what: str) -> str:
        """The sentence for an answer without a single value: what is missing, where, and the way out."""
        if self.state.snapshot().last_day is None:
            return "This shop has no sales yet; import a file and they appear here."
        way_out = "lift a filter or widen the days" if self.state.selection().filters else "choose other days"
        return f"No {what.lower()} in {theme.days(self.state.window())}; {way_out}."

    def recolor(self, dark: bool) -> None:
        """Put on the light or the dark colours."""

    def refresh(self) -> None:
        """Ask and show; an error becomes a sentence and is forgotten with the next good answer."""
        if not self.awake:
            self._stale = True
            return
        self._stale = False
        try:
            self.show(self.answer(self.state.selection()))
        except EngineError as error:
            self.problem(str(error))
        except Exception:
            log.exception("%s could not be shown for %s", type(self).__name__, self.state.choice())
            self.problem(FAULT)


@contextmanager
def collecting() -> Iterator[list[View]]:
    """The views made inside the block, so that a shell can put a hidden page's views to sleep."""
    views: list[View] = []
    token = _collecting.set(views)
    try:
        yield views
    finally:
        _collecting.reset(token)


def feed(views: list[View]) -> None:
    """Refresh several views as one message to the browser.

    Views change values and make no models, so Bokeh has no cause to walk the document; `hold(freeze=True)`, which
    spares others all walks but one, would add that one (12 of 40 ms for ten views).
    """
    with pn.io.hold():
        for view in views:
            view.refresh()


def wake(views: list[View], awake: bool = True) -> None:
    """Wake or put to sleep a page's views in one message."""
    with pn.io.hold():
        for view in views:
            view.awake = awake


def _feed_of(state: AppState) -> list[View]:
    views = getattr(state, "_views", None)
    if views is None:
        views = state._views = []
        state.param.watch(lambda event: feed(views), "version")
        state.param.watch(lambda event: _recolor(views, event.new), "dark")
    return views


def _recolor(views: list[View], dark: bool) -> None:
    with pn.io.hold():
        for view in views:
            view.recolor(dark)
