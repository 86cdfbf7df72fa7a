"""Every answer carries the same security headers: pages, static files, errors, closed routes."""

from __future__ import annotations

import pytest

from dashboards.server.headers import FIXED, policy

ROUTES = ["/", "/health", "/static/js/bokeh.min.js", "/no-such-page", "/components/json/x/y", "/favicon.ico", "/upload"]


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_has_the_headers(shop_server, route):
    _, headers, _ = shop_server.get(route)
    for name, value in FIXED.items():
        assert headers[name.lower()] == value
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["script-src-attr"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["default-src"] == "'self'"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_no_rule_lets_another_host_in():
    for rule in policy("shop.example.com:5006").split("; "):
        for source in rule.split(" ")[1:]:
            assert source.startswith("'") or source in (
                "blob:",
                "data:",
                "ws://shop.example.com:5006",
                "wss://shop.example.com:5006",
            )


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x'y", "", "h\r\nX: y"])
def test_a_strange_host_header_cannot_write_rules(host):
    assert "connect-src 'self' blob: ;" in policy(host)
    assert "evil" not in policy(host)
