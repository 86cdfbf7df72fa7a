"""A clock that was moved: all hours shifted, or every order at midnight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Rates, boxes
from engine.words import decimal

ORDER = 8

MIDNIGHT = Rates(inside=0.97, outside=None, purest=0.95)
# Summer time moves an hour, and so do late evenings of some seasons: less than two hours is not judged.
SHIFTS = tuple(range(2, 23))
# Nats for all of a stretch, over 21 shifts and 300,000 stretches; hours of a day are not independent of each other.
LEAST = 40.0
# What each order of a moved stretch gains over the usual hours; a launch at night or a busy evening gains less.
LEAST_AN_ORDER = 0.15
# What a stretch costs each order, so that a day that is unlike the others by chance is passed over.
COST = 0.05


def check(shop: Shop) -> Iterator[Problem]:
    """Stretches of midnights, else stretches whose hours fit better when moved back."""
    if shop.lines.hour is None:
        return
    found = list(_midnights(shop))
    yield from found or _shifted(shop)


def _midnights(shop: Shop) -> Iterator[Problem]:
    at = shop.heads
    for box in boxes(shop, at, shop.lines.hour[at] == 0, MIDNIGHT):
        amount = float(shop.revenue[at[box.members]].sum())
        yield Problem(
            "clock",
            f"All orders{words.place(shop, box.where)} are at midnight {words.since(shop, box.start, box.end)}: "
            f"{words.orders(len(box.members))} with {words.money(shop, amount)} have lost their hour. Days are right, "
            "hours are not; import the time of the day again.",
            shop.window(box.start, box.end),
            box.where,
            rows=len(box.members),
            money=amount if shop.has_revenue else None,
            score=box.gain,
            columns=("hour",),
            blocks_cause=False,
        )


def _shifted(shop: Shop) -> Iterator[Problem]:
    best = _best_shift(shop)
    if best is None:
        return
    shift, start, end, gain = best
    inside = (shop.lines.day >= start) & (shop.lines.day < end)
    count = int(shop.orders[start:end].sum())
    if gain < LEAST or gain < LEAST_AN_ORDER * count:
        return
    amount = float(shop.revenue[inside].sum())
    hours = shift if shift <= 12 else shift - 24
    yield Problem(
        "clock",
        f"The hours of orders are moved by about {decimal(hours, 0, signed=True)} {words.since(shop, start, end)}: "
        f"{words.orders(count)} with {words.money(shop, amount)}, some of them on the day beside their own. "
        "Import them with the shop's own clock.",
        shop.window(start, end),
        rows=int(inside.sum()),
        money=amount if shop.has_revenue else None,
        score=gain,
        columns=("hour",),
        blocks_cause=False,
    )


def _best_shift(shop: Shop) -> tuple[int, int, int, float] | None:
    """Shift, stretch and gain of the hours that fit best when moved; the smaller part of the shop is the moved one."""
    heads = shop.heads
    table = np.bincount(shop.lines.day[heads] * 24 + shop.lines.hour[heads], minlength=shop.days * 24)
    table = table.reshape(shop.days, 24).astype(float)
    usual = table
    best = None
    for _ in range(2):
        found = max((_stretch(table, usual, shift) for shift in SHIFTS), key=lambda one: one[3])
        shift, start, end, _gain = found
        if table[start:end].sum() > 0.5 * table.sum():
            best = (
                (24 - shift, 0, start, found[3]) if start > shop.days - end else (24 - shift, end, shop.days, found[3])
            )
            return best if best[1] < best[2] else None
        best = found
        # The moved stretch is left out of what is usual, and looked for once more.
        usual = np.concatenate([table[:start], table[end:]])
    return best


def _stretch(table: np.ndarray, usual: np.ndarray, shift: int) -> tuple[int, int, int, float]:
    hours = usual.sum(axis=0) + 0.5
    logs = np.log(hours / hours.sum())
    gain = table @ (np.roll(logs, shift) - logs) - COST * table.sum(axis=1)
    summed = np.concatenate([[0.0], np.cumsum(gain)])
    rise = summed - np.minimum.accumulate(summed)
    end = int(np.argmax(rise))
    start = int(np.argmin(summed[: end + 1]))
    return shift, start, max(end, start + 1), float(rise[end])
