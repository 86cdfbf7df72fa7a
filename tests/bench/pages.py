"""What a visitor waits for in Chromium, from first number to new numbers, and the server's own work."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from engine.selection import Window
from tests import browser as chromium
from tests.dashboards.serving import serving

SIZES = (15_000, 1_000_000)
CLICKS = 30
VISITS = 5

# Runs in the page before anything else: finds through shadow roots, and notes when numbers appear or change.
WATCH = """
window.__deep = (selector, root = document, found = []) => {
  for (const el of root.querySelectorAll("*")) {
    if (el.matches(selector)) found.push(el)
    if (el.shadowRoot) window.__deep(selector, el.shadowRoot, found)
  }
  return found
}
window.__numbers = () => window.__deep("button.card .value").map((el) => el.textContent).join("|")
window.__clicked = 0
addEventListener("pointerdown", () => {
  window.__clicked = performance.now(); window.__before = window.__numbers(); window.__after = 0
}, true)
const look = () => {
  if (!window.__first && window.__deep("button.card .value, .sl-card b").length) window.__first = performance.now()
  if (window.__clicked && !window.__after && window.__numbers() !== window.__before) {
    window.__after = performance.now(); window.__took = window.__after - window.__clicked; window.__clicked = 0
  }
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""

# The chart under a heading, and whether everything the page will show is there.
CANVAS_UNDER = """(words) => {
  const head = window.__deep("*").filter((el) => !el.children.length && el.textContent.trim() === words)[0]
  if (!head) return null
  const at = head.getBoundingClientRect()
  const below = window.__deep(".bk-Canvas, canvas").map((c) => c.getBoundingClientRect())
    .filter((r) => r.height > 60 && r.top >= at.top && r.left <= at.left + 5 && r.right >= at.left)
    .sort((a, b) => a.top - b.top)[0]
  return below && [below.left, below.top, below.width, below.height]
}"""
COMPLETE = """() => window.__deep("tbody tr").length > 1
  && window.__deep("canvas").filter((c) => c.getBoundingClientRect().height > 60).length >= 8"""


def run() -> None:
    """Print the tables."""
    from playwright.sync_api import sync_playwright

    heads = ("first number s", "complete s", "visit CPU s", "click p50 ms", "click p95 ms", "ahead CPU s")
    print(" " * 12 + "".join(f"{head:>{width}}" for head, width in zip(heads, (16, 12, 13, 14, 14, 13), strict=True)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for rows in SIZES:
            db = _shop(Path(folder) / f"{rows}.db", rows)
            with serving(db) as server:
                ahead = _rested(server.process.pid)
                spent = _spent(server.process.pid)
                first, complete = zip(*(_visit(launched, server.url) for _ in range(VISITS)), strict=True)
                visit = (_spent(server.process.pid) - spent) / VISITS
                clicks = sorted(_clicks(launched, server.url))
            p95 = clicks[round(0.95 * (len(clicks) - 1))]
            print(
                f"{rows:<12,}{statistics.median(first):16.2f}{statistics.median(complete):12.2f}{visit:13.2f}"
                f"{statistics.median(clicks):14.0f}{p95:14.0f}{ahead:13.1f}"
            )
        launched.close()
    print()
    with tempfile.TemporaryDirectory() as folder:
        _server_work(_shop(Path(folder) / "small.db", SIZES[0]))


def _spent(pid: int) -> float:
    """CPU seconds a process has used."""
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _rested(pid: int) -> float:
    """CPU seconds a server spends after it has said where it is, on the answers it works out ahead."""
    begin = last = _spent(pid)
    for _ in range(90):
        time.sleep(1)
        now = _spent(pid)
        if now - last < 0.03:
            break
        last = now
    return last - begin


def _shop(path: Path, rows: int) -> Path:
    from engine.demo import make

    make(path, rows=rows)
    return path


@contextmanager
def _page(launched) -> Iterator:
    context = launched.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    try:
        yield context.new_page()
    finally:
        context.close()


def _visit(launched, url: str) -> tuple[float, float]:
    """Seconds to the first number and to the complete page of a visitor with an empty cache."""
    with _page(launched) as page:
        begin = time.perf_counter()
        page.goto(url)
        page.wait_for_function("() => window.__first", timeout=60_000)
        first = page.evaluate("window.__first") / 1000
        page.wait_for_function(COMPLETE, timeout=60_000)
        return first, time.perf_counter() - begin


def _clicks(launched, url: str) -> list[float]:
    """Milliseconds from pressing a bar to changed cards: rows of one chart in turn, put in and taken out."""
    took = []
    with _page(launched) as page:
        page.goto(url)
        page.wait_for_function(COMPLETE, timeout=60_000)
        page.wait_for_timeout(1000)
        for i in range(CLICKS):
            left, top, width, _ = page.evaluate(CANVAS_UNDER, "Revenue by region")
            if top > 700:
                page.mouse.wheel(0, top - 300)
                page.wait_for_timeout(300)
                left, top, width, _ = page.evaluate(CANVAS_UNDER, "Revenue by region")
            page.mouse.click(left + width / 2, top + 28 + 46 * (i // 2 % 4))
            page.wait_for_function("() => window.__after", timeout=20_000)
            took.append(page.evaluate("window.__took"))
            page.wait_for_timeout(400)
    return took


def _server_work(db: Path, filters: int = 40) -> None:
    """The server's milliseconds for a filter: asked anew, and again when the answers are remembered."""
    from bokeh.document import Document
    from panel.io.state import set_curdoc

    from components.state import AppState
    from dashboards.overview import page

    # The server warms up before its first visitor; so do we, for the second page is every visitor's.
    for document in (Document(), Document()):
        document.on_change(lambda change: None)
        with set_curdoc(document):
            state = AppState(path=db)
            begin = time.process_time()
            page(state).server_doc(document)
            built = time.process_time() - begin
    with set_curdoc(document):
        windows = [Window(state.window().start - timedelta(days=i), state.window().end) for i in range(1, filters)]
        anew = [_filter_seconds(state, window) for window in windows]
        again = [_filter_seconds(state, window) for window in windows]
    beyond, whole = (1000 * statistics.median(seconds) for seconds in (again, anew))
    print(f"building a visitor's page: {1000 * built:.0f} ms of CPU")
    print(f"a filter: {whole:.1f} ms of CPU, {beyond:.1f} ms of it beyond the answers")


def _filter_seconds(state, window: Window) -> float:
    begin = time.process_time()
    state.commit(window=window)
    return time.process_time() - begin
