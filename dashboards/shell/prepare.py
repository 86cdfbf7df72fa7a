"""Build into a document that nobody has fetched yet: no message, no waiting, on a thread beside the loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import panel as pn
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent
from panel.io.state import set_curdoc


def is_connected(doc: Document) -> bool:
    """Whether the visitor's browser has fetched the document and drawn it."""
    return bool(pn.state._connected.get(doc))


def is_unseen(doc: Document) -> bool:
    """Whether no browser has come for the document, so that whatever is put into it is in its first copy."""
    session = getattr(doc.session_context, "session", None)
    return session is not None and not session._subscribed_connections


@contextmanager
def unseen(doc: Document) -> Iterator[None]:
    """Change a document that `is_unseen`, under its lock, from this thread.

    Between the page's first answer and its websocket Panel puts every change off to a later callback, and a
    browser that fetches the document in between never hears of it. Here changes are made at once, and their
    messages are dropped: the browser waits for the lock and then fetches all there is.
    """
    main = pn.state._thread_id_.get(doc)
    pn.state._thread_id_[doc] = threading.get_ident()
    pn.state._connected[doc] = True
    doc.hold("collect")
    try:
        with set_curdoc(doc):
            yield
    finally:
        _drop_messages(doc)
        doc.unhold()
        pn.state._connected.pop(doc, None)
        pn.state._thread_id_[doc] = main


def _drop_messages(doc: Document) -> None:
    """Drop the messages that a document holds back, and none of the callbacks that others asked it for meanwhile."""
    held = doc.callbacks._held_events
    count = len(held)
    held[:count] = [event for event in held[:count] if not isinstance(event, DocumentPatchedEvent)]
