"""A metric split by several dimensions at once, one row a combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.describe.values import demand, number, pair, relative
from engine.describe.whole import gap
from engine.dimensions import DIMENSIONS, TIME_AXES
from engine.errors import EngineError
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class DrillRow:
    """One combination that occurs.

    Parameters
    ----------
    keys : one value for each of the drill's `by`; days as ISO dates
    labels : the same as a person reads them
    value, comparison, change, share : as in a breakdown
    """

    keys: tuple[str | int, ...]
    labels: tuple[str, ...]
    value: float | None
    comparison: float | None
    change: float | None
    share: float | None


@dataclass(frozen=True)
class Drill:
    """A metric by combinations, largest first; `note` says why no row has a change although one was asked for."""

    by: tuple[str, ...]
    metric: str
    rows: tuple[DrillRow, ...]
    note: str | None = None


@memoised
def drill(snapshot: Snapshot, selection: Selection, by: Sequence[str], metric: str = "revenue") -> Drill:
    """The metric for every combination that occurs in the window or in its comparison.

    A time axis is compared by position: the window's second month with the comparison's second.
    """
    if not by or len(set(by)) < len(by):
        raise EngineError(f"Name each axis to drill by once; known: {', '.join((*DIMENSIONS, *TIME_AXES))}.")
    demand(snapshot, (metric,))
    axes = snapshot.totals(selection, (), by).axes
    values, before = pair(snapshot, selection, (metric,), by)
    now = values[metric]
    was = np.full(now.shape, np.nan) if before is None else _fitted(before[metric], now.shape)
    parts = [name for name in by if name in DIMENSIONS]
    total = np.nansum(now) if all(snapshot.adds_up(metric, name) for name in parts) else None
    why, rows = gap(snapshot, selection), []
    for cell in map(tuple, np.argwhere((np.nan_to_num(now) != 0) | (np.nan_to_num(was) != 0))):
        keys = tuple(_key(axis.labels[i]) for axis, i in zip(axes, cell, strict=True))
        labels = tuple(_label(snapshot, name, key) for name, key in zip(by, keys, strict=True))
        value, comparison = number(now[cell]), number(was[cell])
        change = None if why else relative(value, comparison)
        share = float(value / total) if total and value is not None else None
        rows.append(DrillRow(keys, labels, value, comparison, change, share))
    rows.sort(key=lambda row: (row.value is None, -(row.value or 0), row.keys))
    return Drill(tuple(by), metric, tuple(rows), why and why.note)


def _fitted(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The values in that shape: cut, or filled up with NaN."""
    fitted = np.full(shape, np.nan)
    common = tuple(slice(0, min(a, b)) for a, b in zip(values.shape, shape, strict=True))
    fitted[common] = values[common]
    return fitted


def _label(snapshot: Snapshot, name: str, key: str | int) -> str:
    return snapshot.label(name, key) if name in DIMENSIONS else str(key)


def _key(key) -> str | int:
    if isinstance(key, np.datetime64):
        return str(key.astype("datetime64[D]"))
    return int(key) if isinstance(key, np.integer) else key
