"""Where the server listens, and the sentences for when it cannot."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket

from engine.errors import EngineError

_ORIGIN = re.compile(r"^[A-Za-z0-9_.\-\[\]:]+$")


def check(address: str, port: int) -> None:
    """Try the address and port once, so that a mistake is one sentence and not a traceback.

    Raises
    ------
    EngineError
        the port is out of range or taken or needs rights, the address is not this machine's
    """
    if not 0 <= port <= 65535:
        raise EngineError(f"Port {port} does not exist; choose one from 1 to 65535, or 0 for a free one.")
    try:
        found = socket.getaddrinfo(address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise EngineError(
            f"No address named {address!r}; use localhost, 0.0.0.0 or one of this machine's own."
        ) from None
    if port == 0:
        found = found[:1]
    for family, kind, proto, _, where in found:
        _try_one(socket.socket(family, kind, proto), where)


def _try_one(sock: socket.socket, where: tuple) -> None:
    address, port = where[0], where[1]
    with sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            sock.bind(where)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise EngineError(
                    f"Port {port} is taken by another program; stop that one or choose another with --port {port + 1}."
                ) from None
            if error.errno == errno.EACCES:
                raise EngineError(
                    f"Port {port} needs the rights of root; choose one above 1023, such as 5006."
                ) from None
            # A machine without IPv6 still names ::1 for localhost; Tornado passes over it as well.
            if sock.family == socket.AF_INET6:
                return
            raise EngineError(
                f"{address} is not an address of this machine; use localhost, or 0.0.0.0 for all of them."
            ) from None


def is_local(address: str) -> bool:
    """Whether only this machine can reach that address."""
    try:
        found = socket.getaddrinfo(address or "0.0.0.0", None)
    except (socket.gaierror, UnicodeError):
        return False
    return all(ipaddress.ip_address(item[4][0].split("%")[0]).is_loopback for item in found)


def origins(address: str, port: int, extra: tuple[str, ...]) -> list[str]:
    """Hosts a page may open its websocket from; never a wildcard.

    Raises
    ------
    EngineError
        for `*`, a scheme or a path: only `host` or `host:port` can be matched
    """
    for origin in extra:
        if not _ORIGIN.match(origin):
            raise EngineError(
                f"{origin!r} is not a host; give --allow-origin as host or host:port, such as shop.example.com."
            )
    names = {"localhost", "127.0.0.1"} if is_local(address) else {"localhost", "127.0.0.1", address}
    own = [f"{_bracketed(name)}:{port}" for name in sorted(names) if name not in ("0.0.0.0", "::")]
    return own + list(extra)


def shown(address: str, port: int) -> str:
    """The address to type into a browser."""
    everywhere = address in ("", "0.0.0.0", "::")
    return f"http://{'localhost' if everywhere else _bracketed(address)}:{port}"


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name
