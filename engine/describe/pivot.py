"""A metric on two axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.describe.grains import GRAINS, as_dates, bucket_ends
from engine.describe.values import demand
from engine.dimensions import DIMENSIONS
from engine.memo import memoised
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Axis, Snapshot


@dataclass(frozen=True, eq=False)
class Pivot:
    """A metric by rows and columns, in its own unit.

    Parameters
    ----------
    metric, rows, columns : names of the metric and of the axes
    row_keys, column_keys : values of a dimension, first days of buckets, or whole numbers (weekday 0 is Monday)
    row_labels, column_labels : the same as a person reads them; dates stay dates
    values : (rows, columns), NaN where undefined, and in buckets outside of the shop's days
    """

    metric: str
    rows: str
    columns: str
    row_keys: tuple
    column_keys: tuple
    row_labels: tuple
    column_labels: tuple
    values: np.ndarray


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@memoised
def pivot(snapshot: Snapshot, selection: Selection, metric: str, rows: str, columns: str) -> Pivot:
    """The metric by two dimensions or time axes, such as month by segment or weekday by hour.

    Values of a dimension that do not occur in the selection are left out; buckets of time never are.
    """
    demand(snapshot, (metric,))
    grid = snapshot.totals(selection, metric_named(metric).measures, (rows, columns))
    values = grid.metric(metric_named(metric))
    seen = np.zeros(grid.shape, bool)
    for total in grid.values.values():
        seen |= total != 0
    outside = [_outside(snapshot, axis) for axis in grid.axes]
    values = np.where(outside[0][:, None] | outside[1], np.nan, values)
    keep_rows, keep_columns = _kept(grid.axes[0], seen.any(axis=1)), _kept(grid.axes[1], seen.any(axis=0))
    keys = _keys(grid.axes[0], keep_rows), _keys(grid.axes[1], keep_columns)
    labels = (_labels(snapshot, axis.name, found) for axis, found in zip(grid.axes, keys, strict=True))
    return Pivot(metric, rows, columns, *keys, *labels, values[np.ix_(keep_rows, keep_columns)])


def _kept(axis: Axis, seen: np.ndarray) -> np.ndarray:
    return np.flatnonzero(seen) if axis.name in DIMENSIONS else np.arange(len(axis))


def _outside(snapshot: Snapshot, axis: Axis) -> np.ndarray:
    """(n,) whether a bucket of time has no day of the shop's in it."""
    if not snapshot.rows or axis.name not in GRAINS:
        return np.zeros(len(axis), bool)
    ends = bucket_ends(axis.name, axis.labels)
    return (ends <= np.datetime64(snapshot.first_day)) | (axis.labels > np.datetime64(snapshot.last_day))


def _keys(axis: Axis, kept: np.ndarray) -> tuple:
    if isinstance(axis.labels, tuple):
        return tuple(axis.labels[i] for i in kept)
    return as_dates(axis.labels) if axis.labels.dtype.kind == "M" else tuple(axis.labels.tolist())


def _labels(snapshot: Snapshot, name: str, keys: tuple) -> tuple:
    if name == "weekday":
        return tuple(WEEKDAYS[key] for key in keys)
    if name == "hour":
        return tuple(f"{key:02d}" for key in keys)
    return tuple(snapshot.label(name, key) for key in keys) if name in DIMENSIONS else keys
