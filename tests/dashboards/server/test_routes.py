"""What is open, what is closed, and whether the health check tells the truth."""

from __future__ import annotations

import json
import urllib.parse

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from dashboards.server.routes import answers
from tests.dashboards.serving import run


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_components_are_closed_and_import_nothing(shop_server, tmp_path, method):
    marker = tmp_path / "imported"
    module = tmp_path / "trap_module.py"
    module.write_text(f"open({str(marker)!r}, 'w').close()")
    for name in ("antigravity", "dashboards.server", "trap_module", "../../etc/passwd"):
        status, _, body = shop_server.get(f"/components/{name}/a/b/c.js", method=method)
        assert status == 404
        assert body == (b"" if method == "HEAD" else b"There is nothing here.\n")
    assert not marker.exists()


@pytest.mark.parametrize(
    "route", ["/autoload.js?bokeh-autoload-element=1", "/metadata", "/liveness", "/admin", "/rest/session_info"]
)
def test_stock_side_doors_are_closed(shop_server, route):
    assert shop_server.get(route)[0] == 404


def test_health_is_small_constant_and_true(shop_server):
    for _ in range(3):
        status, headers, body = shop_server.get("/health")
        assert (status, json.loads(body)) == (200, {"status": "ok"})
        assert headers["cache-control"] == "no-store"
    status, headers, body = shop_server.get("/health", method="HEAD")
    assert (status, body) == (200, b"")
    assert shop_server.get("/health", method="POST")[0] == 405


def test_the_verdict_needs_a_database_that_answers(shop_db, tmp_path):
    assert answers(shop_db) is True
    assert answers(tmp_path / "gone.db") is False
    (tmp_path / "text.db").write_text("no database at all, but long enough to look at" * 100)
    assert answers(tmp_path / "text.db") is False


def test_a_page_of_another_site_cannot_open_the_websocket(shop_server):
    host = urllib.parse.urlsplit(shop_server.url).netloc

    async def knock(origin: str) -> int:
        request = HTTPRequest(f"ws://{host}/ws", headers={"Origin": origin})
        try:
            connection = await websocket_connect(request, subprotocols=["bokeh", "no-token"])
        except Exception as error:
            return getattr(error, "code", 0)
        connection.close()
        return 101

    assert run(knock("http://evil.example")) == 403
    assert run(knock(f"http://{host}.evil.example")) == 403
    assert run(knock(f"http://{host}")) == 101


def test_a_chosen_session_id_is_refused(shop_server):
    assert shop_server.get("/?bokeh-session-id=chosen")[0] == 403


def test_a_large_body_is_cut(shop_server):
    import http.client

    host = urllib.parse.urlsplit(shop_server.url).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(64 * 2**20))
    connection.endheaders()
    try:
        status = connection.getresponse().status
    except (http.client.HTTPException, ConnectionError):
        status = 0
    finally:
        connection.close()
    assert status in (0, 400, 413)
    assert shop_server.get("/health")[0] == 200
