"""Where the server listens: each mistake is one sentence with the value and what to do."""

from __future__ import annotations

import socket

import pytest

from dashboards.server import address
from engine.errors import EngineError


def test_a_free_port_is_taken_without_a_word():
    address.check("localhost", 0)


def test_a_taken_port_is_named_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match=rf"Port {port} is taken .* --port {port + 1}"):
            address.check("127.0.0.1", port)


def test_a_foreign_address_is_refused():
    with pytest.raises(EngineError, match="192.0.2.1 is not an address of this machine"):
        address.check("192.0.2.1", 0)


@pytest.mark.parametrize("name", ["no-such-host.invalid", "not a host", "a" * 300])
def test_a_name_that_is_no_address_is_refused(name):
    with pytest.raises(EngineError, match="No address named"):
        address.check(name, 0)


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_a_port_that_does_not_exist_is_refused(port):
    with pytest.raises(EngineError, match=f"Port {port} does not exist"):
        address.check("localhost", port)


@pytest.mark.parametrize(
    ("name", "local"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("", False), ("::", False)],
)
def test_only_loopback_is_local(name, local):
    assert address.is_local(name) is local


@pytest.mark.parametrize("origin", ["*", "https://shop.example.com", "shop.example.com/path", "", "a b"])
def test_an_origin_that_cannot_be_matched_is_refused(origin):
    with pytest.raises(EngineError, match="is not a host"):
        address.origins("localhost", 5006, (origin,))


def test_origins_are_this_server_and_what_was_named():
    assert address.origins("localhost", 5006, ("shop.example.com",)) == [
        "127.0.0.1:5006",
        "localhost:5006",
        "shop.example.com",
    ]


def test_the_shown_address_can_be_typed():
    assert address.shown("0.0.0.0", 80) == "http://localhost:80"
    assert address.shown("::1", 5006) == "http://[::1]:5006"
