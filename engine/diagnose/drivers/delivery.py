"""Delivery days and the score: the mean at each day and the points a day, with the rest held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.design import Design, beside, held, last
from engine.diagnose.drivers.effect import Effect
from engine.diagnose.drivers.regress import Fit, applied, least_squares
from engine.diagnose.drivers.sample import clusters
from engine.snapshot.orders import Orders

# A delivery day stands alone with so many orders, or this share of them; rarer ones are put together.
FEWEST_ORDERS, LEAST_SHARE = 30, 0.02
# A line is called bent only where straightness is as unlikely as this.
BENT = 0.01


@dataclass(frozen=True)
class DayMean:
    """The mean score of orders delivered in some days, other things equal.

    Parameters
    ----------
    first, last : the days, both counted; last is None for "and more"
    orders : how many
    score : adjusted mean in points
    """

    first: int
    last: int | None
    orders: int
    score: Effect


@dataclass(frozen=True)
class Bend:
    """The points a day before and after a day, where one straight line will not do."""

    at: float
    before: Effect
    after: Effect


@dataclass(frozen=True)
class Slope:
    """How the score follows delivery days.

    Parameters
    ----------
    orders, customers : with both a score and a delivery time
    held : what was held, in words
    by_day : adjusted means
    per_day : points for each further day
    bend : None where the line may be straight
    """

    orders: int
    customers: int
    held: tuple[str, ...]
    by_day: tuple[DayMean, ...]
    per_day: Effect
    bend: Bend | None


def slope_of(orders: Orders) -> Slope:
    """The slope over orders that all have a delivery time and a score.

    Raises
    ------
    ArithmeticError
        where what is held tells the delivery days exactly
    """
    days, score, who = orders.facts["delivery_days"], orders.facts["satisfaction_score"], clusters(orders)
    controls = held(orders)
    line = least_squares(last(controls, days), score, who)
    by_day, bent = _by_day(days, score, who, controls)
    return Slope(
        len(orders),
        len(np.unique(who)),
        controls.held,
        by_day,
        line.effect(len(line.value) - 1),
        _bend(days, score, who, controls) if bent else None,
    )


def _by_day(days: np.ndarray, score: np.ndarray, who: np.ndarray, controls: Design) -> tuple[tuple[DayMean, ...], bool]:
    """Adjusted means, and whether they do not lie on one line."""
    edges = edges_of(np.rint(days))
    place = np.searchsorted(edges, np.rint(days), side="right") - 1
    marks = (place[:, None] == np.arange(len(edges))).astype(float)
    # The controls have mean 0: a mark's coefficient is the mean score at everyone's controls.
    fit = least_squares(beside(marks, controls), score, who)
    counts = np.bincount(place, minlength=len(edges))
    lasts = [int(edge) - 1 for edge in edges[1:]] + [None]
    means = tuple(
        DayMean(int(edge), last, int(count), fit.effect(at))
        for at, (edge, last, count) in enumerate(zip(edges, lasts, counts, strict=True))
    )
    middle = np.bincount(place, days, len(edges)) / counts
    return means, _off_the_line(fit, middle) < BENT


def edges_of(days: np.ndarray) -> np.ndarray:
    """First days of the groups: each day alone while enough orders have it, then wider."""
    values, counts = np.unique(days, return_counts=True)
    least = max(FEWEST_ORDERS, LEAST_SHARE * len(days))
    edges, gathered = [values[0]], 0
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        if gathered >= least:
            edges.append(value)
            gathered = 0
        gathered += count
    if gathered < least and len(edges) > 1:
        edges.pop()
    return np.array(edges)


def _off_the_line(fit: Fit, middle: np.ndarray) -> float:
    """P value of the means lying on one straight line over the days."""
    if len(middle) < 3:
        return 1.0
    line = np.column_stack([np.ones(len(middle)), middle])
    off = np.eye(len(middle)) - line @ np.linalg.pinv(line)
    basis = np.linalg.svd(off)[0][:, : len(middle) - 2].T
    return fit.differs(np.hstack([basis, np.zeros((len(basis), len(fit.value) - len(middle)))]))


def _bend(days: np.ndarray, score: np.ndarray, who: np.ndarray, controls: Design) -> Bend:
    """Two straight lines that meet at one of the days' deciles, the one that leaves the least unexplained."""
    found = []
    deciles = np.unique(np.quantile(days, np.arange(1, 10) / 10))
    for at in deciles[(deciles > days.min()) & (deciles < days.max())]:
        columns = last(controls, np.minimum(days, at), np.maximum(days - at, 0))
        fit = least_squares(columns, score, who)
        left = score - applied(columns, fit.value)
        found.append((float(left @ left), float(at), fit))
    _, at, fit = min(found, key=lambda f: f[0])
    return Bend(at, fit.effect(len(fit.value) - 2), fit.effect(len(fit.value) - 1))
