"""The overview as a visitor uses it, on the real served page, against the database by hand."""

from __future__ import annotations

import pytest

from engine.metrics import HEADLINES, METRICS
from tests.dashboards.reading import by_hand, chart, chips, click_bar, exact, go, picked, shown_days, waits_for
from tests.dashboards.serving import arrived, visitor

CARDS = ["Revenue", "Orders", "Customers", "Average order value", "Satisfaction"]


@pytest.fixture(scope="module")
def opened(browser, shop_server):
    """One visit for all tests of this file: a visit costs seconds, an address a fraction of one."""
    with visitor(browser) as page:
        page.goto(shop_server.url)
        arrived(page)
        yield page


@pytest.fixture
def overview(opened):
    """The overview as a first visit shows it."""
    go(opened)
    opened.wait_for_function("() => location.search === ''")
    opened.locator(".crumbs").first.wait_for()
    opened.get_by_role("button", name="Reset").wait_for(state="detached")
    return opened


def test_the_first_numbers_are_in_the_first_answer(shop_server, shop_db):
    """They do not wait for any script: the page's own HTML already says them."""
    html = shop_server.get("/")[2].decode()
    for label in CARDS:
        assert f"<span>{label}</span>" in html
    assert html.index('class="sl-cards"') < html.index('<script type="text/javascript" src=')


def test_the_cards_say_what_the_table_says(overview, shop_db):
    assert overview.locator(".cards").first.locator(".card .label").all_inner_texts() == CARDS
    first, after = shown_days(overview)
    for label, value in by_hand(shop_db, first, after).items():
        waits_for(overview, label, value)


def test_every_chart_is_drawn(overview):
    titles = overview.locator(".sl-card h3").all_inner_texts()
    assert "Revenue by day" in titles
    for name in ("region", "segment", "category", "channel"):
        assert f"Revenue by {name}" in titles
    assert any("week" in t and "segment" in t or "month" in t and "segment" in t for t in titles)
    assert any(t.startswith("Revenue by weekday") for t in titles)
    for title in titles:
        assert chart(overview, title).locator("canvas").count() >= 1, title


def test_a_filter_of_the_bar_changes_every_number(overview, shop_db):
    first, after = shown_days(overview)
    overview.get_by_role("button", name="Region", exact=True).click()
    overview.get_by_role("checkbox", name="West").click()
    for label, value in by_hand(shop_db, first, after, region="West").items():
        waits_for(overview, label, value)
    assert chips(overview) == ["West"]
    overview.keyboard.press("Escape")
    overview.get_by_role("button", name="Reset").click()
    waits_for(overview, "Revenue", by_hand(shop_db, first, after)["Revenue"])
    assert chips(overview) == []


def test_clicking_a_bar_filters_everything_and_clicking_it_again_clears(overview, shop_db):
    first, after = shown_days(overview)
    whole = by_hand(shop_db, first, after)["Revenue"]
    waits_for(overview, "Revenue", whole)
    click_bar(overview, "Revenue by channel", 0)
    overview.wait_for_function("location.search.includes('channel=')")
    (channel,) = picked(overview)
    waits_for(overview, "Revenue", by_hand(shop_db, first, after, channel=channel)["Revenue"])
    assert exact(overview, "Revenue") < whole
    click_bar(overview, "Revenue by channel", 0)
    waits_for(overview, "Revenue", whole)
    assert chips(overview) == []
    assert "channel=" not in overview.url


def test_two_quick_clicks_on_a_bar_are_two_clicks(overview):
    # Bokeh calls the second of them a double tap; the third shows when both were answered.
    for row in (1, 1, 0):
        click_bar(overview, "Revenue by channel", row)
    overview.locator(".crumbs .chip").get_by_text("Search").wait_for()
    assert chips(overview) == ["Search"]


def test_a_copied_address_opens_the_same_view(overview, browser, shop_db):
    overview.get_by_role("button", name="Segment", exact=True).click()
    overview.get_by_role("checkbox", name="Premium").click()
    overview.keyboard.press("Escape")
    before = overview.locator(".crumbs .said b").inner_text()
    overview.get_by_role("button", name="Last 90 days").click()
    overview.get_by_role("button", name="Last 30 days").click()
    overview.wait_for_function("location.search.includes('period=last-30-days')")
    overview.locator(".crumbs .said b").filter(has_not_text=before).wait_for()
    first, after = shown_days(overview)
    value = by_hand(shop_db, first, after, segment="Premium")["Revenue"]
    waits_for(overview, "Revenue", value)
    with visitor(browser) as other:
        other.goto(overview.url)
        arrived(other)
        waits_for(other, "Revenue", value)
        assert chips(other) == ["Premium"]
        assert shown_days(other) == (first, after)


def test_the_back_button_brings_the_view_back(overview, shop_db):
    first, after = shown_days(overview)
    whole = by_hand(shop_db, first, after)["Revenue"]
    click_bar(overview, "Revenue by region", 0)
    overview.wait_for_function("location.search.includes('region=')")
    (region,) = picked(overview)
    click_bar(overview, "Revenue by category", 1)
    overview.wait_for_function("location.search.includes('category=')")
    overview.go_back()
    waits_for(overview, "Revenue", by_hand(shop_db, first, after, region=region)["Revenue"])
    overview.go_back()
    waits_for(overview, "Revenue", whole)
    overview.go_forward()
    waits_for(overview, "Revenue", by_hand(shop_db, first, after, region=region)["Revenue"])


def test_more_metrics_open_and_close(overview):
    switch = overview.get_by_role("button", name="More metrics")
    switch.click()
    others = overview.locator(".cards").nth(1).locator(".card")
    others.nth(len(METRICS) - len(HEADLINES) - 1).wait_for()
    assert overview.locator(".cards").count() == 2
    overview.get_by_role("button", name="Fewer metrics").click()
    overview.locator(".cards").nth(1).wait_for(state="hidden")


def test_a_bad_address_still_shows_the_shop_and_says_why(page, shop_server, shop_db):
    page.goto(shop_server.url + "/?region=Atlantis&from=yesterday&metric=revenu&page=nowhere")
    arrived(page)
    first, after = shown_days(page)
    waits_for(page, "Revenue", by_hand(shop_db, first, after)["Revenue"])
    said = page.locator(".notice").inner_text()
    assert "Atlantis" in said
    assert "Did you mean" in said
