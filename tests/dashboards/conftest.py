"""One server over the demo shop for all browser tests of the pages."""

from __future__ import annotations

import pytest

from tests.dashboards.serving import ROOT, Server, serving, visitor


@pytest.fixture(scope="session")
def shop_server(shop_db) -> Server:
    """The real server over the demo shop; tests must not change the shop."""
    with serving(shop_db) as server:
        yield server
        # Bokeh logs what it thinks of a forged token; a line of our own in a traceback is a fault of ours.
        ours = [str(ROOT / floor) for floor in ("dashboards", "components", "engine")]
        assert not any(folder in server.said for folder in ours), server.said


@pytest.fixture
def page(browser):
    """A desktop visitor."""
    with visitor(browser) as opened:
        yield opened


@pytest.fixture
def phone(browser):
    """A visitor on a phone of 360 x 740."""
    with visitor(browser, 360, 740, has_touch=True, is_mobile=True, device_scale_factor=2) as opened:
        yield opened
