"""Pictures of every page, for whoever changes one: screenshots/<page>-<device>[-dark].png, ignored by git."""

from __future__ import annotations

import pytest

from dashboards.shell.menu import pages
from tests.dashboards.serving import ROOT, arrived, visitor

FOLDER = ROOT / "screenshots"
DEVICES = {
    "desktop": ({"width": 1440, "height": 900}, {}),
    "phone": ({"width": 390, "height": 844}, {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}),
}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_screenshots(browser, shop_server, device, mode):
    FOLDER.mkdir(exist_ok=True)
    size, options = DEVICES[device]
    with visitor(browser, **size, **options) as page:
        page.context.add_cookies([{"name": "shoplight_theme", "value": mode, "url": shop_server.url}])
        for entry in pages():
            page.goto(f"{shop_server.url}/?page={entry.name}")
            arrived(page)
            page.wait_for_function("Bokeh.documents[0].is_idle")
            page.wait_for_timeout(400)
            path = FOLDER / f"{entry.name}-{device}{'-dark' if mode == 'dark' else ''}.png"
            page.screenshot(path=path, full_page=True)
            assert path.stat().st_size > 20_000
