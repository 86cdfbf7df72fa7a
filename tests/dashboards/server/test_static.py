"""Library files are sent packed, kept by the browser, and lead nowhere else."""

from __future__ import annotations

import gzip
import re

import pytest


def test_what_a_page_names_is_there_packed_and_kept(shop_server):
    html = shop_server.get("/")[2].decode()
    names = set(re.findall(r'(?:src|href)="(static/[^"]+)"', html))
    assert len(names) >= 4
    for name in names:
        status, headers, body = shop_server.get(f"/{name}", **{"Accept-Encoding": "gzip"})
        assert status == 200, name
        if "?v=" in name:
            assert "immutable" in headers["cache-control"]
        if headers.get("content-encoding") == "gzip":
            plain = shop_server.get(f"/{name}")[2]
            assert gzip.decompress(body) == plain
            assert len(body) < len(plain) / 2
        again, _, nothing = shop_server.get(f"/{name}", **{"If-None-Match": headers["etag"]})
        assert (again, nothing) == (304, b"")


def test_the_scripts_of_a_first_visit_stay_below_a_megabyte_on_the_wire(shop_server):
    html = shop_server.get("/")[2].decode()
    names = set(re.findall(r'src="(static/[^"]+)"', html))
    assert sum(len(shop_server.get(f"/{name}", **{"Accept-Encoding": "gzip"})[2]) for name in names) < 1_000_000


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server/run.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static/extensions/panel/../../io/server.py",
        "/static/extensions/panel/%2e%2e/%2e%2e/__init__.py",
        "/static//etc/passwd",
        "/static/js",
        "/static/",
        "/static/extensions/panel",
        "/static/js/no-such.js",
        "/static/%00",
    ],
)
def test_nothing_outside_the_two_folders_is_given(shop_server, path):
    assert shop_server.get(path)[0] in (400, 404)
