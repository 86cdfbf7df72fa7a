"""SIGTERM and SIGINT: the pages are told, the exit code is 0, and nothing is left."""

from __future__ import annotations

import re
import signal
import socket
import sys
import urllib.parse

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.dashboards.serving import START, Server, run, serving


async def _close_frame_after(server: Server, stop: signal.Signals) -> tuple[int | None, str | None]:
    html = server.get("/")[2].decode()
    token = re.search(r'"token":"([^"]+)"', html).group(1)
    host = urllib.parse.urlsplit(server.url).netloc
    request = HTTPRequest(f"ws://{host}/ws", headers={"Origin": server.url})
    connection = await websocket_connect(request, subprotocols=["bokeh", token])
    assert await connection.read_message() is not None
    server.process.send_signal(stop)
    while await connection.read_message() is not None:
        pass
    return connection.close_code, connection.close_reason


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_open_pages_are_told_and_the_process_ends_well(shop_db, stop):
    with serving(shop_db) as server:
        code, reason = run(_close_frame_after(server, stop))
        assert (code, reason) == (1001, "The server is restarting.")
        assert server.process.wait(20) == 0
        assert "Traceback" not in server.said
        assert server.said.rstrip().endswith("Stopped.")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path.write_bytes(b"%PDF-1.4" + b"x" * 5000), "not a"),
        (lambda path: None, "no"),
    ],
    ids=["a PDF", "no file"],
)
def test_a_database_that_cannot_be_read_is_one_sentence(tmp_path, make, sentence):
    path = tmp_path / "shop.db"
    make(path)
    code = (
        "import sys\nfrom engine.errors import EngineError\nfrom dashboards.server import serve\n"
        "try:\n    serve(sys.argv[1], port=0)\nexcept EngineError as error:\n    sys.exit(f'SAID {error}')\n"
    )
    server = Server([sys.executable, "-c", code, str(path)])
    assert server.process.wait(60) == 1
    assert "Traceback" not in server.said
    assert sentence in server.said.lower()
    assert str(path) in server.said


def test_a_taken_port_ends_the_start_with_a_sentence(shop_db):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        command = START.replace("port=0", f"port={port}").format(extra="")
        server = Server([sys.executable, "-c", command, str(shop_db)])
        assert server.process.wait(60) != 0
        assert f"Port {port} is taken" in server.said
