"""Each page file works by itself under `panel serve`, from any folder: what is on the page is looked at."""

from __future__ import annotations

import sys

import pytest

from dashboards.shell.menu import pages
from tests.dashboards.reading import by_hand, shown_days, waits_for
from tests.dashboards.serving import ROOT, Server, arrived, visitor


@pytest.mark.parametrize("name", [entry.name for entry in pages()])
def test_a_page_alone_shows_the_shop(browser, shop_db, name, unused_port):
    command = [sys.executable, "-m", "panel", "serve", str(ROOT / "dashboards" / f"{name}.py"), "--port", unused_port]
    server = Server(command, {"SHOPLIGHT_DB": str(shop_db)}).wait()
    try:
        with visitor(browser) as page:
            page.goto(server.url)
            arrived(page)
            if name == "overview":
                first, after = shown_days(page)
                waits_for(page, "Revenue", by_hand(shop_db, first, after)["Revenue"])
            assert page.get_by_role("link", name=dict((e.name, e.title) for e in pages())[name]).is_visible()
            if name == "sources":
                page.get_by_role("heading", name="demo shop").wait_for()
        assert "Traceback" not in server.said
    finally:
        server.stop()


@pytest.fixture
def unused_port() -> str:
    import socket

    with socket.create_server(("localhost", 0)) as taken:
        return str(taken.getsockname()[1])
