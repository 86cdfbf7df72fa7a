"""Answers beside the pages: what is closed, and whether the server is well."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from tornado.web import RequestHandler

from engine.errors import EngineError

log = logging.getLogger("shoplight.dashboards")

# Asked more often than this, the last verdict is given again: a health check must cost nothing.
FRESH_FOR = 1.0
PATIENCE = 5.0


class Closed(RequestHandler):
    """404 without looking at the path: the stock route imports any module that a visitor names."""

    def prepare(self) -> None:
        self.set_status(404)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is nothing here.\n")


class Health(RequestHandler):
    """200 where the database opens and the numbers answer, else 503; always the same two small bodies."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, path: Path) -> None:
        self._path = path

    async def get(self) -> None:
        well = await self._verdict()
        self.set_status(200 if well else 503)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(b'{"status": "ok"}\n' if well else b'{"status": "unavailable"}\n')

    head = get

    async def _verdict(self) -> bool:
        when, well = self.settings.get("shoplight_health", (float("-inf"), False))
        if time.monotonic() - when < FRESH_FOR:
            return well
        loop = asyncio.get_running_loop()
        try:
            well = await asyncio.wait_for(loop.run_in_executor(None, answers, self._path), PATIENCE)
        except TimeoutError:
            well = False
        self.settings["shoplight_health"] = time.monotonic(), well
        return well


def answers(path: Path) -> bool:
    """Whether the database opens and a question about the shop is answered."""
    from engine.describe import kpis
    from engine.selection import Selection
    from engine.snapshot import current
    from engine.store import Store

    try:
        Store.open(path).data_version()
        snapshot = current(path)
        if snapshot.first_day is not None:
            kpis(snapshot, Selection(snapshot.whole()), names=("orders",))
    except (EngineError, OSError) as error:
        log.warning("not well: %s", error)
        return False
    except Exception:
        log.exception("not well")
        return False
    return True
