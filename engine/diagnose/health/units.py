"""Figures that change their unit: cents for euros, hours for days, a scale to 10 for one to 5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Box, Rates, boxes, share_outside

ORDER = 6

POWERS = (10.0, 100.0, 1000.0)
# Days told in hours, minutes or seconds.
TIMES = (24.0, 1440.0, 86400.0)
# Where products are known a factor is recognised within 8%, so that 11.3 kronor a euro are no 10; else within a
# quarter.
SHARP, TOLERANCE = float(np.log(1.08)), float(np.log(1.25))
# What a buyer takes and how long a delivery lasts is each source's own: only what changed is a fault.
OF_THE_SOURCE = ("quantity", "delivery_days", "promised_days", "shipping")
LEAST_OUTSIDE = 0.1
# Marked is what lies this far from its product's own middle: a fifth, or five times.
FAR = float(np.log(5.0))
FLIPPED = Rates(inside=0.85, outside=0.03, purest=0.7)
# A product's own middle needs this many lines; those of others are told by their category or the shop.
FEWEST_OF_A_PRODUCT = 5


@dataclass(frozen=True)
class Figure:
    """A figure of the lines whose unit may change.

    Parameters
    ----------
    name : what a person reads
    column : the column it is of
    at : (m,) lines that have it
    value : (m,) above 0
    factors : by which it may be multiplied or divided
    """

    name: str
    column: str
    at: np.ndarray
    value: np.ndarray
    factors: tuple[float, ...] = POWERS


def check(shop: Shop) -> Iterator[Problem]:
    """Each figure's stretches, of the shop or of one source, in which it is a known factor too large or too small."""
    priced = False
    for figure in figures(shop):
        if figure.column == "revenue" and priced:
            continue
        found = list(_flips(shop, figure))
        priced |= bool(found) and figure.column == "unit_price"
        yield from found
    yield from _beyond_scale(shop)


def figures(shop: Shop) -> Iterator[Figure]:
    """What can be looked at in this shop: price (or money), pieces, cost, shipping, days."""
    lines, numbers = shop.lines, shop.lines.numbers
    if "revenue" in numbers:
        full = numbers["revenue"].values.astype(float)
        if "discount" in numbers:
            full = full + numbers["discount"].values
        pieces = numbers["quantity"].values if "quantity" in numbers else np.ones(len(lines))
        at = np.flatnonzero(lines.sold & (full > 0) & (pieces > 0))
        name, column = ("Prices", "unit_price") if "quantity" in numbers else ("Amounts", "revenue")
        yield Figure(name, column, at, full[at] / pieces[at])
    if "quantity" in numbers:
        at = np.flatnonzero(lines.sold & (numbers["quantity"].values > 0))
        yield Figure("Pieces", "quantity", at, numbers["quantity"].values[at].astype(float))
    for name, column in (("Costs", "cost"), ("Shipping charges", "shipping")):
        if column in numbers:
            at = np.flatnonzero(lines.sold & (numbers[column].values > 0))
            yield Figure(name, column, at, numbers[column].values[at].astype(float))
    for name, column in (("Delivery times", "delivery_days"), ("Promised times", "promised_days")):
        if column in lines.facts:
            yield _fact(shop, name, column)


def _fact(shop: Shop, name: str, column: str) -> Figure:
    values = shop.lines.facts[column].values[shop.lines.order[shop.heads]]
    kept = values > 0
    return Figure(name, column, shop.heads[kept], values[kept].astype(float), TIMES)


def residual(shop: Shop, figure: Figure) -> np.ndarray:
    """(m,) natural logarithm of the value against the middle of its product's, else of all values."""
    logs = np.log(figure.value)
    made = logs - np.median(logs)
    if figure.column in ("delivery_days", "promised_days", "shipping"):
        return made
    for name in ("category", "product"):
        if name in shop.snapshot.dimensions:
            code = shop.lines.codes[name][figure.at]
            middle, many = middles(logs, code, len(shop.lines.labels[name]))
            made = np.where(many[code] >= FEWEST_OF_A_PRODUCT, logs - middle[code], made)
    return made


def middles(
    values: np.ndarray, code: np.ndarray, size: int, order: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(size,) median of the values of each code, and how many there are; `order` sorts those that count, by both."""
    order = np.lexsort((values, code)) if order is None else order
    many = np.bincount(code[order], minlength=size)
    starts = np.concatenate([[0], np.cumsum(many)[:-1]])
    at = np.minimum(starts + many // 2, max(len(order) - 1, 0))
    return (values[order][at] if len(order) else np.zeros(size)), many


def _flips(shop: Shop, figure: Figure) -> Iterator[Problem]:
    if not len(figure.at):
        return
    # Where a fault lasts longer than a product's honest days, the middle is the fault's: both ends are looked at.
    away = residual(shop, figure)
    for sign in (1, -1):
        for box in boxes(shop, figure.at, sign * away > FAR * (0.6 if figure.factors is TIMES else 1), FLIPPED):
            if figure.column in OF_THE_SOURCE and share_outside(shop, figure.at, box) < LEAST_OUTSIDE:
                continue
            shift = float(np.median(away[box.members])) - _level(away, box)
            factor = factor_of(shift, figure.factors, tolerance(shop, figure))
            if factor:
                yield _problem(shop, figure, box, factor)


def _level(away: np.ndarray, box: Box) -> float:
    rest = np.ones(len(away), bool)
    rest[box.members] = False
    return float(np.median(away[rest])) if rest.any() else 0.0


def tolerance(shop: Shop, figure: Figure) -> float:
    """How far from a factor a shift of logarithms may be."""
    return SHARP if "product" in shop.snapshot.dimensions and figure.factors is POWERS else TOLERANCE


def factor_of(shift: float, factors: tuple[float, ...], within: float) -> float | None:
    """The factor that a shift of logarithms is near to; below 1 where figures are too small."""
    for factor in factors:
        if abs(abs(shift) - np.log(factor)) < within:
            return factor if shift > 0 else 1 / factor
    return None


def _problem(shop: Shop, figure: Figure, box: Box, factor: float) -> Problem:
    at = figure.at[box.members]
    facts = figure.column in shop.lines.facts
    amount = float(shop.revenue[at].sum())
    times = f"{factor:,.0f} times too large" if factor > 1 else f"{round(1 / factor):,} times too small"
    share = min(box.start - shop.body[0], shop.body[1] - box.end)
    mend = "Take the load back and import it in the usual unit" + (" (days)." if facts else ".")
    said = "of the whole time" if share <= 0 and box.end - box.start >= 0.95 * shop.days else None
    days = said or words.since(shop, box.start, box.end)
    return Problem(
        "unit",
        f"{figure.name}{words.place(shop, box.where)} are about {times} {days}: {words.lines(len(at))} with "
        f"{words.money(shop, amount)} of revenue as it stands. {mend}",
        shop.window(box.start, box.end),
        box.where,
        rows=len(at),
        money=amount if shop.has_revenue else None,
        score=box.gain,
        columns=_spoiled(figure.column),
    )


def _spoiled(column: str) -> tuple[str, ...]:
    return ("revenue", "discount", "unit_price") if column in ("unit_price", "revenue") else (column,)


def _beyond_scale(shop: Shop) -> Iterator[Problem]:
    """Scores above the 5 that a score can have."""
    from data.schema import column
    from engine.snapshot.columns import REAL_SCALE

    if "satisfaction_score" not in shop.lines.facts:
        return
    highest = column("transactions", "satisfaction_score").high
    scores = shop.lines.facts["satisfaction_score"].values[shop.lines.order[shop.heads]] / REAL_SCALE
    at, scores = shop.heads[scores > 0], scores[scores > 0]
    for box in boxes(shop, at, scores > highest, Rates(0.8, 0.03, 0.3)):
        days = shop.window(box.start, box.end)
        amount = float(shop.revenue[at[box.members]].sum())
        yield Problem(
            "unit",
            f"Satisfaction scores{words.place(shop, box.where)} reach {scores[box.members].max():,.0f} "
            f"{words.since(shop, box.start, box.end)}, where the scale ends at {highest:.0f}: "
            f"{words.orders(box.count)} with {words.money(shop, amount)}. "
            f"Import them again on the scale from 1 to {highest:.0f}.",
            days,
            box.where,
            rows=box.count,
            money=amount if shop.has_revenue else None,
            score=box.gain,
            columns=("satisfaction_score",),
        )
