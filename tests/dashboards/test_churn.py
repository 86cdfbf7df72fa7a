"""Visits come and go, and leave nothing behind: no document, no listener, no file."""

from __future__ import annotations

import gc
import json
import re
import sys
import time

from tests.dashboards.serving import Server, run

VISITS = 12

# The server of the test counts for itself what is alive; nothing of this is in the product.
COUNTING = """
import gc, json, sys
from pathlib import Path
from tornado.web import RequestHandler
from bokeh.document import Document
from dashboards.server import run as ours
from dashboards.shell.watch import watch
from dashboards.server.uploads import _INBOXES
from dashboards.shell.app import Visit
import panel as pn

class Count(RequestHandler):
    async def get(self):
        for context in self.application._applications.values():
            await context._cleanup_sessions(-1)
        gc.collect()
        alive = lambda kind: sum(isinstance(o, kind) for o in gc.get_objects())
        self.finish(json.dumps({"documents": alive(Document), "visits": alive(Visit), "views": len(pn.state._views),
                                "listeners": len(watch(Path(sys.argv[1]))), "inboxes": len(_INBOXES)}))

build = ours.build
def counted(options, loop=None):
    server = build(options, loop)
    server._tornado.add_handlers(".*", [("/count", Count)])
    return server
ours.build = counted
ours.run(ours.Options(path=sys.argv[1], port=0))
"""


async def _visit(url: str, query: str = "?page=sources") -> None:
    """What a browser does on the wire: the page, its websocket, the whole document, and away."""
    from tornado.httpclient import AsyncHTTPClient, HTTPRequest
    from tornado.websocket import websocket_connect

    answer = await AsyncHTTPClient().fetch(f"{url}/{query}", request_timeout=60)
    token = re.search(r'"token":"([^"]+)"', answer.body.decode()).group(1)
    request = HTTPRequest(url.replace("http", "ws") + "/ws", headers={"Origin": url})
    connection = await websocket_connect(request, subprotocols=["bokeh", token])
    await _message(connection)
    for part in ('{"msgid":"1","msgtype":"PULL-DOC-REQ"}', "{}", "{}"):
        await connection.write_message(part)
    document = await _message(connection)
    assert len(document["doc"]["roots"]) >= 1
    connection.close()


async def _message(connection) -> dict:
    parts = [json.loads(await connection.read_message()) for _ in range(3)]
    return parts[2]


def _count(server: Server, patience: int = 1) -> dict[str, int]:
    """What is alive, asked again while a visit's last callbacks may still be under way."""
    for _ in range(patience):
        alive = json.loads(server.get("/count")[2])
        if not alive["visits"]:
            break
        time.sleep(0.25)
    return alive


def test_visits_leave_nothing_behind(shop_db):
    server = Server([sys.executable, "-c", COUNTING, str(shop_db)]).wait()
    try:
        run(_visit(server.url))
        before = _count(server, patience=80)
        for _ in range(VISITS):
            run(_visit(server.url))
        after = _count(server, patience=80)
    finally:
        server.stop()
    gc.collect()
    assert after == before
    assert after["visits"] == after["listeners"] == after["inboxes"] == 0


def test_a_visit_is_counted_while_it_lasts(shop_db):
    """The test's own check: an open visit is seen, so a kept one would be."""
    server = Server([sys.executable, "-c", COUNTING.replace("_cleanup_sessions(-1)", "_cleanup_sessions(10**9)"),
                     str(shop_db)]).wait()  # fmt: skip
    try:
        run(_visit(server.url))
        assert _count(server)["listeners"] >= 1
        assert _count(server)["inboxes"] >= 1
    finally:
        server.stop()


# Other days each, so that no visit finds the answers of another.
LEFT = [f"?page=diagnose&from=2025-{month:02}-01&to=2025-{month:02}-21" for month in range(2, 10)]


def test_visits_that_end_before_their_answers_leave_nothing_and_trouble_nobody(shop_db):
    server = Server([sys.executable, "-c", COUNTING, str(shop_db)]).wait()
    try:
        run(_visit(server.url, LEFT[0]))
        before = _count(server, patience=80)
        for query in LEFT[1:]:
            run(_visit(server.url, query))
            # Sessions are discarded while their answers are worked out.
            _count(server)
        after = _count(server, patience=80)
        time.sleep(3)
        said = [line for line in server.lines if "Shoplight is at" not in line]
    finally:
        server.stop()
    assert after == before
    assert after["visits"] == after["listeners"] == 0
    assert said == []
