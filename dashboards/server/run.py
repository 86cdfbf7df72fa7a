"""Put the server together, warm it up, say where it is, and run it until it is told to stop."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import panel as pn
from tornado.ioloop import IOLoop

from dashboards.intake import work
from dashboards.server import address as where
from dashboards.server import routes, secret, static, uploads
from dashboards.server.headers import SecurityHeaders
from dashboards.server.stop import GracefulStop
from dashboards.server.warm import warm
from dashboards.shell import app
from dashboards.shell.database import shop

# The largest message a page sends is a table edit; files come by their own route with its own limit.
LARGEST_MESSAGE = 2 * 2**20
LARGEST_BODY = 1 * 2**20
# An update of all charts shrinks from 37-52 KB to 3-4 KB.
COMPRESSION = 6
# A page that lost its connection may come back within this time.
LINGER_MS = 15_000


@dataclass(frozen=True)
class Options:
    """How to serve; see `dashboards.server.serve`."""

    path: Path | str | None = None
    port: int = 5006
    address: str = "localhost"
    origins: tuple[str, ...] = ()
    show: bool = False
    allow_imports: bool | None = None
    # The place for accounts: a subclass of bokeh's AuthProvider, asked for every page and websocket.
    auth_provider: object | None = None


def run(options: Options) -> None:
    """Serve until SIGTERM or SIGINT; errors at the start are EngineErrors of one sentence."""
    server = build(options)
    stop = GracefulStop(server, server.io_loop, also=[work.stop_all])
    stop.install()
    server.start()
    url = where.shown(options.address, server.port)
    print(f"Shoplight is at {url} (Ctrl-C stops it)", flush=True)
    if options.show:
        server.io_loop.add_callback(lambda: server.show("/"))
    server.io_loop.start()
    print("Stopped.", flush=True)


def build(options: Options, loop: IOLoop | None = None):
    """The server, listening and warm, not yet started.

    Raises
    ------
    EngineError
        one sentence on the port, the address or the database
    """
    key = secret.prepare()
    where.check(options.address, options.port)
    path = shop(options.path)
    imports = where.is_local(options.address) if options.allow_imports is None else options.allow_imports
    uploads.allow(imports)
    warm(path)
    # Said each time somebody leaves while an answer is on its way to them; nothing is wrong then.
    logging.getLogger("bokeh.server.views.ws").setLevel(logging.ERROR)
    # Views change Bokeh's models themselves, which only the loop may do: it holds the document's lock. An
    # answer takes milliseconds; what takes longer (files, imports) runs in a process of its own.
    pn.config.nthreads = None
    server = pn.serve(
        {"/": app(path)},
        port=options.port,
        address=options.address or None,
        websocket_origin=where.origins(options.address, options.port, options.origins),
        loop=loop,
        show=False,
        start=False,
        verbose=False,
        location=False,
        **_limits(key),
        **({"auth_provider": options.auth_provider} if options.auth_provider else {}),
    )
    _own_routes(server, path)
    return server


def _limits(key: bytes) -> dict:
    return {
        "secret_key": key,
        "sign_sessions": True,
        "transforms": [SecurityHeaders],
        "http_server_kwargs": {"max_body_size": LARGEST_BODY, "max_buffer_size": 4 * LARGEST_BODY},
        "websocket_max_message_size": LARGEST_MESSAGE,
        "websocket_compression_level": COMPRESSION,
        "unused_session_lifetime_milliseconds": LINGER_MS,
        "include_headers": ["Host"],
        "ico_path": str(Path(__file__).parent.parent / "shell" / "favicon.ico"),
    }


def _own_routes(server, path: Path) -> None:
    """Routes that must win over the stock ones, so they are added in front."""
    server._tornado.add_handlers(
        r".*",
        [
            (r"/components/.*", routes.Closed),
            (r"/autoload\.js", routes.Closed),
            (r"/metadata", routes.Closed),
            (r"/health", routes.Health, {"path": path}),
            (r"/upload", uploads.UploadHandler),
            (r"/static/(.*)", static.StaticHandler),
        ],
    )
