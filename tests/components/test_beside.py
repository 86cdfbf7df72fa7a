"""Work beside a page comes back to it, whatever its document is at, and troubles nobody once the visitor has left."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from concurrent.futures import Future
from weakref import ref

import panel as pn
from bokeh.application import Application
from bokeh.application.handlers import FunctionHandler
from bokeh.server.contexts import ApplicationContext
from tornado.ioloop import IOLoop

from components.beside import bring_back
from components.workers import Workers
from dashboards.shell.prepare import unseen
from tests.dashboards.serving import run


class Page:
    """Keeps what came back, in which document."""

    def __init__(self) -> None:
        self.came: list = []

    def arrived(self, work: Future) -> None:
        self.came.append((work.result(), pn.state.curdoc))


async def _opened():
    context = ApplicationContext(Application(FunctionHandler(lambda doc: None)), io_loop=IOLoop.current())
    return context, await context.create_session_if_needed("a-visit")


async def _turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0.01)


def test_work_comes_back_in_its_document():
    async def story():
        _, session = await _opened()
        page, workers = Page(), Workers(1, "test")
        bring_back(workers.submit(lambda: threading.current_thread().name), session.document, page.arrived)
        await _turns()
        assert page.came == [("test-0", session.document)]

    run(story())


def test_work_that_ends_while_the_page_is_built_ahead_is_not_lost():
    async def story():
        _, session = await _opened()
        page, promise = Page(), Future()
        bring_back(promise, session.document, page.arrived)

        async def build():
            with unseen(session.document):
                await asyncio.to_thread(promise.set_result, "found")

        await session.with_document_locked(build)
        await _turns()
        assert [found for found, _ in page.came] == ["found"]

    run(story())


def test_a_wish_made_while_the_page_is_built_ahead_is_kept():
    async def story():
        _, session = await _opened()
        heard = []

        async def build():
            with unseen(session.document):
                session.document.add_next_tick_callback(lambda: heard.append("new data"))
                session.document.title = "changed"

        await session.with_document_locked(build)
        await _turns()
        assert heard == ["new data"]

    run(story())


def test_a_page_may_wait_for_work_without_being_kept_alive_by_it(caplog):
    async def story():
        context, session = await _opened()
        page, promise = Page(), Future()
        kept = ref(page), ref(session.document)
        bring_back(promise, session.document, page.arrived)
        del page
        await context._cleanup_sessions(-1)
        del session
        gc.collect()
        assert [gone() for gone in kept] == [None, None]
        promise.set_result("too late")
        await _turns()

    with caplog.at_level(logging.WARNING):
        run(story())
    assert caplog.records == []


def test_an_answer_for_a_visitor_who_left_is_dropped_without_a_word(caplog):
    async def story():
        context, session = await _opened()
        page, promise, document = Page(), Future(), session.document
        bring_back(promise, document, page.arrived)
        await context._cleanup_sessions(-1)
        promise.set_result("too late")
        await _turns()
        assert page.came == []

    with caplog.at_level(logging.WARNING):
        run(story())
    assert caplog.records == []


def test_cancelled_work_does_not_come_back():
    async def story():
        _, session = await _opened()
        page, promise = Page(), Future()
        bring_back(promise, session.document, page.arrived)
        assert promise.cancel()
        await _turns()
        assert page.came == []

    run(story())
