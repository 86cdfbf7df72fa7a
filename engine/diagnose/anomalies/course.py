"""One watched series as a chart draws it: what it was, what was expected, and where it lies when nothing happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.describe.values import demand
from engine.diagnose.anomalies.watch import Series, Where, fit_all
from engine.diagnose.season.daily import daily, tells_by_day
from engine.diagnose.season.trading import trading
from engine.errors import EngineError
from engine.memo import memoised
from engine.selection import Selection, Window
from engine.snapshot import Snapshot
from engine.snapshot.axes import first_days

_Z = 1.959964
# Expected orders a day below which single days are mostly noise to the eye, and weeks are drawn.
FEWEST_A_DAY = 3.0


@dataclass(frozen=True, eq=False)
class Course:
    """A series by day, or by week where its days hold too few orders to be read.

    Parameters
    ----------
    metric, where : what it is; `where` is empty for the whole selection
    grain : "day" or "week"
    starts : (n,) datetime64[D] first day of each bucket
    actual, expected : (n,) in the metric's own unit; NaN where the shop was closed or has no data
    low, high : (n,) where the actual value lies in 95 of 100 buckets as long as nothing happens
    """

    metric: str
    where: Where
    grain: str
    starts: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray


@memoised
def course(snapshot: Snapshot, selection: Selection, metric: str, where: Where = ()) -> Course:
    """A metric's course over the selection's window, inside of what the season leaves to chance.

    Parameters
    ----------
    where : (dimension, value) pairs, in addition to the selection's filters

    Raises
    ------
    EngineError
        where there are too few days to know what is usual, or the metric says nothing by day
    MissingColumn
        where the shop lacks the metric's columns
    """
    demand(snapshot, (metric,))
    if why := tells_by_day(metric):
        raise EngineError(why)
    for name, value in where:
        selection = selection.where(name, (value,))
    days = trading(snapshot)
    found = daily(snapshot, selection, (metric,))[metric]
    (batch,) = fit_all([(Series(metric, where, 0.0), found, 0)], days)
    seen, fit = batch.seen, batch.seen.expected.fit
    inside = days.inside(selection.window)
    judged = seen.judged[inside, 0]
    under = np.ones(len(judged)) if seen.exposure is None else seen.exposure[inside, 0]
    sums = [of[inside, 0] * judged for of in (seen.totals, fit.expected, fit.variance)]
    orders = snapshot.totals(selection.over(_within(selection.window, days.window)), ("orders",)).own("orders")
    grain = "day" if orders >= FEWEST_A_DAY * max(judged.sum(), 1) else "week"
    starts, place = np.unique(first_days(grain, days.days[inside]), return_inverse=True)
    actual, expected, variance, weight = (
        np.bincount(place, np.nan_to_num(of), len(starts)) for of in (*sums, under * judged)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.bincount(place, judged, len(starts)) > 0
        weight = np.where(told & (weight > 0), weight if seen.exposure is not None else 1.0, np.nan)
        reach = _Z * np.sqrt(variance)
        low = np.maximum(expected - reach, 0.0) if fit.is_log else expected - reach
        return Course(
            metric, where, grain, starts, actual / weight, expected / weight, low / weight, (expected + reach) / weight
        )


def _within(window: Window, whole: Window) -> Window:
    """The part of a window that the shop has days of; the whole where it has none."""
    start, end = max(window.start, whole.start), min(window.end, whole.end)
    return Window(start, end) if start < end else whole
