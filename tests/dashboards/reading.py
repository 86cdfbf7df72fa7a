"""What a page says, read as a visitor sees it, and what the database says by hand."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

# Geometry of the bars: see components/breakdown_bars.py.
ROW, EDGE = 46, 12


def exact(page, label: str) -> float:
    """The exact figure behind the card of that label."""
    card = page.locator(".cards .card").filter(has=page.locator(".label", has_text=re.compile(f"^{label}$")))
    return figure(card.locator(".value").first.get_attribute("title"))


def figure(text: str) -> float:
    """The number in a text such as `€1,234.50` or `−3`."""
    return float(re.sub(r"[^0-9.\-]", "", text.replace("\u2212", "-")))


def waits_for(page, label: str, value: float, places: int = 2) -> None:
    """Until the card of that label says that value."""
    want = round(value, places)
    for _ in range(600):
        said = exact(page, label)
        if abs(said - want) < 0.5 * 10**-places + 1e-9:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{label} says {said}, not {want}")


def by_hand(db: Path, first: str, after: str, **filters: str) -> dict[str, float]:
    """Revenue, orders and customers straight from the table, over `[first, after)`."""
    where = "".join(f" AND {name} = ?" for name in filters)
    sql = (
        "SELECT sum(revenue_units) / 10000.0, count(DISTINCT order_id), count(DISTINCT customer_id) FROM transactions"
        f" WHERE kind = 'sale' AND date >= ? AND date < ?{where}"
    )
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        revenue, orders, customers = connection.execute(sql, (first, after, *filters.values())).fetchone()
    return {"Revenue": revenue or 0.0, "Orders": orders, "Customers": customers}


def shown_days(page) -> tuple[str, str]:
    """First day and the day after the last one, as the database writes them."""
    from datetime import datetime, timedelta

    said = page.locator(".crumbs .said b").first.inner_text()
    first, last = (part.strip() for part in said.split("–"))
    end = datetime.strptime(last, "%d %b %Y")
    start = datetime.strptime(first if len(first.split()) == 3 else f"{first} {end.year}", "%d %b %Y")
    return start.date().isoformat(), (end + timedelta(days=1)).date().isoformat()


def chart(page, title: str):
    """The card of the chart with that title."""
    return page.locator(".sl-card").filter(has=page.locator("h3", has_text=re.compile(f"^{title}$"))).first


def click_bar(page, title: str, row: int) -> None:
    """Click a row of a breakdown, on its name."""
    card = chart(page, title)
    canvas = card.locator("canvas").first
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + EDGE + ROW * row + ROW // 2)


def go(page, query: str = "") -> None:
    """Follow an address inside the page, as the back button does."""
    page.evaluate("(q) => { history.pushState({}, '', './' + q); dispatchEvent(new PopStateEvent('popstate')) }", query)


def picked(page, count: int = 1) -> list[str]:
    """The filters said in the trail, once there are that many."""
    page.locator(".crumbs .chip").nth(count - 1).wait_for()
    return chips(page)


def chips(page) -> list[str]:
    """The filters said in the trail."""
    return page.locator(".crumbs .chip .name").all_inner_texts()
