"""The views in Chromium: hostile names, clicks, keyboard, the back button, a phone, and no foreign request."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.safe import plain
from engine.dimensions import NOT_GIVEN
from tests.components import shops

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def address():
    """Where every view is served, one shop a page."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tests.components.scratch"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
    )  # fmt: skip
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://localhost:\d+", line):
            break
    assert found, said
    yield found.group()
    process.send_signal(signal.SIGTERM)
    process.wait(20)


@contextmanager
def visit(browser, url: str, **options):
    """A visitor who tolerates nothing: no error, no dialog, no request to another host."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page, faults = context.new_page(), []
    page.on(
        "console", lambda m: faults.append(m.text) if m.type == "error" and "favicon" not in m.location["url"] else 0
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def answer(route):
        if not route.request.url.startswith(("http://localhost", "data:", "blob:")):
            faults.append(f"asked {route.request.url}")
            route.abort()
        else:
            route.continue_()

    page.route("**/*", answer)
    page.set_default_timeout(15_000)
    page.goto(url)
    try:
        page.wait_for_selector(".card .value, .message")
        page.wait_for_selector("h3:has-text('Top')")
        page.wait_for_function("window.Bokeh.documents.length && window.Bokeh.documents.every((d) => d.is_idle)")
        yield page
    finally:
        context.close()
        assert faults == []


def values(page) -> list[str]:
    return page.locator(".card .value").all_inner_texts()


def until(page, condition: str) -> None:
    page.wait_for_function(condition, timeout=20_000)


def changed(page, before: list[str]) -> list[str]:
    """The cards' values once they are others."""
    deadline = time.monotonic() + 20
    while values(page) == before and time.monotonic() < deadline:
        page.wait_for_timeout(30)
    return values(page)


def settled(page, element) -> dict:
    """Where an element is, once it has stayed there: charts above it may still be finding their height."""
    box, last = element.bounding_box(), None
    while box != last:
        page.wait_for_timeout(150)
        box, last = element.bounding_box(), box
    return box


def click_row(page, row: int) -> None:
    """Click a row of the bars as a person does: somewhere on its name."""
    canvas = page.locator(".bk-Figure").nth(1)
    canvas.scroll_into_view_if_needed()
    box = settled(page, canvas)
    page.mouse.click(box["x"] + 60, box["y"] + 10 + 46 * row + 14)


def test_hostile_names_are_shown_and_never_act(address, browser):
    with visit(browser, f"{address}/hostile") as page:
        shown = page.locator(".name").all_inner_texts()
        page.locator("button.pick", has_text="Product").click()
        listed = page.locator(".pop .item .name").all_inner_texts()
        expected = {" ".join(plain(name or NOT_GIVEN, 80).split()) for name in set(shops.HOSTILE)}
        assert {" ".join(text.split()) for text in listed} == expected
        assert any("<img src=x" in text for text in shown)
        for item in page.locator(".pop .item").all()[:16]:
            item.click()
        page.wait_for_selector(".chip")
        page.keyboard.press("Escape")
        for figure in page.locator(".bk-Figure").all():
            figure.scroll_into_view_if_needed()
            box = figure.bounding_box()
            for part in (0.2, 0.5, 0.8):
                page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * 0.4)
                page.wait_for_timeout(60)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img[src=x], svg[onload], script:has-text('hacked')").count() == 0


def test_a_hostile_address_is_said_and_never_acts(address, browser):
    with visit(
        browser, f"{address}/hostile?region=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&metric=%22%3E%3Cscript%3E"
    ) as page:
        page.wait_for_selector(".notice")
        assert "<img src=x onerror=alert(1)>" in page.locator(".notice").inner_text()
        page.locator("[data-key=notice]").click()
        page.wait_for_selector(".notice", state="detached")


def test_a_click_filters_and_the_back_button_takes_it_back(address, browser):
    with visit(browser, f"{address}/plain") as page:
        before = values(page)
        click_row(page, 0)
        until(page, "location.search.includes('product=')")
        one = changed(page, before)
        assert one != before
        click_row(page, 1)
        until(page, "location.search.split('product=').length == 3")
        two = changed(page, one)
        page.go_back()
        assert changed(page, two) == one
        page.go_back()
        assert changed(page, one) == before
        assert "?" not in page.url
        page.go_forward()
        assert changed(page, before) == one


def test_a_copied_address_opens_the_same_view(address, browser):
    with visit(browser, f"{address}/plain") as page:
        click_row(page, 0)
        until(page, "location.search.includes('product=')")
        page.locator("button", has_text="Week").click()
        until(page, "location.search.includes('grain=week')")
        page.wait_for_selector("h3:has-text('by week')")
        url, seen, chips = page.url, values(page), page.locator(".chip").all_inner_texts()
    with visit(browser, url) as page:
        page.wait_for_selector(".chip")
        assert (values(page), page.locator(".chip").all_inner_texts(), page.url) == (seen, chips, url)


def test_the_link_button_copies_the_days_themselves(address, browser):
    with visit(browser, f"{address}/plain", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.locator("button", has_text="Copy link").click()
        page.wait_for_selector("button:has-text('Link copied')")
        assert re.search(
            r"/plain\?from=2024-\d\d-\d\d&to=\d{4}-\d\d-\d\d$", page.evaluate("navigator.clipboard.readText()")
        )


def test_everything_is_reached_by_keyboard(address, browser):
    with visit(browser, f"{address}/plain") as page:
        page.locator("button.card").nth(1).focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("h3:has-text('Orders by')")
        active = "e => e.getRootNode().activeElement === e"
        assert page.locator("button.card").nth(1).evaluate(active)
        page.locator("button.pick", has_text="Region").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        page.keyboard.press(" ")
        page.wait_for_selector("button.pick.on:has-text('Region')")
        page.keyboard.press("Escape")
        assert page.locator(".pop").count() == 0
        assert page.locator("button.pick", has_text="Region").evaluate(active)


def test_days_are_picked_and_applied(address, browser):
    with visit(browser, f"{address}/plain") as page:
        page.locator("button.pick").first.click()
        page.locator("input[type=date]").first.fill("2024-03-01")
        page.locator("input[type=date]").nth(1).fill("2024-03-31")
        page.locator("button.go").click()
        until(page, "location.search.includes('from=2024-03-01&to=2024-03-31')")
        page.wait_for_selector(".said:has-text('Mar 2024')")
        page.locator("button", has_text="Reset").click()
        until(page, "!location.search.includes('from=')")


@pytest.mark.parametrize("shop", ["plain", "hostile", "bare", "empty", "one"])
def test_no_shop_makes_the_page_scroll_sideways(address, browser, shop):
    with visit(browser, f"{address}/{shop}") as page:
        for width in (360, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(300)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, width


def test_a_phone_folds_the_filters(address, browser):
    with visit(browser, f"{address}/plain", viewport={"width": 360, "height": 740}, has_touch=True) as page:
        region = page.locator("button.pick", has_text="Region")
        assert not region.is_visible()
        page.locator("button.fold").tap()
        assert region.is_visible()
        region.tap()
        page.locator(".pop .item").first.tap()
        until(page, "location.search.includes('region=')")
        assert page.locator("button.fold .count").inner_text() == "1"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_pictures_to_look_at(address, browser, name):
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with visit(browser, f"{address}/plain" + ("?dark" if name == "dark" else "")) as page:
        page.wait_for_timeout(800)
        page.screenshot(path=folder / f"components-{name}.png", full_page=True)
    assert (folder / f"components-{name}.png").stat().st_size > 50_000
