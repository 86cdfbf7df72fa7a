"""Amounts of one source or period in another currency: one ratio, common to all products, from a day on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Box, Rates, boxes
from engine.diagnose.health.units import LEAST_OUTSIDE, POWERS, Figure, factor_of, figures, middles, tolerance

ORDER = 7

# Price moves of the demo shop stay within a factor of 1.9 of a product's middle over two years, and half-price days
# are honest: a period of the whole shop must move by more.
WHOLE_SHOP = float(np.log(2.5))
# Against the same products in the same weeks elsewhere in the shop, an eighth is enough: prices are the shop's own.
ONE_SOURCE = float(np.log(1.12))
# A source that is always dearer has its own prices, up to this; one that is cheaper for a while gives a rebate.
OWN_PRICES, REBATE = float(np.log(3)), float(np.log(2.2))
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
MOVED = Rates(inside=0.85, outside=0.15, purest=0.7)


def check(shop: Shop) -> Iterator[Problem]:
    """Sources, then stretches of the whole shop, whose prices are a constant ratio away from the others'."""
    figure = next(figures(shop), None)
    if figure is None or figure.column not in ("unit_price", "revenue") or len(figure.at) < FEWEST_LINES:
        return
    found = list(_sources(shop, figure))
    yield from found or _whole(shop, figure)


def _sources(shop: Shop, figure: Figure) -> Iterator[Problem]:
    """Boxes of a source's lines that lie away from the same product elsewhere in the same four weeks."""
    logs, at = np.log(figure.value), figure.at
    blocks = shop.days // BLOCK + 1
    _, code = np.unique(_kind(shop, at) * blocks + shop.lines.day[at] // BLOCK, return_inverse=True)
    order = np.lexsort((logs, code))
    found: list[tuple[Box, Problem]] = []
    for name in (name for name in shop.sources if name not in ASSORTMENT):
        of_line = shop.lines.codes[name][at]
        for value, many in enumerate(np.bincount(of_line)):
            own = of_line == value
            if FEWEST_LINES <= many <= MOST_OF_ALL * len(at) and _is_broad(shop, at[own]):
                away = _away(logs, code, own, order)
                where = ((name, shop.lines.labels[name][value]),)
                found += _of_source(shop, figure, (np.flatnonzero(own), away), where)
    yield from _apart(found)


def _away(logs: np.ndarray, code: np.ndarray, own: np.ndarray, order: np.ndarray) -> np.ndarray:
    """(own,) logarithm of each own price against the middle of the others'; 0 where there are too few of them."""
    middle, many = middles(logs, code, int(code[order[-1]]) + 1, order[~own[order]])
    return np.where(many[code[own]] >= 2, logs[own] - middle[code[own]], 0.0)


def _of_source(shop: Shop, figure: Figure, own: tuple[np.ndarray, np.ndarray], where) -> list[tuple[Box, Problem]]:
    position, away = own
    found = []
    for sign in (1, -1):
        least = _least(shop, figure, sign)
        for box in boxes(shop, figure.at[position], sign * away > least, MOVED, sources=()):
            always = box.count > (1 - LEAST_OUTSIDE) * len(position)
            box = replace(box, where=where, members=position[box.members])
            # Of the same days: a sale, or another currency everywhere, is none of this source's own.
            others = _during(shop, figure, box, 0)
            others[position] = False
            ratio = _ratio(shop, figure, box, others)
            enough = ratio is not None and abs(ratio) > (max(least, OWN_PRICES) if always else least)
            problem = _problem(shop, figure, box, ratio if enough else None)
            if problem and _is_broad(shop, figure.at[box.members]):
                found.append((box, problem))
    return found


def _least(shop: Shop, figure: Figure, sign: int) -> float:
    """The shift that counts: without products prices are too unlike, without discounts a lower one is a rebate."""
    if not _is_sharp(shop, figure):
        return WHOLE_SHOP
    return REBATE if sign < 0 and "discount" not in shop.lines.numbers else ONE_SOURCE


def _is_sharp(shop: Shop, figure: Figure) -> bool:
    """Whether a price is known of each product."""
    return figure.column == "unit_price" and "product" in shop.snapshot.dimensions


def _kind(shop: Shop, at: np.ndarray) -> np.ndarray:
    """What has a price of its own: the product, else the category, else all."""
    for name in ("product", "category"):
        if name in shop.snapshot.dimensions:
            return shop.lines.codes[name][at].astype(np.int64)
    return np.zeros(len(at), np.int64)


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
    code = _kind(shop, at)
    middle, many = middles(logs, code, int(code.max()) + 1)
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
    code, logs = _kind(shop, figure.at), np.log(figure.value)
    size = int(code.max()) + 1
    own, many = middles(logs[box.members], code[box.members], size)
    other, enough = middles(logs[others], code[others], size)
    both = (many > 0) & (enough > 0)
    if both.sum() < min(FEWEST_PRODUCTS, size):
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
    if ratio is None or factor_of(ratio, POWERS, tolerance(shop, figure)):
        return None
    at = figure.at[box.members]
    amount = float(shop.revenue[at].sum())
    return Problem(
        "currency",
        f"Prices{words.place(shop, box.where)} are {np.exp(ratio):.2f} times the usual ones, for all products alike, "
        f"{words.since(shop, box.start, box.end)}: {words.lines(len(at))} with {words.money(shop, amount)} look like "
        "another currency. Take the load back and import it in the shop's currency; where prices were changed, "
        "leave it.",
        shop.window(box.start, box.end),
        box.where,
        rows=len(at),
        money=amount if shop.has_revenue else None,
        score=box.gain,
        columns=("revenue", "unit_price", "discount", "refund", "cost"),
    )
