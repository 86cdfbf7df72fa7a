"""A wave of sales for nothing, or for less than nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Rates, boxes

ORDER = 10

# Gifts and samples are sold for nothing on any day; a wave is where most lines are.
FOR_NOTHING = Rates(inside=0.8, outside=None, purest=0.5)


def check(shop: Shop) -> Iterator[Problem]:
    """Stretches in which most lines sold bring nothing."""
    if not shop.has_revenue:
        return
    number = shop.lines.numbers["revenue"]
    known = shop.lines.sold if number.present is None else shop.lines.sold & number.present
    at = np.flatnonzero(known)
    for box in boxes(shop, at, number.values[at] <= 0, FOR_NOTHING):
        rows = at[box.members]
        usual = float(np.mean(shop.revenue[at][shop.revenue[at] > 0])) if (shop.revenue[at] > 0).any() else 0.0
        below = " or less than nothing" if (number.values[rows] < 0).any() else ""
        missing = len(rows) * usual - float(shop.revenue[rows].sum())
        yield Problem(
            "price",
            f"{words.lines(len(rows)).capitalize()}{words.place(shop, box.where)} are sold for nothing{below} "
            f"{words.since(shop, box.start, box.end)}; at usual prices they would bring {words.money(shop, missing)}. "
            "Look whether the price column was empty in the export, and import these days again.",
            shop.window(box.start, box.end),
            box.where,
            rows=len(rows),
            money=missing,
            score=box.gain,
            columns=("revenue", "unit_price", "discount"),
        )
