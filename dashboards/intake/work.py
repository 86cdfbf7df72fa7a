"""Run a job in the child process and hand on what it says, without holding up anybody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger("shoplight.dashboards")

# One thread waits for each child; a shop has one writer, so more at once would only queue.
WAITING = ThreadPoolExecutor(4, thread_name_prefix="shoplight-intake")

GONE = "The import was interrupted; nothing of it was stored. Start it again."

_running: set[subprocess.Popen] = set()
_lock = threading.Lock()


def start(job: dict, hear: Callable[[dict], None]) -> None:
    """Begin a job; `hear` is called on a thread with each thing the child says, and last with its verdict."""
    WAITING.submit(_run, job, hear)


def _run(job: dict, hear: Callable[[dict], None]) -> None:
    verdict = None
    try:
        for said in _said(job):
            if "progress" in said:
                hear(said)
            else:
                verdict = said
    except Exception:
        log.exception("the import process could not be run")
    hear(verdict or {"refused": GONE})


def _said(job: dict):
    child = subprocess.Popen(
        [sys.executable, "-m", "dashboards.intake.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    with _lock:
        _running.add(child)
    try:
        with child:
            json.dump(job, child.stdin)
            child.stdin.close()
            for line in child.stdout:
                yield json.loads(line)
    finally:
        with _lock:
            _running.discard(child)


def _environment() -> dict[str, str]:
    """The child's environment: it has no business with the key that signs sessions."""
    return {name: value for name, value in os.environ.items() if not name.endswith("SECRET_KEY")}


def stop_all() -> None:
    """End what is still running, when the server ends: an interrupted import leaves the shop whole."""
    with _lock:
        running = tuple(_running)
    for child in running:
        child.terminate()
