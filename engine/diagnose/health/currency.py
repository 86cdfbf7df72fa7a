"""Amounts of one source or period in another currency: one ratio, common to all products, from a day on."""

from __future__ import annotations

from collections.abc import Iterator

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
BLOCK = 14
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
    """Boxes of lines that lie away from the same product elsewhere in the same two weeks."""
    logs, at = np.log(figure.value), figure.at
    blocks = shop.days // BLOCK + 1
    code = shop.lines.codes["product"][at].astype(np.int64) * blocks + shop.lines.day[at] // BLOCK
    _, code = np.unique(code, return_inverse=True)
    middle, many = middles(logs, code, int(code.max()) + 1)
    away = np.where(many[code] >= 3, logs - middle[code], 0.0)
    for sign in (1, -1):
        for box in boxes(shop, at, sign * away > ONE_SOURCE, MOVED):
            if box.where and box.where[0][0] not in ASSORTMENT and _is_broad(shop, at[box.members]):
                problem = _problem(shop, figure, box, _ratio(shop, figure, box))
                if problem:
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
            problem = _problem(shop, figure, box, _ratio(shop, figure, box))
            if problem:
                yield problem


def _ratio(shop: Shop, figure: Figure, box: Box) -> float | None:
    """The ratio of the inside to the same products outside, where it is one for all of them; else None."""
    inside = np.zeros(len(figure.at), bool)
    inside[box.members] = True
    code, logs = shop.lines.codes["product"][figure.at], np.log(figure.value)
    near = (shop.lines.day[figure.at] >= box.start - 60) & (shop.lines.day[figure.at] < box.end + 60)
    size = len(shop.lines.labels["product"])
    own, many = middles(logs[inside], code[inside], size)
    other, others = middles(logs[~inside & near], code[~inside & near], size)
    both = (many > 0) & (others > 0)
    if both.sum() < FEWEST_PRODUCTS:
        return None
    shift = np.repeat(own[both] - other[both], many[both])
    ratio = float(np.median(shift))
    # Prices move between the days of the two middles, so the spread of a shop's own prices is allowed for.
    spread = float(np.median(np.abs(shift - ratio)))
    return ratio if spread <= max(NEAR, 0.25 * abs(ratio)) else None


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
