"""Days without any order that weekday, season and holidays do not explain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._counts import expected, runs, shape, unlikely_none
from engine.diagnose.health.dates import exchanged_months

ORDER = 3

# One false gap in a hundred shops, over all stretches of days of the shop.
FALSE_GAPS = 0.01
# A weekday with fewer orders than this share of a mean day is one the shop hardly works on.
OPEN = 0.2
# A shop that has just begun has no usual days yet: Olist sold on eleven days of its first four months.
FEWEST_BEFORE = 28
# Feasts by days from Easter: Good Friday to Easter Monday, Ascension, Whit Monday, Corpus Christi; carnival before.
FROM_EASTER = (-48, -47, -2, -1, 0, 1, 39, 49, 50, 60)
# Public holidays on a fixed day in many countries.
FIXED = ((1, 1), (1, 6), (5, 1), (7, 4), (7, 14), (8, 15), (10, 3), (11, 1), (11, 11)) + tuple(
    (12, day) for day in (24, 25, 26, 31)
)
# (month, weekday, which): first and last Monday of May, last of August, Labour Day, Memorial Day, Thanksgiving.
MOVING = ((5, 0, 1), (5, 0, -1), (8, 0, -1), (9, 0, 1), (11, 3, 4))


def check(shop: Shop) -> Iterator[Problem]:
    """Each empty stretch inside the shop's days that chance does not make."""
    start, end = shop.body
    orders, weekday = shop.orders[start:end], shop.weekday[start:end]
    least, size = float(np.log(max(end - start, 2) / FALSE_GAPS)), shape(orders)
    exchanged = exchanged_months(shop)
    for low, high in runs(orders == 0):
        usual = expected(orders, weekday, low, high)
        open_days = [shop.date(start + low + i) for i in np.flatnonzero(usual > OPEN * orders.mean())]
        mean = float(usual.sum())
        score = unlikely_none(mean, size * np.sqrt(max(len(open_days), 1)))
        if score < least or not open_days or np.count_nonzero(orders[:low]) < FEWEST_BEFORE:
            continue
        if _is_closed(shop, open_days) or (len(open_days) == 1 and _is_bridge(orders, weekday, open_days[0])):
            continue
        if any(a <= start + low < b for a, b in exchanged):
            continue
        yield _problem(shop, (start + low, start + high), mean, score)


def _problem(shop: Shop, span: tuple[int, int], mean: float, score: float) -> Problem:
    amount = mean * shop.order_value if shop.has_revenue else None
    window = shop.window(*span)
    return Problem(
        "gap",
        f"There is no order at all {words.on_days(window)}, where about {words.orders(mean)} with "
        f"{words.money(shop, amount)} are usual for these weekdays. "
        "Import the missing days; where the shop was closed, leave them out.",
        window,
        rows=round(mean),
        money=amount,
        score=score,
    )


def _is_closed(shop: Shop, days: list[date]) -> bool:
    """Whether all the days are ones on which shops close: the turn of the year, feasts, or the same every year."""
    if all(_turn_of_the_year(day) for day in days):
        return True
    if all(is_feast(day) for day in days):
        return True
    return any(_empty_too(shop, [_years_later(day, years) for day in days]) for years in (-1, 1))


def _is_bridge(orders: np.ndarray, weekday: np.ndarray, day: date) -> bool:
    """Whether a shop that closes on some weekday closed on one day more, beside it.

    Online Retail never works on Saturdays; of its open days it closed on 29 April 2011, a royal wedding's Friday.
    """
    closed = [one for one in range(7) if orders[weekday == one].sum() <= 0.02 * orders.sum() / 7]
    return any((day.weekday() + step) % 7 in closed for step in (-1, 1))


def _turn_of_the_year(day: date) -> bool:
    return (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 8)


def is_feast(day: date) -> bool:
    """Whether it is a public holiday somewhere, or the working day between one and the weekend."""
    if _named(day):
        return True
    if day.weekday() == 4:
        return _named(day - timedelta(days=1))
    return day.weekday() == 0 and _named(day + timedelta(days=1))


def _named(day: date) -> bool:
    from dateutil.easter import easter

    if (day.month, day.day) in FIXED or (day - easter(day.year)).days in FROM_EASTER:
        return True
    week = (day.day - 1) // 7 + 1
    is_last = (day + timedelta(days=7)).month != day.month
    return any(
        (day.month, day.weekday()) == (month, weekday) and (week == which or (which == -1 and is_last))
        for month, weekday, which in MOVING
    )


def _years_later(day: date, years: int) -> date:
    """The same weekday about a year away."""
    return day + timedelta(days=364 * years)


def _empty_too(shop: Shop, days: list[date]) -> bool:
    """Whether most of these days are empty as well; a week's difference is allowed."""
    start, end = shop.body
    for slip in (0, -7, 7):
        at = np.array([(day - shop.lines.first).days + slip for day in days])
        if len(at) > 2 and at.min() >= start and at.max() < end and (shop.orders[at] == 0).mean() >= 0.6:
            return True
    return False
