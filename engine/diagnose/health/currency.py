"""Amounts of one source or period in another currency: one ratio, common to all products, from a day on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Box, Rates, boxes
from engine.diagnose.health.units import POWERS, TOLERANCE, Figure, figures, middles

ORDER = 7

# Price moves of the demo shop stay within a factor of 1.9 of a product's middle over two years, and half-price days
# are honest: a period of the whole shop must move by more.
WHOLE_SHOP = float(np.log(2.5))
# Against the same products in the same weeks elsewhere in the shop, an eighth is enough: prices are the shop's own.
ONE_SOURCE = float(np.log(1.12))
# Half of a source's lines must lie this near to the common ratio.
NEAR = 0.04
# Ratios are held against the same products in these stretches of days.
BLOCK = 28
# Days beside a stretch of the whole shop that tell its usual prices.
NEAREST = 60
FEWEST_LINES = 40
# A source with more of the lines leaves too few others to hold it against.
MOST_OF_ALL = 0.6
FEWEST_PRODUCTS = 4
# One buyer's rebate is common to all products too: Online Retail's Australia is one wholesaler at 0.86.
FEWEST_BUYERS, FEWEST_ORDERS = 8, 20
# Prices of a category move together, as the shop decides.
ASSORTMENT = ("category",)
MOVED = Rates(inside=0.85, outside=0.12, purest=0.7)


def check(shop: Shop) -> Iterator[Problem]:
    """Sources, then stretches of the whole shop, whose prices are a constant ratio away from the others'."""
    figure = next(figures(shop), None)
    if figure is None or figure.column not in ("unit_price", "revenue") or "product" not in shop.snapshot.dimensions:
        return
    found = list(_sources(shop, figure)) if figure.column == "unit_price" else []
    yield from found or _whole(shop, figure)


def _sources(shop: Shop, figure: Figure) -> Iterator[Problem]:
    """Boxes of a source's lines that lie away from the same product elsewhere in the same four weeks."""
    logs, at = np.log(figure.value), figure.at
    blocks = shop.days // BLOCK + 1
    _, code = np.unique(
        shop.lines.codes["product"][at].astype(np.int64) * blocks + shop.lines.day[at] // BLOCK, return_inverse=True
    )
    found: list[tuple[Box, Problem]] = []
    for name in shop.sources:
        for value, many in enumerate(np.bincount(shop.lines.codes[name][at], minlength=1)):
            own = shop.lines.codes[name][at] == value
            if name in ASSORTMENT or not FEWEST_LINES <= many <= MOST_OF_ALL * len(at):
                continue
            if not _is_broad(shop, at[own]):
                continue
            away = _away(logs, code, own)
            where = ((name, shop.lines.labels[name][value]),)
            found += _of_source(shop, figure, (np.flatnonzero(own), away), where)
    yield from _apart(found)


def _away(logs: np.ndarray, code: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(own,) logarithm of each own price against the middle of the others'; 0 where there are too few of them."""
    middle, many = middles(logs[~own], code[~own], int(code.max()) + 1)
    return np.where(many[code[own]] >= 2, logs[own] - middle[code[own]], 0.0)


def _of_source(shop: Shop, figure: Figure, own: tuple[np.ndarray, np.ndarray], where) -> list[tuple[Box, Problem]]:
    position, away = own
    found = []
    for sign in (1, -1):
        for box in boxes(shop, figure.at[position], sign * away > ONE_SOURCE, MOVED, sources=()):
            box = replace(box, where=where, members=position[box.members])
            # Of the same days: a sale, or another currency everywhere, is none of this source's own.
            others = _during(shop, figure, box, 0)
            others[position] = False
            ratio = _ratio(shop, figure, box, others)
            problem = _problem(shop, figure, box, ratio if ratio and abs(ratio) > ONE_SOURCE else None)
            if problem and _is_broad(shop, figure.at[box.members]):
                found.append((box, problem))
    return found


def _apart(found: list[tuple[Box, Problem]]) -> Iterator[Problem]:
    """The clearest ones whose rows are not for the most part those of a clearer one."""
    taken = np.zeros(0, np.int64)
    for box, problem in sorted(found, key=lambda pair: -pair[0].gain):
        if np.isin(box.members, taken).mean() < 0.5:
            taken = np.union1d(taken, box.members)
            yield problem


def _is_broad(shop: Shop, rows: np.ndarray) -> bool:
    """Whether enough orders of enough buyers are concerned."""
    buyers = np.unique(shop.lines.customer[rows])
    enough = not shop.has_customers or len(buyers) >= FEWEST_BUYERS
    return enough and len(np.unique(shop.lines.order[rows])) >= FEWEST_ORDERS


def _whole(shop: Shop, figure: Figure) -> Iterator[Problem]:
    logs, at = np.log(figure.value), figure.at
    code = shop.lines.codes["product"][at]
    middle, many = middles(logs, code, len(shop.lines.labels["product"]))
    away = np.where(many[code] >= 5, logs - middle[code], 0.0)
    for sign in (1, -1):
        for box in boxes(shop, at, sign * away > WHOLE_SHOP, MOVED):
            others = _during(shop, figure, box, NEAREST)
            others[box.members] = False
            problem = _problem(shop, figure, box, _ratio(shop, figure, box, others))
            if problem:
                yield problem


def _ratio(shop: Shop, figure: Figure, box: Box, others: np.ndarray) -> float | None:
    """The ratio of the inside to the same products among others, where it is one for all of them; else None."""
    code, logs = shop.lines.codes["product"][figure.at], np.log(figure.value)
    size = len(shop.lines.labels["product"])
    own, many = middles(logs[box.members], code[box.members], size)
    other, enough = middles(logs[others], code[others], size)
    both = (many > 0) & (enough > 0)
    if both.sum() < FEWEST_PRODUCTS:
        return None
    shift = np.repeat(own[both] - other[both], many[both])
    ratio = float(np.median(shift))
    # Prices move between the days of the two middles, so the spread of a shop's own prices is allowed for.
    spread = float(np.median(np.abs(shift - ratio)))
    return ratio if spread <= max(NEAR, 0.25 * abs(ratio)) else None


def _during(shop: Shop, figure: Figure, box: Box, around: int) -> np.ndarray:
    day = shop.lines.day[figure.at]
    return (day >= box.start - around) & (day < box.end + around)


def _problem(shop: Shop, figure: Figure, box: Box, ratio: float | None) -> Problem | None:
    if ratio is None or any(abs(abs(ratio) - np.log(power)) < TOLERANCE for power in POWERS):
        return None
    at = figure.at[box.members]
    amount = float(shop.revenue[at].sum())
    return Problem(
        "currency",
        f"Prices{words.place(shop, box.where)} are {np.exp(ratio):.2f} times the usual ones, for all products alike, "
        f"{words.since(shop, box.start, box.end)}: {words.lines(len(at))} with {words.money(shop, amount)} look like "
        "another currency. Take the load back and import it in the shop's currency.",
        shop.window(box.start, box.end),
        box.where,
        rows=len(at),
        money=amount if shop.has_revenue else None,
        score=box.gain,
        columns=("revenue", "unit_price", "discount", "refund", "cost"),
    )
