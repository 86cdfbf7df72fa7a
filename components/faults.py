"""What a visitor is told when something goes wrong outside a view: one sentence, wherever the page puts it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

import panel as pn
from bokeh.document import Document

from engine.errors import EngineError

log = logging.getLogger("shoplight.components")

SLIP = "That did not work because of an error of ours; what you see is as it was. The server's log has the cause."

_listeners: WeakKeyDictionary[Document, Callable[[str], None]] = WeakKeyDictionary()


def listen(doc: Document, tell: Callable[[str], None]) -> None:
    """Have `tell` called with a sentence when a callback of that document fails."""
    _listeners[doc] = tell


def forget(doc: Document) -> None:
    """Stop telling; a listener usually holds its document, which would then never be freed."""
    _listeners.pop(doc, None)


@contextmanager
def told() -> Iterator[None]:
    """Run a visitor's wish; what goes wrong is said to the visitor, and a fault of ours is logged as well.

    In a notebook nobody listens, and the error goes on to where it can be read.
    """
    tell = _listeners.get(pn.state.curdoc) if pn.state.curdoc is not None else None
    try:
        yield
    except Exception as error:
        if tell is None:
            raise
        if isinstance(error, EngineError):
            tell(str(error))
            return
        log.exception("a callback of a page failed")
        tell(SLIP)
