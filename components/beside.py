"""What was worked out beside a page, brought back to it: on its loop, under its lock, and only if it is still there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any
from weakref import WeakMethod, ref

from bokeh.document import Document
from panel.io.state import set_curdoc


def bring_back(work: Future, doc: Document, arrived: Callable[[Future], Any]) -> None:
    """Call `arrived` with the work once it is done; never where it was cancelled or the visitor has left.

    A callback of the document would not do: while a page is built ahead of its visitor, or its changes are held back,
    a document collects its callbacks with its messages and may drop them, and one that is gone raises.

    Parameters
    ----------
    work : what is under way
    doc : a served document
    arrived : a method; neither it nor the document is kept alive by the work
    """
    loop = doc.session_context.server_context.application_context.io_loop
    whom, where = WeakMethod(arrived), ref(doc)

    def done(work: Future) -> None:
        if not work.cancelled():
            loop.add_callback(_arrive, where, whom, work)

    work.add_done_callback(done)


async def _arrive(where: ref, whom: WeakMethod, work: Future) -> None:
    doc, arrived = where(), whom()
    context = doc.session_context if doc is not None else None
    if context is None or arrived is None or context.session is None:
        return
    await context.session.with_document_locked(partial(_with, doc, arrived, work))


def _with(doc: Document, arrived: Callable[[Future], Any], work: Future) -> None:
    with set_curdoc(doc):
        arrived(work)
