"""Dates that cannot be: far away from all others, after the import, or with day and month exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._counts import shape, unlikely_few

ORDER = 1

# In every month the days from the 13th on are more than half: nothing there, and this many before, is no chance.
FEWEST_IN_MONTH = 12
LAST_THAT_IS_A_MONTH = 12


def check(shop: Shop) -> Iterator[Problem]:
    """Stray dates, dates after the import, and months whose days all lie before the 13th."""
    yield from _strays(shop)
    yield from _future(shop)
    yield from _exchanged(shop)


def exchanged_months(shop: Shop) -> list[tuple[int, int]]:
    """Whole months, as stretches of days, with no order after the 12th though their first days are full.

    A single month may as well have lost its last days: it counts only where its first days hold more than
    they should.
    """
    start, end = shop.body
    found = []
    for first, last in _months(shop, start, end):
        twelfth = first + LAST_THAT_IS_A_MONTH
        if not shop.orders[twelfth:last].any() and shop.orders[first:twelfth].sum() >= FEWEST_IN_MONTH:
            found.append((first, last))
    if len(found) == 1 and not _piles_up(shop, *found[0]):
        return []
    return found


def _months(shop: Shop, start: int, end: int) -> Iterator[tuple[int, int]]:
    day = shop.date(start)
    at = start if day.day == 1 else None
    for position in range(start + 1, end + 1):
        if shop.date(position).day == 1:
            if at is not None:
                yield at, position
            at = position


def _piles_up(shop: Shop, first: int, last: int) -> bool:
    other = [a for a, b in _months(shop, *shop.body) if (a, b) != (first, last)]
    usual = [shop.orders[a : a + LAST_THAT_IS_A_MONTH].sum() for a in other]
    return bool(usual) and shop.orders[first : first + LAST_THAT_IS_A_MONTH].sum() > 1.5 * np.median(usual)


def _exchanged(shop: Shop) -> Iterator[Problem]:
    months = exchanged_months(shop)
    if not months:
        return
    first, last = months[0][0], months[-1][1]
    size = shape(shop.orders[: months[0][0]] if months[0][0] > 60 else shop.orders)
    inside = np.zeros(shop.days, bool)
    for a, b in months:
        inside[a:b] = True
    found = inside[shop.lines.day]
    amount = float(shop.revenue[found].sum())
    score = sum(unlikely_few(0, 1.5 * shop.orders[a : a + LAST_THAT_IS_A_MONTH].sum(), size) for a, b in months)
    said = f"{len(months)} months" if len(months) > 1 else "a month"
    yield Problem(
        "dates",
        f"Day and month of dates are exchanged {words.on_days(shop.window(first, last))}: {said} with orders on the "
        f"1st to 12th and on no day after it, {words.lines(int(found.sum()))} with {words.money(shop, amount)}. "
        "Import the file again and say --day-first or --month-first.",
        shop.window(first, last),
        rows=int(found.sum()),
        money=amount if shop.has_revenue else None,
        score=score,
    )


def _strays(shop: Shop) -> Iterator[Problem]:
    start, end = shop.body
    for low, high, side in ((0, start, "before"), (end, shop.days, "after")):
        inside = (shop.lines.day >= low) & (shop.lines.day < high)
        count = int(inside.sum())
        if not count:
            continue
        amount = float(shop.revenue[inside].sum())
        days = shop.lines.day[inside]
        window = shop.window(int(days.min()), int(days.max()) + 1)
        edge = words.on_day(shop.date(start if side == "before" else end - 1))
        yield Problem(
            "dates",
            f"{words.lines(count).capitalize()} with {words.money(shop, amount)} {'is' if count == 1 else 'are'} dated "
            f"{words.on_days(window)}, far {side} all others ({edge}). Mend the dates in the file and import it again.",
            window,
            rows=count,
            money=amount if shop.has_revenue else None,
            score=float(np.log(shop.days)) * count,
            blocks_cause=False,
        )


def _future(shop: Shop) -> Iterator[Problem]:
    if shop.store is None:
        return
    moments = [load.started_at for load in shop.store.loads() if load.status == "published"]
    if not moments:
        return
    # The shop's clock may be up to 14 hours ahead of UTC.
    latest = date.fromisoformat(max(moments)[:10]) + timedelta(days=1)
    start, end = shop.body
    after = max((latest - shop.lines.first).days + 1, start)
    inside = (shop.lines.day >= after) & (shop.lines.day < end)
    count = int(inside.sum())
    if not count:
        return
    amount = float(shop.revenue[inside].sum())
    days = shop.lines.day[inside]
    window = shop.window(int(days.min()), int(days.max()) + 1)
    yield Problem(
        "dates",
        f"{words.lines(count).capitalize()} with {words.money(shop, amount)} {'is' if count == 1 else 'are'} dated "
        f"{words.on_days(window)}, after the day of the import. Look whether day and month are exchanged, "
        "mend the dates and import the file again.",
        window,
        rows=count,
        money=amount if shop.has_revenue else None,
        score=float(np.log(shop.days + 1)) * count,
    )
