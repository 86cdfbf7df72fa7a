"""Values that stop: a column that is empty from a day on, customers that are no longer known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import Rates, boxes
from engine.dimensions import DIMENSIONS, EMPTY

ORDER = 9

STOPPED = Rates(inside=0.98, outside=None, purest=0.95)
# Scores and deliveries of the last orders are still to come.
STILL_TO_COME = ("satisfaction_score", "delivery_days")
WAIT = 30
LABELS = {
    "satisfaction_score": "satisfaction",
    "delivery_days": "delivery time",
    "promised_days": "promised time",
    "quantity": "quantity",
    "cost": "cost",
    "discount": "discount",
    "shipping": "shipping",
    "revenue": "revenue",
    "customer_id": "customer",
}


def check(shop: Shop) -> Iterator[Problem]:
    """Each column that has values before a stretch and none in it; a column that begins late is no fault."""
    for column, at, empty in _columns(shop):
        if not empty.any() or empty.all():
            continue
        for box in boxes(shop, at, empty, STOPPED):
            start, end = shop.body
            if _had_none_before(shop, at, empty, box):
                continue
            if column in STILL_TO_COME and box.end >= end and box.end - box.start < WAIT:
                continue
            yield _problem(shop, column, at, box)


def _columns(shop: Shop) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Column, lines that could have it, and where it is empty."""
    lines = shop.lines
    first = shop.heads[lines.sold[shop.heads]]
    if shop.has_customers:
        yield "customer_id", first, lines.customer[first] < 0
    for name in shop.snapshot.dimensions:
        if EMPTY in lines.labels[name]:
            yield name, first, lines.codes[name][first] == lines.labels[name].index(EMPTY)
    sold = np.flatnonzero(lines.sold)
    for name, number in lines.numbers.items():
        if number.present is not None and name != "refund":
            yield name, sold, ~number.present[sold]
    for name, fact in lines.facts.items():
        if fact.present is not None:
            yield name, first, ~fact.present[lines.order[first]]


def _had_none_before(shop: Shop, at, empty, box) -> bool:
    """Whether the column, or the source's column, has hardly a value before the stretch."""
    before = shop.lines.day[at] < box.start
    for name, value in box.where:
        before &= shop.lines.codes[name][at] == shop.lines.labels[name].index(value)
    return not before.any() or bool(empty[before].mean() > 0.9) or int(before.sum()) < 20


def _problem(shop: Shop, column: str, at: np.ndarray, box) -> Problem:
    label = DIMENSIONS[column].label.lower() if column in DIMENSIONS else LABELS.get(column, column)
    rows = at[box.members]
    amount = float(shop.revenue[np.isin(shop.lines.order, shop.lines.order[rows])].sum())
    what = words.lines(len(rows)) if column in shop.lines.numbers else words.orders(len(rows))
    return Problem(
        "missing",
        f"The {label}{words.place(shop, box.where)} is no longer given {words.since(shop, box.start, box.end)}: {what} "
        f"with {words.money(shop, amount)} are without it. Export it again and import those days anew.",
        shop.window(box.start, box.end),
        box.where,
        rows=len(rows),
        money=amount if shop.has_revenue else None,
        score=box.gain,
        columns=(column,),
    )
