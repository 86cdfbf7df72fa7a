"""From a figure that fell to the orders that did it, on the real served page, against the database by hand."""

from __future__ import annotations

import csv
import re
import sqlite3

import pytest

from tests.dashboards.reading import chips, go, picked
from tests.dashboards.serving import arrived, serving, visitor

INCIDENT = "from=2025-11-03&to=2025-11-23"


@pytest.fixture(scope="module")
def opened(browser, shop_server):
    """One visit for all tests of this file that change no shop."""
    with visitor(browser, 1400, 1000, accept_downloads=True) as page:
        page.goto(f"{shop_server.url}/?page=diagnose&{INCIDENT}")
        arrived(page)
        yield page


@pytest.fixture
def diagnose(opened):
    """The page over the planted incident, nothing picked."""
    go(opened, f"?page=diagnose&{INCIDENT}")
    opened.locator(".path b", has_text="All").wait_for()
    opened.locator(".crumbs .chip").first.wait_for(state="detached")
    settled(opened)
    return opened


BUSY = """() => {
  const all = (r) => [...r.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  return !all(document).some((e) => e.matches('[aria-busy=true]') && e.checkVisibility())
}"""


# The innermost element that has the focus.
FOCUS = (
    "((e) => { while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e })(document.activeElement)"
)


def settled(page) -> None:
    """Until every answer of the page is there."""
    page.wait_for_function("Bokeh.documents[0].is_idle")
    page.wait_for_function(BUSY)


def guilty(db, first: str = "2025-11-03", after: str = "2025-11-24") -> list[str]:
    """The orders of the planted cause, newest first, straight from the table."""
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT order_id FROM transactions WHERE kind = 'sale' AND region = 'West' AND channel = 'Social'"
            " AND date >= ? AND date < ? ORDER BY date DESC",
            (first, after),
        )
        return [order for (order,) in rows]


def shown_orders(page) -> list[str]:
    return page.locator("tbody tr td:nth-child(2)").filter(has_text=re.compile(r"^T\d{7}$")).all_inner_texts()


def test_from_the_fallen_figure_to_the_guilty_orders_in_three_clicks(page, shop_server, shop_db):
    page.goto(f"{shop_server.url}/?{INCIDENT}")
    arrived(page)
    page.get_by_role("button", name="Why did revenue change?").click()
    page.wait_for_function("location.search.includes('page=diagnose')")
    page.get_by_role("button", name="Show the orders").first.click()
    page.locator(".count", has_text="orders,").wait_for()
    settled(page)
    assert shown_orders(page) == guilty(shop_db)
    page.wait_for_function(
        f"() => {{ const {{ top }} = {FOCUS}.getBoundingClientRect(); return top >= 0 && top < 500 }}"
    )
    assert chips(page) == ["Social", "West"]
    page.get_by_role("button", name="13 Oct – 2 Nov 2025").click()
    page.locator(".foot span", has_text="of 40").wait_for()
    assert shown_orders(page) == guilty(shop_db, "2025-10-13", "2025-11-03")[:20]


def test_the_story_is_said_in_words(diagnose):
    said = diagnose.locator("h2").first.inner_text()
    assert re.search(r"Revenue fell \d+\.\d% \(−€[\d,]+\) against the three weeks before", said)
    assert "West × Social" in diagnose.locator(".sentences").first.inner_text()


def test_a_drill_down_goes_in_and_the_back_button_comes_out(diagnose):
    diagnose.locator('[data-key="split region"]').click()
    diagnose.locator('[data-key="row West"]').click()
    diagnose.wait_for_function("location.search.includes('step=region')")
    diagnose.locator(".path b", has_text="West").wait_for()
    diagnose.locator('[data-key="split channel"]').click()
    diagnose.locator('[data-key="row Social"]').click()
    diagnose.locator(".path b", has_text="Social").wait_for()
    assert chips(diagnose) == ["Social", "West"]
    for _ in range(2):
        diagnose.go_back()
    diagnose.locator(".path b", has_text="West").wait_for()
    assert chips(diagnose) == ["West"]
    diagnose.locator('[data-key="back 0"]').click()
    diagnose.locator(".path b", has_text="All").wait_for()
    diagnose.locator(".crumbs .chip").first.wait_for(state="detached")


def test_a_step_into_a_week_compares_it_with_its_own_week(diagnose):
    diagnose.locator('[data-key="split week"]').click()
    diagnose.locator('[data-key="row 2025-11-10"]').click()
    diagnose.locator(".path b", has_text="Week of 10 Nov 2025").wait_for()
    said = diagnose.locator(".crumbs .said").inner_text()
    assert said.startswith("10 Nov – 16 Nov 2025 compared with 20 Oct – 26 Oct 2025")


def test_a_copied_address_opens_the_same_level(diagnose, browser):
    diagnose.locator('[data-key="split region"]').click()
    diagnose.locator('[data-key="row West"]').click()
    diagnose.locator(".path b", has_text="West").wait_for()
    diagnose.locator('[data-key="split category"]').click()
    diagnose.wait_for_function("location.search.includes('split=category')")
    diagnose.locator('[data-key="split category"][aria-pressed=true]').wait_for()
    settled(diagnose)
    rows = diagnose.locator("tbody th .name").all_inner_texts()
    with visitor(browser) as other:
        other.goto(diagnose.url)
        arrived(other)
        other.locator(".path b", has_text="West").wait_for()
        other.locator('[data-key="split category"][aria-pressed=true]').wait_for()
        settled(other)
        assert other.locator("tbody th .name").all_inner_texts() == rows


def test_the_keyboard_goes_in_too(diagnose):
    diagnose.locator('[data-key="split region"]').focus()
    diagnose.keyboard.press("Enter")
    settled(diagnose)
    diagnose.locator('[data-key="row West"]').focus()
    diagnose.keyboard.press("Enter")
    diagnose.locator(".path b", has_text="West").wait_for()
    settled(diagnose)
    assert diagnose.evaluate(f"{FOCUS}.textContent") == "West"
    diagnose.keyboard.press("Tab")
    assert diagnose.evaluate(f"{FOCUS}.dataset.key").startswith("split ")


def test_the_orders_are_saved_as_a_file(diagnose, shop_db):
    go(diagnose, f"?page=diagnose&{INCIDENT}&table=orders&region=West&channel=Social")
    export = diagnose.get_by_role("button", name="Export CSV")
    export.wait_for()
    with diagnose.expect_download() as download:
        export.click()
    assert download.value.suggested_filename == "orders 2025-11-03 to 2025-11-23.csv"
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["order_id"] for line in lines] == guilty(shop_db)


def test_what_was_unusual_is_drawn_when_it_is_picked(diagnose):
    first = diagnose.locator('[data-key^="event 2025-11-03"]').first
    first.click()
    diagnose.get_by_role("heading", name="Orders by week · West · Social").wait_for()
    assert first.get_attribute("aria-pressed") == "true"
    diagnose.get_by_role("button", name="Diagnose these days").click()
    diagnose.wait_for_function("location.search.includes('metric=orders')")
    assert picked(diagnose, 2) == ["Social", "West"]


def test_what_drives_customers_opens_and_closes(diagnose):
    diagnose.get_by_role("button", name="What drives satisfaction").click()
    diagnose.get_by_role("heading", name="Who stays away").wait_for()
    settled(diagnose)
    assert "Each further delivery day goes with" in diagnose.locator(".sentences").nth(1).inner_text()
    assert diagnose.get_by_role("heading", name="Satisfaction by days of delivery").count() == 1
    diagnose.get_by_role("button", name="Fewer answers").click()
    diagnose.get_by_role("heading", name="Who stays away").wait_for(state="hidden")


def test_a_finding_is_kept_as_a_case_with_an_address_of_its_own(browser, tmp_path):
    from engine.demo import make

    db = tmp_path / "own.db"
    make(db)
    with serving(db) as server, visitor(browser) as page:
        page.goto(f"{server.url}/?page=diagnose&{INCIDENT}")
        arrived(page)
        page.get_by_role("button", name="Keep as a case").click()
        page.get_by_role("button", name="Open the case").click()
        page.wait_for_function("location.search.includes('case=')")
        page.get_by_label("Note").fill("The agency stopped the campaign.")
        page.get_by_role("button", name="Save the note").click()
        page.get_by_role("button", name="Save the note", disabled=True).wait_for()
        with visitor(browser) as other:
            other.goto(page.url)
            arrived(other)
            other.get_by_role("heading", name=re.compile("^Revenue fell")).wait_for()
            assert other.get_by_label("Note").input_value() == "The agency stopped the campaign."
            assert "West × Social" in other.locator("article").inner_text()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("button", name="Undo").click()
        page.locator(".list li").first.wait_for()
        assert page.locator(".list li").count() == 1
        page.locator(".list .face").first.click()
        page.get_by_role("button", name="Open with today's data").click()
        page.wait_for_function("location.search.includes('page=diagnose')")
        page.locator("h2", has_text="Revenue fell").first.wait_for()


SMALL = """() => {
  const all = (r) => [...r.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
  return all(document.querySelector('.sl-main'))
    .filter((e) => e.matches('button, select, summary') && e.checkVisibility())
    .filter((e) => e.getBoundingClientRect().height < 39.5).map((e) => e.textContent || e.ariaLabel)
}"""


def test_a_phone_shows_every_judgement_without_sideways_scrolling(phone, shop_server):
    phone.goto(f"{shop_server.url}/?page=diagnose&{INCIDENT}&metric=aov&split=product&table=orders")
    arrived(phone)
    phone.locator('[data-key="split product"][aria-pressed=true]').wait_for()
    settled(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    judged = phone.locator("tbody th .narrow").all_inner_texts()
    assert len(judged) >= 12 and all(re.search(r"noise|signal|too few", words) for words in judged)
    assert sum(" to " in words for words in judged) >= 10
    assert phone.evaluate(SMALL) == []
