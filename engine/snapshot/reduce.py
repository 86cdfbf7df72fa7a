"""From totals by bucket and dimension cells to the axes that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.selection import Selection
from engine.snapshot.axes import Buckets
from engine.snapshot.columns import Rows
from engine.snapshot.scan import allowed, days_since_first


@dataclass(frozen=True, eq=False)
class Question:
    """A selection and axes, with what all ways of answering need to know of them.

    Parameters
    ----------
    rows : the shop
    selection : window and filters
    axes : names of dimensions, `hour`, and buckets of days
    """

    rows: Rows
    selection: Selection
    axes: Sequence[str | Buckets]

    @cached_property
    def by(self) -> tuple[str, ...]:
        """The axes that are no buckets of days."""
        return tuple(axis for axis in self.axes if isinstance(axis, str))

    @cached_property
    def time(self) -> tuple[Buckets, ...]:
        """The axes that are."""
        return tuple(axis for axis in self.axes if not isinstance(axis, str))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(self.rows.size(a) if isinstance(a, str) else len(a.axis) for a in self.axes)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Dimensions that are filtered or split by, sorted."""
        return tuple(sorted({*self.by, *(name for name, _ in self.selection.filters)}))

    @cached_property
    def open(self) -> tuple[str, ...]:
        """Dimensions whose filter lets several values through that are not told apart by an axis."""
        return tuple(name for name, values in self.selection.filters if len(values) > 1 and name not in self.by)

    @cached_property
    def allowed(self) -> dict[str, np.ndarray]:
        """By filtered dimension: which codes pass."""
        return {name: allowed(self.rows.labels[name], values) for name, values in self.selection.filters}

    @cached_property
    def bounds(self) -> np.ndarray | None:
        """(buckets + 1,) days of the shop at which buckets begin and end; None where they are no stretches."""
        if len(self.time) > 1 or (self.time and self.time[0].bounds is None):
            return None
        inner = self.time[0].bounds if self.time else np.array([0, self.selection.window.days])
        return np.clip(inner + days_since_first(self.rows, self.selection), 0, self.rows.days)

    @cached_property
    def days(self) -> tuple[int, int]:
        """The shop's days in the window, from and up to."""
        first = days_since_first(self.rows, self.selection)
        low = min(max(first, 0), self.rows.days)
        return low, min(max(first + self.selection.window.days, low), self.rows.days)

    def gather(self, daily: np.ndarray) -> np.ndarray:
        """(buckets, *cells) sums of the (days, *cells) of `days`, over any time axes."""
        low, high = self.days
        at = np.arange(low, high) - days_since_first(self.rows, self.selection)
        code, count = np.zeros(high - low, np.int64), 1
        for found in self.time:
            code, count = code * len(found.axis) + found.code[at], count * len(found.axis)
        total = np.zeros((count, *daily.shape[1:]), daily.dtype)
        np.add.at(total, code, daily)
        return total

    def reduce(self, total: np.ndarray) -> np.ndarray:
        """Flat answer in the order of the axes, of (buckets, *cells by `names`)."""
        for place, name in enumerate(self.names, start=1):
            if name in self.allowed:
                keep = self.allowed[name]
                if name in self.by:
                    total = total * keep.reshape((-1,) + (1,) * (total.ndim - 1 - place))
                else:
                    total = total[(slice(None),) * place + (np.flatnonzero(keep),)].sum(axis=place, keepdims=True)
        return self.shape(total)

    def shape(self, total: np.ndarray) -> np.ndarray:
        """Flat answer of (buckets, *cells by `names`) in which what is no axis has been put into one cell each."""
        gone = tuple(place for place, name in enumerate(self.names, start=1) if name not in self.by)
        total = total.sum(axis=gone) if gone else total
        here = [*self.time, *(name for name in self.names if name in self.by)]
        total = total.reshape((*(len(t.axis) for t in self.time), *total.shape[1:]))
        order = [next(i for i, h in enumerate(here) if h is axis or h == axis) for axis in self.axes]
        return total.transpose(order).reshape(-1)
