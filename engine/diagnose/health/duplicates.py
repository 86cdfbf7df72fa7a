"""The same order lines again under other ids, far beyond the shop's usual rate of honest repeats."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._boxes import FEWEST, Box, Rates, boxes
from engine.diagnose.health._counts import runs

ORDER = 4

# A load taken twice marks half of its orders; a part of it less. Honest repeats are a few in a hundred.
COPIED = Rates(inside=0.4, purest=0.08)
# Two of the same thing on two lines are honest: 8% of Olist's orders hold nothing else.
TWICE_WITHIN = Rates(inside=0.85, purest=0.6)
# Honest repeats of known customers: 0.1% of the demo shop's orders. A higher rate is no custom of a shop.
USUAL_AT_MOST = 0.03
# One buyer who clicks eight times is no copied load.
FEWEST_BUYERS = 5
# Of days with fewer different orders nothing is told; where most are even by custom, neither.
FEWEST_FINGERPRINTS = 4
LEAST_ODD = 0.3
# Neighbouring days on which nothing is odd must together be this unlikely, 1 in 3 millions: a shop has some 1,000 days.
LEAST_EVEN = 15.0


def check(shop: Shop) -> Iterator[Problem]:
    """Orders copied under another number, lines copied within their order, and days that hold all things twice."""
    first = _first_lines(shop)
    if len(first) < FEWEST:
        return
    prints = _of_orders(shop)
    whole = prints[shop.lines.order[first]]
    marked = _again(whole)
    if shop.has_customers:
        marked &= shop.lines.customer[first] >= 0
    found = [_problem(shop, box, first, "orders") for box in boxes(shop, first, marked, _rates(shop, marked))]
    found = [problem for problem in found if problem]
    yield from found
    if not found:
        yield from _within(shop)
        yield from _doubled_days(shop, first, whole)


def _first_lines(shop: Shop) -> np.ndarray:
    """The first line sold of each order, once also where an order has several days."""
    sold = shop.heads[shop.lines.sold[shop.heads]]
    return sold[np.unique(shop.lines.order[sold], return_index=True)[1]]


def _rates(shop: Shop, marked: np.ndarray) -> Rates:
    """Where buyers are known, a shop that repeats everything is no custom; else its own rate is the usual one."""
    if shop.has_customers and marked.mean() > USUAL_AT_MOST:
        return Rates(COPIED.inside, USUAL_AT_MOST, COPIED.purest)
    return COPIED


def _within(shop: Shop) -> Iterator[Problem]:
    """Orders in which every single line stands an even number of times."""
    at = np.flatnonzero(shop.lines.sold)
    lines = np.unique(shop.lines.order[at], return_counts=True)[1]
    if not (lines > 1).any():
        return
    prints = _mix(_of_lines(shop)[at], shop.lines.order[at])
    _, position, many = np.unique(prints, return_index=True, return_counts=True)
    odd = np.zeros(int(shop.lines.order.max()) + 1, np.int64)
    np.add.at(odd, shop.lines.order[at][position], many % 2)
    first = _first_lines(shop)
    for box in boxes(shop, first, odd[shop.lines.order[first]] == 0, TWICE_WITHIN):
        problem = _problem(shop, box, first, "lines")
        if problem:
            yield problem


def _doubled_days(shop: Shop, first: np.ndarray, whole: np.ndarray) -> Iterator[Problem]:
    """Without buyers, repeats are common; that every single one comes an even number of times is not."""
    if shop.has_customers:
        return
    day = shop.lines.day[first]
    values, many = np.unique(np.stack([day.astype(np.uint64), whole]), axis=1, return_counts=True)
    days = values[0].astype(np.int64)
    kinds = np.bincount(days, minlength=shop.days)
    odd = np.bincount(days[many % 2 == 1], minlength=shop.days)
    doubled = (kinds >= FEWEST_FINGERPRINTS) & (odd <= 0.02 * kinds)
    usual = odd.sum() / max(kinds.sum(), 1)
    if usual < LEAST_ODD:
        return
    for low, high in runs(doubled):
        score = -float(kinds[low:high].sum() * np.log(1 - usual))
        if score < LEAST_EVEN:
            continue
        inside = (day >= low) & (day < high)
        box = Box(low, high, (), np.flatnonzero(inside & _again(whole)), int(inside.sum()), score)
        problem = _problem(shop, box, first, "orders")
        if problem:
            yield problem


def _problem(shop: Shop, box: Box, at: np.ndarray, what: str) -> Problem | None:
    copies = at[box.members]
    buyers = shop.lines.customer[copies]
    if shop.has_customers and len(np.unique(buyers)) < FEWEST_BUYERS:
        return None
    wrong = shop.lines.sold & np.isin(shop.lines.order, shop.lines.order[copies])
    rows = int(wrong.sum()) // (1 if what == "orders" else 2)
    amount = float(shop.revenue[wrong].sum()) / (1 if what == "orders" else 2)
    said = "stand in the data again under another number" if what == "orders" else "hold every line twice"
    days = words.on_days(shop.window(box.start, box.end))
    return Problem(
        "duplicates",
        f"{words.orders(len(copies)).capitalize()}{words.place(shop, box.where)} {said} {days}: {words.lines(rows)} "
        f"with {words.money(shop, amount)} counted twice. Take the load back that brought them a second time.",
        shop.window(box.start, box.end),
        box.where,
        rows=rows,
        money=amount if shop.has_revenue else None,
        score=box.gain,
    )


def _again(prints: np.ndarray) -> np.ndarray:
    """Which fingerprints were seen before."""
    order = np.argsort(prints, kind="stable")
    again = np.zeros(len(prints), bool)
    again[order[1:]] = prints[order[1:]] == prints[order[:-1]]
    return again


def _of_orders(shop: Shop) -> np.ndarray:
    """(orders,) fingerprint of each order: its day, hour, buyer and all its lines in any order."""
    lines = shop.lines
    whole = np.zeros(int(lines.order.max()) + 1, np.uint64)
    np.add.at(whole, lines.order[lines.sold], _of_lines(shop)[lines.sold])
    return whole


def _of_lines(shop: Shop) -> np.ndarray:
    """(n,) fingerprint of each line: all that is known of it but its ids."""
    lines = shop.lines
    found = _mix(np.zeros(len(lines), np.uint64), lines.day)
    found = _mix(found, lines.customer)
    parts = [lines.hour] if lines.hour is not None else []
    parts += [lines.codes[name] for name in sorted(lines.codes)]
    parts += [lines.numbers[name].values for name in sorted(lines.numbers)]
    parts += [lines.facts[name].values[lines.order] for name in sorted(lines.facts)]
    for values in parts:
        found = _mix(found, values)
    return found


def _mix(found: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Put values into fingerprints: the finishing steps of splitmix64 (Steele, Lea & Flood 2014)."""
    with np.errstate(over="ignore"):
        mixed = (found + np.uint64(0x9E3779B97F4A7C15)) ^ values.astype(np.int64).view(np.uint64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))
