"""The frame around the pages: menu, drawer, colours, keyboard, lost connections."""

from __future__ import annotations

import re
import sys

import pytest
from playwright.sync_api import expect

from dashboards.shell.menu import pages
from tests.dashboards.reading import by_hand, chips, picked, shown_days, waits_for
from tests.dashboards.serving import START, Server, arrived, serving, visitor

FOCUSED = """() => {
  let e = document.activeElement
  while (e.shadowRoot) e = e.shadowRoot.activeElement
  return e.textContent.trim()
}"""
WIDEST = """() => Math.max(...[...document.querySelectorAll('.sl-stage *')]
  .map((e) => e.getBoundingClientRect().right))"""
NAMELESS = """() => {
  const all = (r) => [...r.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  const named = (e) => e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length
  return all(document).filter((e) => e.matches('button, a[href], input, select') && e.checkVisibility() && !named(e))
    .map((e) => e.outerHTML.slice(0, 120))
}"""
NAMES = [entry.name for entry in pages()]


def test_pages_come_from_their_files_in_order():
    assert NAMES[0] == "overview"
    assert "sources" in NAMES
    assert [entry.order for entry in pages()] == sorted(entry.order for entry in pages())


def test_the_menu_carries_the_filters_along(page, shop_server, shop_db):
    page.goto(shop_server.url + "/?region=West")
    arrived(page)
    first, after = shown_days(page)
    page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="What was loaded").wait_for()
    assert "page=sources" in page.url
    assert "region=West" in page.url
    assert page.title() == "Data · Shoplight"
    page.get_by_role("link", name="Overview").click()
    page.locator(".cards").first.wait_for()
    waits_for(page, "Revenue", by_hand(shop_db, first, after, region="West")["Revenue"])
    assert chips(page) == ["West"]
    page.go_back()
    page.get_by_role("heading", name="What was loaded").wait_for()
    assert page.get_by_role("link", name="Data").get_attribute("aria-current") == "page"


def test_a_page_seen_before_is_kept(page, shop_server):
    page.goto(shop_server.url)
    arrived(page)
    page.locator(".cards .card").first.evaluate("(e) => { e.getRootNode().host.dataset.mark = 'kept' }")
    page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="What was loaded").wait_for()
    assert page.locator(".cards").first.is_hidden()
    page.get_by_role("link", name="Overview").click()
    page.locator(".cards").first.wait_for()
    assert page.locator("[data-mark=kept]").count() == 1


def test_dark_colours_are_switched_and_remembered(page, shop_server):
    page.goto(shop_server.url)
    arrived(page)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark colours").click()
    page.wait_for_function("document.documentElement.classList.contains('sl-dark')")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    surface = page.locator(".cards .card").first
    page.wait_for_function(
        "(card) => getComputedStyle(card).backgroundColor === 'rgb(22, 27, 36)'", arg=surface.element_handle()
    )
    page.reload()
    assert page.evaluate("document.documentElement.classList.contains('sl-dark')")
    arrived(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.get_by_role("button", name="Dark colours").get_attribute("aria-pressed") == "true"


def test_a_dark_system_gets_a_dark_page_until_the_visitor_chooses(browser, shop_server):
    with visitor(browser, color_scheme="dark") as page:
        page.goto(shop_server.url)
        arrived(page)
        expect(page.locator(".cards .card").first).to_have_css("background-color", "rgb(22, 27, 36)")
        page.emulate_media(color_scheme="light")
        page.wait_for_function("!document.documentElement.classList.contains('sl-dark')")
        page.emulate_media(color_scheme="dark")
        page.get_by_role("button", name="Dark colours", pressed=True).click()
        page.reload()
        arrived(page)
        assert not page.evaluate("document.documentElement.classList.contains('sl-dark')")
        expect(page.locator(".cards .card").first).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_no_page_scrolls_sideways(browser, shop_server, name, width):
    with visitor(browser, width, 800) as page:
        page.goto(f"{shop_server.url}/?page={name}")
        arrived(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        widest = page.evaluate(WIDEST)
        assert widest <= width


def test_a_wall_is_used(browser, shop_server):
    with visitor(browser, 2560, 1400) as page:
        page.goto(shop_server.url)
        arrived(page)
        cards = page.locator(".cards").first.bounding_box()
        assert cards["width"] > 2100


def test_the_drawer_of_a_phone(phone, shop_server):
    phone.goto(shop_server.url)
    arrived(phone)
    link = phone.get_by_role("link", name="Data")
    assert not link.is_visible()
    opener = phone.get_by_role("button", name="Menu", exact=True)
    opener.tap()
    link.wait_for()
    assert opener.get_attribute("aria-expanded") == "true"
    phone.keyboard.press("Escape")
    link.wait_for(state="hidden")
    opener.tap()
    link.tap()
    phone.get_by_role("heading", name="What was loaded").wait_for()
    assert not link.is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_everything_is_reached_by_keyboard(page, shop_server, shop_db):
    page.goto(shop_server.url)
    arrived(page)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the numbers"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    first, after = shown_days(page)
    seen = _tab_until(page, "Region")
    assert any("Last 90 days" in text for text in seen)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('region=')")
    (region,) = picked(page)
    waits_for(page, "Revenue", by_hand(shop_db, first, after, region=region)["Revenue"])
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED).startswith("Region")


def _tab_until(page, wanted: str) -> list[str]:
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1] == wanted:
            return seen
    raise AssertionError(f"{wanted} is not reached: {seen}")


def test_every_control_has_a_name_and_a_visible_focus(page, shop_server):
    page.goto(shop_server.url)
    arrived(page)
    nameless = page.evaluate(NAMELESS)
    assert nameless == []


def test_a_server_that_comes_back_is_found_again(browser, shop_db):
    with serving(shop_db) as server:
        port = re.search(r":(\d+)$", server.url).group(1)
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.url)
        arrived(page)
        page.evaluate("window.before = true")
        assert server.stop() == 0
        page.get_by_text("The connection is gone").wait_for()
        again = Server([sys.executable, "-c", START.replace("port=0", f"port={port}").format(extra=""), str(shop_db)])
        try:
            again.wait()
            page.wait_for_function("window.before === undefined", timeout=60_000)
            arrived(page)
            assert page.locator(".cards .card").count() == 5
        finally:
            context.close()
            again.stop()
