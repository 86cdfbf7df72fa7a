"""Periods that are not whole: a first or last day cut off by its hour, a month that has not ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import UNFINISHED, Problem, Shop
from engine.diagnose.health._counts import NEIGHBOURS, runs, shape, unlikely_few, unlikely_none
from engine.diagnose.health.gaps import is_feast
from engine.selection import Window, shift_months

ORDER = 2

# Of 240 ends of clean shops two were cut with a chance of 1 in 1,000 and 1 in 3,000, both on a New Year's day.
# Online Retail's last day ends at 12:59 with 1 in ten thousand millions.
LEAST = float(np.log(10_000))
# Without hours a low last day may be a bad day: New Year's Eve of the demo shop has two thirds of its weekday.
LEAST_BY_COUNT = float(np.log(500))
HALF = 0.5
# The last days hold less than a thousandth of all orders, at less than a fifth of the usual number a day.
STRAGGLERS, STRAGGLING = 0.001, 0.2
# Days of which hours are known well enough.
FEWEST_DAYS = 15


def check(shop: Shop) -> Iterator[Problem]:
    """The last day, the first day, then the last and the first month."""
    start, end = shop.body[0], _end(shop)
    if end - start < FEWEST_DAYS:
        return
    last, first = _cut(shop, end - 1, last=True), _cut(shop, start, last=False)
    yield from (found for found in (last, first) if found)
    yield from _months(shop, start, end, cut=last is not None)


def _end(shop: Shop) -> int:
    """The day after the last one on which the shop was at work, a few stragglers after an empty stretch left out.

    Olist's sample ends on 28 August 2018 but for one order six days later.
    """
    start, end = shop.body
    for low, high in reversed(runs(shop.orders[start:end] == 0)):
        tail = shop.orders[start + high : end]
        if tail.sum() < STRAGGLERS * shop.orders.sum() and tail.mean() < STRAGGLING * shop.orders[start:end].mean():
            return start + low
        break
    return end


def _cut(shop: Shop, day: int, *, last: bool) -> Problem | None:
    usual, size = _usual(shop, day), shape(shop.orders[slice(*shop.body)])
    count = int(shop.orders[day])
    if shop.lines.hour is not None:
        hours = shop.lines.hour[shop.heads[shop.lines.day[shop.heads] == day]]
        edge = int(hours.max() if last else hours.min())
        beyond = _share_beyond(shop, day, edge, last=last)
        score = unlikely_none(usual * beyond, size)
        # A quiet day has early last orders too: by its own count it must have had a share beyond.
        score = min(score, unlikely_none(count / max(1 - beyond, 0.05) * beyond, size))
        said = f"the last order is of {edge}:00 to {edge}:59" if last else f"the first order is of {edge}:00"
        if score < LEAST or beyond < 0.1:
            return None
        missing = max(usual * beyond, count / max(1 - beyond, 0.05) * beyond)
    else:
        score, missing = unlikely_few(count, usual, size), usual - count
        if score < LEAST_BY_COUNT or count > HALF * usual or is_feast(shop.date(day)):
            return None
        said = f"{words.orders(count)} where {usual:.0f} are usual on that weekday"
    amount = missing * shop.order_value if shop.has_revenue else None
    when = "ends" if last else "begins"
    return Problem(
        "partial",
        f"The data {when} in the middle of {words.on_day(shop.date(day))}: {said}; about {words.orders(missing)} with "
        f"{words.money(shop, amount)} are not in it. Leave that day out, or import the whole of it.",
        shop.window(day, day + 1),
        rows=round(missing),
        money=amount,
        score=score,
    )


def _usual(shop: Shop, day: int) -> float:
    start, end = shop.body
    own = np.flatnonzero(shop.weekday == shop.weekday[day])
    own = own[(own >= start) & (own < end) & (own != day)]
    near = own[np.argsort(np.abs(own - day))][: 2 * NEIGHBOURS]
    return float(np.median(shop.orders[near])) if len(near) else 0.0


def _share_beyond(shop: Shop, day: int, edge: int, *, last: bool) -> float:
    """Share of the orders of the same weekday that come after (or before) an hour."""
    heads = shop.heads
    own = shop.weekday[shop.lines.day[heads]] == shop.weekday[day]
    hours = shop.lines.hour[heads[own & (shop.lines.day[heads] != day)]]
    return float((hours > edge if last else hours < edge).mean()) if len(hours) else 0.0


def _months(shop: Shop, start: int, end: int, *, cut: bool) -> Iterator[Problem]:
    """A last or first month that the data covers in part: to be said, and no fault."""
    first, last = shop.date(start), shop.date(end - 1)
    begins = last.replace(day=1)
    ends = shift_months(begins, 1) - timedelta(days=1)
    if last != ends or cut:
        yield _unfinished(
            shop,
            Window.inclusive(max(begins, first), last),
            f"{begins:%B %Y} is not finished: the data ends on {words.on_day(last)}, day {last.day} of {ends.day}"
            f"{', before that day was over' if cut else ''}. Compare it 'to date' with whole days, not as a month.",
        )
    if first.day != 1 and (first.year, first.month) != (last.year, last.month):
        until = shift_months(first.replace(day=1), 1) - timedelta(days=1)
        yield _unfinished(
            shop,
            Window.inclusive(first, until),
            f"{first:%B %Y} is not whole: the data begins on {words.on_day(first)}. Do not compare it as a month.",
        )


def _unfinished(shop: Shop, window: Window, sentence: str) -> Problem:
    low = (window.start - shop.lines.first).days
    inside = (shop.lines.day >= low) & (shop.lines.day < low + window.days)
    return Problem(
        "partial",
        sentence,
        window,
        rows=int(inside.sum()),
        money=float(shop.revenue[inside].sum()) if shop.has_revenue else None,
        score=LEAST,
        blocks_cause=False,
        label=UNFINISHED,
    )
