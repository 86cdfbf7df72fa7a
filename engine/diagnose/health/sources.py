"""A source whose orders stop, pause or begin abruptly while the rest of the shop goes on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop
from engine.diagnose.health._counts import runs, unlikely_none
from engine.dimensions import DIMENSIONS, EMPTY

ORDER = 5

# One false stop in a thousand shops over all values and days.
FALSE_STOPS = 0.001
# Days that tell a source's share before and after a silence.
AROUND = 56
# A source that is closed by plan fades, one that is launched grows: its nearest two weeks are below half of its level.
NEAR, ABRUPT = 14, 0.5
# Weeks differ by campaigns: shapes beyond these would excuse everything or nothing.
SHAPES = (3.0, 40.0)
# The silence of a source of a few large buyers is theirs.
FEWEST_BUYERS = 20
# What a shop sells is its own decision: lines begin and end with their products.
ASSORTMENT = ("category",)


def check(shop: Shop) -> Iterator[Problem]:
    """Each silence of a value that its usual share of the shop's orders makes impossible."""
    found: list[tuple[float, Problem]] = []
    for name in shop.sources:
        counts = _counts(shop, name)
        total = counts.sum(axis=0)
        tests = len(counts) * shop.days * len(shop.sources)
        least = float(np.log(tests / FALSE_STOPS))
        own = [
            problem
            for code, value in enumerate(shop.lines.labels[name])
            if value != EMPTY
            for problem in _silences(shop, (name, value), counts[code], total, least=least)
        ]
        found += [(problem.score, problem) for problem in _not_renamed(own)]
    yield from (problem for _, problem in sorted(found, key=lambda pair: -pair[0]))


def _counts(shop: Shop, name: str) -> np.ndarray:
    """(values, days) orders of each value; orders without one are left out."""
    start, end = shop.body
    lines, labels = shop.lines, shop.lines.labels[name]
    at = np.flatnonzero((lines.day >= start) & (lines.day < end))
    code = lines.codes[name][at].astype(np.int64)
    # Lines of an order are neighbours: one that says the same as the line before it is no other order.
    fresh = np.ones(len(at), bool)
    fresh[1:] = (lines.order[at[1:]] != lines.order[at[:-1]]) | (code[1:] != code[:-1])
    cell = code[fresh] * shop.days + lines.day[at[fresh]]
    counts = np.bincount(cell, minlength=len(labels) * shop.days).reshape(len(labels), shop.days)
    if EMPTY in labels:
        counts[labels.index(EMPTY)] = 0
    return counts


def _silences(shop: Shop, source: tuple[str, str], own, total, *, least: float) -> Iterator[Problem]:
    start, end = shop.body
    if own.sum() < least:
        return
    size = _shape(own[start:end], total[start:end])
    rest = total - own
    for low, high in runs(own[start:end] == 0):
        low, high = low + start, high + start
        going_on = total[low:high].sum()
        if going_on < least:
            continue
        ratio = _ratio(own, rest, (start, low), (high, end))
        if ratio is None:
            continue
        mean = ratio * float(rest[low:high].sum())
        score = unlikely_none(mean, size)
        if score < least or not _is_abrupt(own, rest, (start, end), (low, high)) or not _has_buyers(shop, source):
            continue
        if source[0] in ASSORTMENT and (high == end or low == start):
            continue
        yield _problem(shop, source, (low, high), mean, score=score)


def _ratio(own, rest, before: tuple[int, int], after: tuple[int, int]) -> float | None:
    """Orders of the source for one of the others, by the lower of both sides of a silence."""
    sides = []
    for low, high in ((max(before[0], before[1] - AROUND), before[1]), (after[0], min(after[1], after[0] + AROUND))):
        if high - low >= 7 and rest[low:high].sum() > 0:
            sides.append(own[low:high].sum() / rest[low:high].sum())
    return float(min(sides)) if sides else None


def _shape(own: np.ndarray, total: np.ndarray) -> float:
    """How steady its weekly share is, by the shape of a negative binomial; weeks within a silence are left out."""
    edges = np.arange(0, len(own), 7)
    mine, all_of = np.add.reduceat(own, edges), np.add.reduceat(total, edges)
    used = (all_of > 0) & (mine > 0)
    if used.sum() < 8:
        return SHAPES[0]
    mean = all_of[used] * (mine[used].sum() / all_of[used].sum())
    beyond = float(((mine[used] - mean) ** 2 - mean).sum())
    return float(np.clip((mean**2).sum() / beyond if beyond > 0 else SHAPES[1], *SHAPES))


def _is_abrupt(own, rest, body: tuple[int, int], silence: tuple[int, int]) -> bool:
    """Whether the source was at its level just before it fell silent, and at once when it began."""
    low, high = silence
    if low > body[0]:
        return _holds(own, rest, max(body[0], low - NEAR), low, max(body[0], low - NEAR - AROUND))
    return _holds(own, rest, high, min(body[1], high + NEAR), None, min(body[1], high + NEAR + AROUND))


def _holds(own, rest, low: int, high: int, earlier: int | None, later: int | None = None) -> bool:
    far = slice(earlier, low) if earlier is not None else slice(high, later)
    near_rest, far_rest = rest[low:high].sum(), rest[far].sum()
    if not near_rest or not far_rest or not own[far].sum():
        return False
    return own[low:high].sum() / near_rest >= ABRUPT * own[far].sum() / far_rest


def _has_buyers(shop: Shop, source: tuple[str, str]) -> bool:
    if not shop.has_customers:
        return True
    name, value = source
    own = shop.lines.codes[name] == shop.lines.labels[name].index(value)
    buyers = shop.lines.customer[own]
    return len(np.unique(buyers[buyers >= 0])) >= FEWEST_BUYERS


def _problem(shop: Shop, source: tuple[str, str], span: tuple[int, int], mean: float, *, score: float) -> Problem:
    name, value = source
    low, high = span
    start, end = shop.body
    label, what = shop.snapshot.label(name, value), DIMENSIONS[name].label.lower()
    own = shop.lines.codes[name] == shop.lines.labels[name].index(value)
    orders = max(len(np.unique(shop.lines.order[own])), 1)
    amount = mean * float(shop.revenue[own].sum()) / orders if shop.has_revenue else None
    if low == start:
        said = f"The {what} {label} begins all at once on {words.on_day(shop.date(high))}"
        do = "Import its orders of before, or leave it out of comparisons that reach back."
    elif high == end:
        said = f"The {what} {label} has no order {words.since(shop, low, high)}, while the others go on"
        do = "Import what is missing; where it was closed on that day, say so in the case."
    else:
        said = f"The {what} {label} has no order {words.on_days(shop.window(low, high))}, while the others go on"
        do = "Import its orders of these days."
    return Problem(
        "source",
        f"{said}: about {words.orders(mean)} with {words.money(shop, amount)} would be usual. {do}",
        shop.window(low, high),
        ((name, value),),
        rows=round(mean),
        money=amount,
        score=score,
        blocks_cause=low > start,
    )


def _not_renamed(found: list[Problem]) -> list[Problem]:
    """Without the half that begins where another of the same size ends: both are one source with a new name."""
    ends = [p for p in found if p.blocks_cause]
    begins = [p for p in found if not p.blocks_cause]
    kept = list(ends)
    for problem in begins:
        if not any(abs((problem.days.end - other.days.start).days) <= 1 for other in ends):
            kept.append(problem)
    return kept
