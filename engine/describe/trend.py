"""A metric over time, beside its comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.describe.grains import as_dates, bucket_ends, check_grain, default_grain
from engine.describe.values import compared, demand
from engine.describe.whole import gap
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Trend:
    """A metric by bucket of days, in its own unit.

    Parameters
    ----------
    metric, grain : names
    starts : first day of each bucket; the first may lie before the window
    values : NaN where undefined, and outside the shop's days
    comparison : the comparison window's buckets by position, NaN where there is none
    comparison_starts : their first days; shorter than `starts` where the comparison has fewer
    partial : whether the window or the shop's last day cuts the bucket
    note : why the two are not periods to be compared as a whole, although a comparison was asked for
    """

    metric: str
    grain: str
    starts: tuple[date, ...]
    values: np.ndarray
    comparison: np.ndarray
    comparison_starts: tuple[date, ...]
    partial: tuple[bool, ...]
    note: str | None = None


@memoised
def trend(snapshot: Snapshot, selection: Selection, metric: str, grain: str | None = None) -> Trend:
    """The metric by day, week, month, quarter or year; without a grain, the one the window is read best in."""
    demand(snapshot, (metric,))
    grain = check_grain(grain) if grain else default_grain(selection.window)
    starts, values = _series(snapshot, selection, metric, grain)
    other = compared(snapshot, selection)
    comparison, before = np.full(len(values), np.nan), ()
    if other is not None:
        before_starts, found = _series(snapshot, other, metric, grain)
        shared = min(len(found), len(values))
        comparison[:shared] = found[:shared]
        before = as_dates(before_starts[:shared])
    partial = _partial(snapshot, selection, starts, bucket_ends(grain, starts))
    why = gap(snapshot, selection)
    return Trend(metric, grain, as_dates(starts), values, comparison, before, partial, why and why.note)


def _series(snapshot: Snapshot, selection: Selection, metric: str, grain: str) -> tuple[np.ndarray, np.ndarray]:
    asked = selection.window
    starts = snapshot.totals(selection, (), (grain,)).axes[0].labels
    values = snapshot.metrics(selection, (metric,), (grain,))[metric].copy()
    ends = bucket_ends(grain, starts)
    first = max(np.datetime64(asked.start), _day(snapshot.first_day, asked.end))
    last = min(np.datetime64(asked.last), _day(snapshot.last_day, asked.start))
    values[(ends <= first) | (starts > last)] = np.nan
    return starts, values


def _partial(snapshot: Snapshot, selection: Selection, starts: np.ndarray, ends: np.ndarray) -> tuple[bool, ...]:
    window = selection.window
    cut = (starts < np.datetime64(window.start)) | (ends > np.datetime64(window.end))
    if snapshot.rows:
        last = np.datetime64(snapshot.last_day)
        cut |= (starts <= last) & (last + 1 < ends)
    return tuple(cut.tolist())


def _day(day: date | None, otherwise: date) -> np.datetime64:
    return np.datetime64(otherwise if day is None else day)
