"""Names out of the data are shown and never run: with the security policy, and without its help."""

from __future__ import annotations

import pytest

from dashboards.shell.menu import pages
from tests.dashboards import hostile
from tests.dashboards.serving import arrived, serving, visitor

AS_HTML = "(html) => document.body.append(Object.assign(document.createElement('p'), { innerHTML: html }))"
TRAP = "window.__hits = []; window.__hit = (what) => { window.__hits.push(what) }; window.alert = window.__hit"

FIGURES = """() => {
  const all = (r) => [...r.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  return all(document).filter((e) => e.tagName === 'CANVAS' && e.checkVisibility() && e.width > 40)
    .map((e) => { const b = e.getBoundingClientRect(); return [b.x + scrollX, b.y + scrollY, b.width, b.height] })
}"""


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    """A shop of hostile names, in a file of a hostile name."""
    name = '"><img src=x onerror=__hit(2)>.db'
    with serving(hostile.make(tmp_path_factory.mktemp("hostile") / name)) as server:
        yield server


def test_the_trap_snaps(browser, hostile_server):
    """The test's own check: the same names put into a page as HTML do run."""
    context = browser.new_context(bypass_csp=True)
    try:
        page = context.new_page()
        page.add_init_script(TRAP)
        page.goto(hostile_server.url + "/health")
        for name in hostile.PAYLOADS[:4]:
            page.evaluate(AS_HTML, name)
        page.wait_for_function("window.__hits.length >= 1")
    finally:
        context.close()


def test_there_are_enough_of_them():
    assert len(set(hostile.PAYLOADS)) >= 40


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_no_name_runs_anywhere(browser, hostile_server, policy):
    with visitor(browser, 1400, 1000, bypass_csp=not policy) as page:
        dialogs = []
        page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
        page.add_init_script(TRAP)
        page.goto(hostile_server.url)
        arrived(page)
        for start, names in hostile.MONTHS:
            _look_at(page, start)
            if start.month % 3 == 1:
                _use(page, names)
        _other_pages(page)
        assert dialogs == []
        assert page.evaluate("window.__hits") == []


def _look_at(page, start) -> None:
    query = f"from={start:%Y-%m}-01&to={start:%Y-%m}-28"
    page.evaluate("(q) => { history.pushState({}, '', '?' + q); dispatchEvent(new PopStateEvent('popstate')) }", query)
    page.locator(".crumbs .said b", has_text=f"28 {start:%b} {start.year}").wait_for()


def _use(page, names) -> None:
    """Hover every chart, open every list of names, filter by one and clear it."""
    for x, y, width, height in page.evaluate(FIGURES):
        page.evaluate("(y) => window.scrollTo(0, y - 300)", y)
        top = y - page.evaluate("scrollY")
        for share in (0.2, 0.5, 0.8):
            page.mouse.move(x + width * share, top + height * share)
    page.evaluate("window.scrollTo(0, 0)")
    for key in ("dim region", "dim product"):
        page.locator(f'[data-key="{key}"]').first.click()
        page.locator(".pop .item").first.wait_for()
        page.locator(".pop .item").first.hover()
        if key == "dim region":
            page.locator(".pop .item").first.click()
            page.locator(".crumbs .chip").first.wait_for()
            page.locator(".pop .item").first.click()
        page.keyboard.press("Escape")


def _other_pages(page) -> None:
    for entry in pages()[1:]:
        page.get_by_role("link", name=entry.title).click()
        page.wait_for_function("(title) => document.title.startsWith(title)", arg=entry.title)
        page.wait_for_timeout(300)
        for summary in page.locator("summary").all():
            if summary.is_visible():
                summary.click()
