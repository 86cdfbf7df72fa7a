"""An orderly end: refuse new visitors, tell the open pages, close with a reason, leave with 0."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from tornado.ioloop import IOLoop

GOING_AWAY = 1001
REASON = "The server is restarting."
# Browsers answer a close frame at once; one that does not is cut off after this.
FAREWELL = 1.0
# Work that still holds a page's lock may finish, but not keep the process for ever.
PATIENCE = 5.0


class GracefulStop:
    """Stops a server once: at the first SIGTERM or SIGINT, or when called on its loop.

    Parameters
    ----------
    server : the running Bokeh server
    loop : the loop it runs on
    also : what else is to be ended, once the visitors are gone
    """

    def __init__(self, server, loop: IOLoop, also: Sequence[Callable[[], None]] = ()) -> None:
        self._also = also
        self._server = server
        self._loop = loop
        self._begun = False

    def install(self) -> None:
        """Take over the two signals; only the main thread may."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._signalled)

    def _signalled(self, *_) -> None:
        self._loop.asyncio_loop.call_soon_threadsafe(self)

    def __call__(self) -> None:
        """Begin the end; a second call changes nothing."""
        if not self._begun:
            self._begun = True
            self._task = self._loop.asyncio_loop.create_task(self._end())

    async def _end(self) -> None:
        self._server._http.stop()
        for connection in tuple(self._server._tornado._clients):
            connection._socket.close(GOING_AWAY, REASON)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_gone(), FAREWELL)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._release(), PATIENCE)
        for close in self._also:
            close()
        self._server.stop(wait=False)
        self._loop.stop()

    async def _all_gone(self) -> None:
        while self._server._tornado._clients:
            await asyncio.sleep(0.02)

    async def _release(self) -> None:
        """Discard every session as if it had expired, so that what waits for its end is run."""
        for context in self._server._tornado._applications.values():
            await context._cleanup_sessions(-1)
