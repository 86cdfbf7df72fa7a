"""A view whose answer takes longer than a click may: it is worked out beside the page, which stays live."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, TimeoutError
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, ClassVar

import panel as pn

from components.beside import bring_back
from components.faults import told
from components.view import FAULT, View
from components.workers import WORKERS
from engine.errors import EngineError
from engine.selection import Selection

log = logging.getLogger("shoplight.components")

# An answer that is there within this time is shown without a word of waiting: a flicker would cost more attention.
PATIENCE = 0.012

# A browser that has fetched its page and not yet opened its connection would never hear of a change.
AGAIN_MS = 60

_ahead: ContextVar[bool] = ContextVar("ahead", default=False)


@contextmanager
def ahead() -> Iterator[None]:
    """Views made inside the block have their first answer worked out, and wait for none: for a page nobody sees yet."""
    token = _ahead.set(True)
    try:
        yield
    finally:
        _ahead.reset(token)


class SlowView(View):
    """A view that says it is at work, and shows its answer when it is there.

    A subclass gives `question`: a function of no argument, made on the page's thread with all that it needs, and
    called on another one. In a notebook, where nobody waits at a page, the answer is worked out at once.
    """

    working: ClassVar[str] = "Looking into it…"

    def build(self) -> None:
        self._work: Future | None = None

    def question(self, selection: Selection) -> Callable[[], Any]:
        """What to work out; it must touch neither the state nor a model."""
        raise NotImplementedError

    def waiting(self, sentence: str) -> None:
        """Show that the answer is on its way, keeping what was there."""
        raise NotImplementedError

    def answer(self, selection: Selection) -> Any:
        return self.question(selection)()

    def refresh(self) -> None:
        if _ahead.get():
            self._begin_ahead()
            return
        doc = pn.state.curdoc
        if not self.awake or doc is None or doc.session_context is None:
            super().refresh()
            return
        self._stale = False
        if self._work is not None:
            self._work.cancel()
        try:
            self._work = WORKERS.submit(self.question(self.state.selection()))
        except EngineError as error:
            self._work = None
            self.problem(str(error))
            return
        try:
            self._work.exception(PATIENCE)
        except TimeoutError:
            self.waiting(self.working)
            bring_back(self._work, doc, self._arrived)
        else:
            self._settle(self._work)

    def _begin_ahead(self) -> None:
        try:
            WORKERS.submit(self.question(self.state.selection()))
        except EngineError as error:
            self.problem(str(error))

    @told()
    def _arrived(self, work: Future) -> None:
        """Show an answer unless another question was asked meanwhile."""
        if work is not self._work:
            return
        doc = pn.state.curdoc
        if not pn.state._connected.get(doc):
            doc.add_timeout_callback(partial(self._arrived, work), AGAIN_MS)
            return
        with pn.io.hold():
            self._settle(work)

    def _settle(self, work: Future) -> None:
        try:
            self.show(work.result())
        except EngineError as error:
            self.problem(str(error))
        except Exception:
            log.exception("%s could not be shown for %s", type(self).__name__, self.state.choice())
            self.problem(FAULT)
