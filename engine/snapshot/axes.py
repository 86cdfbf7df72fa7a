"""Axes of an answer: a dimension's values, or buckets of the window's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from engine.selection import Window

DAY = np.timedelta64(1, "D")
# 1970-01-01 was a Thursday; counted from Monday as 0.
_WEEKDAY_OF_ZERO = 3


@dataclass(frozen=True, eq=False)
class Axis:
    """A named axis and its labels: texts of a dimension, first days of buckets, or whole numbers."""

    name: str
    labels: tuple[str, ...] | np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Blocks:
    """An axis of consecutive stretches of days: from each bound up to, and without, the next."""

    bounds: tuple[date, ...]
    name: str = "block"


@dataclass(frozen=True, eq=False)
class Buckets:
    """How the days of a window fall into the buckets of a time axis.

    Parameters
    ----------
    axis : name and labels
    code : (days,) bucket of each day of the window
    bounds : (buckets + 1,) day of the window at which each bucket begins, and the last ends; None where a bucket's
        days are not neighbours (weekdays)
    """

    axis: Axis
    code: np.ndarray
    bounds: np.ndarray | None


@lru_cache(512)
def buckets(name: str | Blocks, window: Window) -> Buckets:
    """The buckets of a window; the first and the last may reach beyond it."""
    days = np.arange(np.datetime64(window.start, "D"), np.datetime64(window.end, "D"))
    if isinstance(name, Blocks):
        return _blocks(name, days)
    if name == "weekday":
        code = (days.astype(np.int64) + _WEEKDAY_OF_ZERO) % 7
        return Buckets(Axis(name, np.arange(7)), code, None)
    start = first_days(name, days)
    bounds = np.concatenate([[0], np.flatnonzero(start[1:] != start[:-1]) + 1, [len(days)]])
    code = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    return Buckets(Axis(name, start[bounds[:-1]]), code, bounds)


def first_days(grain: str, days: np.ndarray) -> np.ndarray:
    """First day of the day, week, month, quarter or year that each day is in; weeks begin on Monday."""
    if grain == "day":
        return days
    if grain == "week":
        return days - (days.astype(np.int64) + _WEEKDAY_OF_ZERO) % 7
    months = days.astype("datetime64[M]")
    if grain == "quarter":
        months = months - months.astype(np.int64) % 3
    if grain == "year":
        months = months.astype("datetime64[Y]")
    return months.astype("datetime64[D]")


def _blocks(blocks: Blocks, days: np.ndarray) -> Buckets:
    bounds = np.array(blocks.bounds, dtype="datetime64[D]")
    if len(days) != (bounds[-1] - bounds[0]) // DAY or days[0] != bounds[0]:
        raise ValueError("blocks must cover the window exactly")
    inner = ((bounds - bounds[0]) // DAY).astype(np.int64)
    code = np.repeat(np.arange(len(inner) - 1), np.diff(inner))
    return Buckets(Axis(blocks.name, bounds[:-1]), code, inner)
