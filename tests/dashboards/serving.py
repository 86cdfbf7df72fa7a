"""The real server as a process of its own, and a browser page that tolerates nothing."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; from dashboards.server import serve; serve(sys.argv[1], port=0{extra})"
ADDRESS = re.compile(r"http://\S+:\d+")


class Server:
    """A running server: its address, its process, and what it said so far."""

    def __init__(self, command: Sequence[str], env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, **(env or {})},
        )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.url = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            found = ADDRESS.search(line)
            if found and not self.url:
                self.url = found.group()
                self._ready.set()
        self._ready.set()

    def wait(self, seconds: float = 120) -> Server:
        """Until it says where it is."""
        self._ready.wait(seconds)
        assert self.url, f"the server did not start:\n{self.said}"
        return self

    @property
    def said(self) -> str:
        """All it printed."""
        return "".join(self.lines)

    def stop(self, seconds: float = 20) -> int:
        """Ask it to stop, as a service manager does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def get(self, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """One request without a browser: status, headers in lower case, body."""
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()


@contextmanager
def serving(db: Path, extra: str = "", **env: str) -> Iterator[Server]:
    """Our server over that shop, until the block ends."""
    server = Server([sys.executable, "-c", START.format(extra=extra), str(db)], env).wait()
    try:
        yield server
    finally:
        server.stop()


def run(coroutine):
    """Run a coroutine on a thread of its own: Playwright keeps a loop running on the tests' thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


VIOLATIONS = """
window.__violations = []
document.addEventListener("securitypolicyviolation", (e) =>
  window.__violations.push(e.violatedDirective + " " + (e.blockedURI || "") + " " + (e.sample || "")))
"""


@contextmanager
def visitor(browser, width: int = 1280, height: int = 900, **options) -> Iterator:
    """A fresh browser page that may reach this machine only; leaving it fails on any error it met."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(40_000)
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    page.outside, page.errors = [], []

    def guard(route) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            page.outside.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.errors.append(str(e)))
    try:
        yield page
        violations = page.evaluate("window.__violations || []")
        assert page.outside == [], "the page asked for the internet"
        assert violations == [], "the page broke its own security policy"
        assert page.errors == [], "the browser's console has errors"
    finally:
        context.close()


def arrived(page) -> None:
    """Until the pages are there and the browser is done drawing them."""
    page.wait_for_selector("html[data-ready]", timeout=90_000)
