"""The complement test: did a part move unlike the rest, where everything moved?

Everything falls in January; a part is unusual by what it has more, or less, than if it had moved as the whole did. Days
are the observations here too, but what a day brings to all parts cancels: each day's figure is the part's less its
share of the whole's. Parts of time have days of their own, so the part and the rest are independent there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.describe.days import MOST_VALUES, daily, fit_of, spans_of
from engine.describe.grains import GRAINS
from engine.describe.judge import (
    FEWEST_FREE,
    UNTOLD,
    Judgement,
    Moves,
    as_judgements,
    chance,
    is_share_of_customers,
    is_sparse,
    judged,
    least_variance,
    linear_days,
    scale_of,
    shares,
)
from engine.describe.values import compared
from engine.diagnose.sides import Side, sides_of
from engine.memo import memoised
from engine.metrics import Metric
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot


@memoised
def unlike(snapshot: Snapshot, selection: Selection, name: str, axis: str) -> tuple[Judgement, ...]:
    """By part of the axis, in its own order: its value less its comparison moved as the whole moved, judged."""
    now, before = sides_of(snapshot, selection, name, axis)
    if before is None or not (before.whole > 0 and now.whole > 0):
        return (UNTOLD,) * len(now.value)
    metric = metric_named(name)
    if axis in GRAINS or axis == "weekday":
        (whole,), parts = judged(snapshot, selection, name), judged(snapshot, selection, name, axis)
        return _of_days(metric, (now, before), parts, whole)
    shown = _shown(metric, now, before, now.whole / before.whole)
    if is_share_of_customers(metric):
        return as_judgements(shown, _share_moves(snapshot, selection, metric, axis))
    return as_judgements(shown, _moves(snapshot, selection, metric, axis))


def share_of_whole(now: Side, before: Side, metric: Metric) -> np.ndarray:
    """(parts,) how large each part is in both windows together: of the total, or of the ratio's denominator."""
    sides = [side.parts.bottom if metric.is_ratio else side.parts.top for side in (now, before)]
    sizes = np.abs(np.nan_to_num(sides[0])) + np.abs(np.nan_to_num(sides[1]))
    return sizes / max(float(sizes.sum()), 1e-300)


def _moves(snapshot: Snapshot, selection: Selection, metric: Metric, axis: str) -> Moves | None:
    """Levels of each part's days less its share of the whole's days."""
    spans = spans_of(snapshot, selection.window, compared(snapshot, selection).window)
    days = spans and daily(snapshot, selection, spans, metric.measures, axis)
    if not days:
        return None
    fit, whole = fit_of(spans), daily(snapshot, selection, spans, metric.measures, None)
    if fit.free < FEWEST_FREE:
        return None
    parts, all_days = linear_days(metric, days), linear_days(metric, whole)
    mean, (_, before, both) = days.means()[2], (metric.value(found) for found in whole.means())
    with np.errstate(divide="ignore", invalid="ignore"):
        share = metric.value(mean) / both
        if metric.is_ratio:
            scale = np.ones(parts.shape[1])
            series = parts * scale_of(metric, days, len(scale)) - all_days * scale_of(metric, whole, 1) * share
            least = 0.0
        else:
            scale = np.full(parts.shape[1], days.now * both / before)
            series = parts - all_days * share
            size = _sizes_of_orders(snapshot, selection, metric, axis)
            least = least_variance(metric, days, size) * np.clip(1 - share, 0, 1)
        difference, variance = fit.difference(series), np.maximum(chance(fit, series), least)
    return Moves(difference, variance, scale, float(fit.free), is_sparse(metric, days))


def _sizes_of_orders(snapshot: Snapshot, selection: Selection, metric: Metric, axis: str) -> np.ndarray | float:
    """(values,) revenue of each part's mean order in both windows: Poisson orders of that size vary no less.

    The shop's own size of an order is set by its largest ones: one of 168,470 in Online Retail makes it 6,511, where
    the mean is 530, and would hide every country that is not the United Kingdom.
    """
    if metric.measures != ("revenue",):
        return 1.0
    grids = [
        snapshot.totals(window, ("revenue", "orders"), (axis,)) for window in (selection, compared(snapshot, selection))
    ]
    revenue, orders = (sum(grid.own(name) for grid in grids)[:MOST_VALUES] for name in ("revenue", "orders"))
    return np.divide(revenue, orders, out=np.zeros_like(revenue), where=orders > 0)


def _share_moves(snapshot: Snapshot, selection: Selection, metric: Metric, axis: str) -> Moves:
    """Each part's share of customers less the whole's in proportion, and what independent customers do.

    Where customers are in one part each, the whole is the part and the rest, who are other people; else the whole
    stands for the rest.
    """
    parts, wholes = (shares(snapshot, selection, metric, by) for by in (axis, None))
    apart = float(snapshot.adds_up("customers", axis))
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = [_rest(part, whole, apart) for part, whole in zip(parts, wholes, strict=True)]
        (part, part_variance), (_, rest_variance) = _pooled(*parts), _pooled(*rest)
        whole, _ = _pooled(*wholes)
        held = apart * (parts[0][1] + parts[1][1]) / (wholes[0][1] + wholes[1][1])
        variance = (1 - held * part / whole) ** 2 * part_variance + ((1 - held) * part / whole) ** 2 * rest_variance
        difference = parts[0][0] - parts[1][0] * wholes[0][0] / wholes[1][0]
    found = (values[:MOST_VALUES] for values in (difference, variance, np.ones(len(difference))))
    return Moves(*found, np.inf)


def _rest(part: tuple[np.ndarray, ...], whole: tuple[np.ndarray, ...], apart: float) -> tuple[np.ndarray, np.ndarray]:
    """The share among all other customers, and how many they are."""
    hits, people = apart * np.nan_to_num(part[0] * part[1]), apart * part[1]
    others = whole[1] - people
    return np.where(others > 0, (whole[0] * whole[1] - hits) / others, 0.0), others


def _pooled(now: tuple[np.ndarray, ...], before: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The share in both windows together, and the variance of its difference between them."""
    (share, people), (was, were) = now, before
    pooled = (share * people + was * were) / (people + were)
    inverse = [np.divide(1.0, count, out=np.zeros(count.shape), where=count > 0) for count in (people, were)]
    return pooled, np.nan_to_num(pooled * (1 - pooled)) * (inverse[0] + inverse[1])


def _shown(metric: Metric, now: Side, before: Side, common: float) -> np.ndarray:
    """(parts,) value less comparison moved by the common ratio; a part a window lacks is 0 of a total, no ratio."""
    if metric.is_ratio:
        return now.value - before.value * common
    return np.nan_to_num(now.value) - np.nan_to_num(before.value) * common


def _of_days(
    metric: Metric, sides: tuple[Side, Side], parts: Sequence[Judgement], whole: Judgement
) -> tuple[Judgement, ...]:
    """Parts of time: other days each, so the rest's chance is the part's own, as much less as the part is large.

    Totals move alike by what all parts together did: a customer of two weeks counts in both.
    """
    now, before = sides
    held, calendar = share_of_whole(now, before, metric), whole.calendar
    sums, was = (now.whole, before.whole), np.nan_to_num(before.value)
    if not metric.is_ratio:
        sums = float(np.nansum(now.value)), float(np.nansum(before.value))
        calendar = sum(own.calendar for own in parts)
    told = [
        (own.calendar - before_here / sums[1] * calendar, own.error * np.sqrt(1 - share), own.free or np.inf)
        if own.error is not None and share < 1
        else (np.nan,) * 3
        for own, before_here, share in zip(parts, was.tolist(), held.tolist(), strict=True)
    ]
    shown = _shown(metric, now, before, sums[0] / sums[1])
    normal, error, free = np.array(told, dtype=float).T
    return as_judgements(shown, Moves(shown - normal, error**2, np.ones(len(shown)), free))
