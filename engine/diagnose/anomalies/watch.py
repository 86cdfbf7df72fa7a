"""The series that are watched: metrics of the whole, of each value of each dimension, and orders of pairs of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.diagnose.anomalies.find import Seen
from engine.diagnose.season.daily import Daily, daily, tells_by_day
from engine.diagnose.season.design import design
from engine.diagnose.season.fit import Noise
from engine.diagnose.season.shifts import Expected, expect
from engine.diagnose.season.trading import Trading, trading
from engine.metrics import HEADLINES, Unit, metric
from engine.selection import Selection
from engine.snapshot import Snapshot

WATCHED: tuple[str, ...] = (*HEADLINES, "delivery_days", "cancellation_rate")
# Series beyond this are left out, those with the fewest orders first.
MOST_SERIES = 500
# Orders a day below which a series of counts or money, and one of averages, says nothing even by the week; of shares,
# the counted ones: where a robust fit sees mostly days without any, it takes none for usual and every one for a spike.
LEAST_ORDERS, LEAST_FOR_AVERAGES = 0.4, 4.0
# The same for series whose least noise is not known, such as margins and refunds: the part of the days that must hold
# some. On the demo shop, refund rates of values with refunds on a quarter of the days had 40 events a series and year.
LEAST_FILLED = 0.9
# Averages of fewer orders than this are no observation of a day.
LEAST_OF_A_DAY = 3
# A dimension of more values is not paired with others.
PAIRED_UP_TO = 40
# The metric of pairs: counts have less noise than money.
PAIR_METRIC = "orders"

Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Series:
    """What one watched series is.

    Parameters
    ----------
    metric : its name
    where : (dimension, value) pairs; empty for the whole
    weight : its orders a day
    """

    metric: str
    where: Where
    weight: float


@dataclass(frozen=True, eq=False)
class Batch:
    """Series that were fitted together.

    Parameters
    ----------
    series : one a column
    seen : what they were, and what was expected
    """

    series: tuple[Series, ...]
    seen: Seen

    def part(self, columns: Sequence[int]) -> Batch:
        """Some of the series."""
        at = np.asarray(columns, int)
        seen = self.seen
        fit = seen.expected.fit.part(at)
        shifts = tuple(seen.expected.shifts[i] for i in at.tolist())
        exposure = None if seen.exposure is None else seen.exposure[:, at]
        expected = Expected(fit, shifts, seen.expected.before_shift[:, at])
        return Batch(
            tuple(self.series[i] for i in at.tolist()),
            Seen(seen.totals[:, at], exposure, seen.judged[:, at], expected),
        )


def watched(snapshot: Snapshot, selection: Selection, days: Trading, names: Sequence[str]) -> tuple[Batch, ...]:
    """Fit every series that has orders enough; the selection's filters hold, its window is not looked at.

    Parameters
    ----------
    names : metrics the shop can answer
    """
    told = [name for name in names if tells_by_day(name) is None]
    found: list[tuple[Series, Daily, int]] = []
    for by in _axes(snapshot, selection):
        asked = told if len(by) < 2 else [name for name in told if name == PAIR_METRIC]
        if asked:
            found += _of_axes(snapshot, selection, asked, by)
    found.sort(key=lambda one: (len(one[0].where), -one[0].weight))
    return fit_all([one for one in found[:MOST_SERIES]], days)


def fit_all(found: Sequence[tuple[Series, Daily, int]], days: Trading) -> tuple[Batch, ...]:
    """Fit columns of daily metrics, those of one kind together."""
    kinds: dict[tuple[bool, bool], list[tuple[Series, Daily, int]]] = {}
    for one in found:
        kinds.setdefault((one[1].exposure is None, one[1].is_log), []).append(one)
    return tuple(_fit(members, days) for members in kinds.values())


def _fit(members: list[tuple[Series, Daily, int]], days: Trading) -> Batch:
    totals = np.column_stack([of.totals[:, column] for _, of, column in members])
    plain = members[0][1].exposure is None
    exposure = None if plain else np.column_stack([of.exposure[:, column] for _, of, column in members])
    judged = np.repeat(days.open[:, None], totals.shape[1], axis=1)
    if exposure is not None:
        judged &= exposure >= LEAST_OF_A_DAY
    noise = Noise(np.array([of.noise.size[column] for _, of, column in members]), members[0][1].noise.power)
    made = design(days.days, days.open)
    expected = expect(made, totals, known=judged, exposure=exposure, noise=noise, is_log=members[0][1].is_log)
    return Batch(tuple(series for series, _, _ in members), Seen(totals, exposure, judged, expected))


def _axes(snapshot: Snapshot, selection: Selection) -> list[tuple[str, ...]]:
    """The whole, each dimension that the selection leaves more than one value of, and pairs of them."""
    free = [name for name in snapshot.dimensions if len(snapshot.values(name)) > 1 and len(selection.values(name)) != 1]
    paired = [name for name in free if len(snapshot.values(name)) <= PAIRED_UP_TO]
    return [(), *((name,) for name in free), *combinations(paired, 2)]


def _of_axes(
    snapshot: Snapshot, selection: Selection, names: Sequence[str], by: tuple[str, ...]
) -> list[tuple[Series, Daily, int]]:
    """The series of all cells of the axes that have orders enough."""
    window = trading(snapshot).window
    weight = snapshot.totals(selection.over(window), ("orders",), by).own("orders").reshape(-1) / window.days
    # Days by thousands of products are not looked at where no product sells enough.
    if not (weight >= LEAST_ORDERS).any():
        return []
    over = daily(snapshot, selection, names, by)
    labels = [snapshot.values(name) for name in by]
    shape = tuple(map(len, labels))
    found = []
    for name in names:
        least = LEAST_ORDERS if over[name].exposure is None else LEAST_FOR_AVERAGES
        for column in np.flatnonzero((weight >= least) & _carried(snapshot, over[name])).tolist():
            keys = np.unravel_index(column, shape) if by else ()
            where = tuple((axis, values[int(key)]) for axis, values, key in zip(by, labels, keys, strict=True))
            found.append((Series(name, where, float(weight[column])), over[name], column))
    return found


def _carried(snapshot: Snapshot, of: Daily) -> np.ndarray:
    """(cells,) whether the series hold enough of what they are of for a day to tell something."""
    days = trading(snapshot)
    observed = days.open[:, None] if of.exposure is None else days.open[:, None] & (of.exposure >= LEAST_OF_A_DAY)
    filled = ((of.totals != 0) & observed).sum(axis=0) >= LEAST_FILLED * np.maximum(observed.sum(axis=0), 1)
    carried = of.totals.any(axis=0) & (filled | (of.noise.size > 0))
    asked = metric(of.metric)
    if asked.unit is Unit.RATE:
        return carried & (of.totals.sum(axis=0) >= LEAST_FOR_AVERAGES * days.window.days)
    return carried & ((asked.unit is not Unit.COUNT) | (of.totals.sum(axis=0) >= LEAST_ORDERS * days.window.days))
