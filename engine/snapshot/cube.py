"""Sums over days of day x dimension cells: the cost of an answer is set by cells, not by rows.

A cube of a measure holds, for each day, the total of all days before it, by cell. The total of a window is one
subtraction. Measures of orders add up in it too, as long as each order has one day, and each dimension that is
summed over one value an order; a dimension that varies within orders may be in it where it is split or fixed
to one value, because a cell then counts an order once.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.metrics import Grain, How, Measure
from engine.snapshot.columns import Rows
from engine.snapshot.kept import Kept
from engine.snapshot.population import Population
from engine.snapshot.scan import Part, add_up, fact_known

# The dimensions of a page, sorted: one cube of them answers every question of the page.
BASE = ("category", "channel", "region", "segment")

# Cells of one cube, days included: 8 million take 64 MB; and of all cubes together.
LARGEST_CUBE = 8_000_000
ALL_CUBES = 40_000_000

# Rows looked at in one go while building: the temporaries stay below 30 MB.
STRIDE = 1_000_000


class Cubes:
    """A shop's cubes, built when they are first needed and forgotten when there are too many."""

    def __init__(self, rows: Rows, populations: dict) -> None:
        self.rows = rows
        self._populations = populations
        self._kept: Kept[np.ndarray] = Kept(ALL_CUBES, lambda cube: cube.size)

    @property
    def nbytes(self) -> int:
        """Memory of all of them."""
        return sum(cube.nbytes for cube in self._kept.values())

    def fits(self, names: tuple[str, ...]) -> bool:
        """Whether a cube of these dimensions is small enough to be made."""
        return self.rows.affords(self.cells(names) * (self.rows.days + 1), LARGEST_CUBE)

    def cells(self, names: tuple[str, ...]) -> int:
        """Cells a day."""
        return prod(self.rows.size(name) for name in names)

    def get(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        """(days + 1, *sizes) int64: totals of all days before each day, by the dimensions in sorted order."""
        return self._kept.get((measure.name, names), lambda: self._make(measure, names))

    def _make(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        wider = self._wider(measure, names)
        if wider is None:
            return self._build(measure, names)
        cube = self._kept.get((measure.name, wider), lambda: self._build(measure, wider))
        extra = tuple(1 + i for i, name in enumerate(wider) if name not in names)
        return np.ascontiguousarray(cube.sum(axis=extra))

    def _wider(self, measure: Measure, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """The smallest cube that these dimensions can be summed out of: one there is, or the page's own."""
        base = tuple(name for name in BASE if name in self.rows.labels and self._adds_up(measure, name))
        there = [have for what, have in self._kept.keys() if what == measure.name]  # noqa: SIM118
        fitting = [
            have
            for have in (*there, *([base] if self.fits(base) else []))
            if set(names) < set(have) and all(self._adds_up(measure, name) for name in have if name not in names)
        ]
        return min(fitting, key=self.cells, default=None)

    def _adds_up(self, measure: Measure, name: str) -> bool:
        return measure.is_additive or self._populations[measure.kinds].constant_in_order(name)

    def _build(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        rows, population = self.rows, self._populations[measure.kinds]
        counted = _counted(rows, population, measure, names)
        sizes = [rows.size(name) for name in names]
        cells = prod(sizes)
        cube = np.zeros((rows.days + 1, cells), np.int64)
        for first, last in _strides(rows.starts):
            low, high = int(rows.starts[first]), int(rows.starts[last])
            cell = rows.day[low:high].astype(np.int64) - first
            for name, size in zip(names, sizes, strict=True):
                cell = cell * size + rows.code(name)[low:high]
            weight, in_float = _weights(rows, measure, slice(low, high))
            keep = None if counted is None else counted[low:high]
            if weight is None:
                total = np.bincount(cell if keep is None else cell[keep], minlength=(last - first) * cells)
            else:
                weight = weight if keep is None else np.where(keep, weight, 0)
                total = add_up(cell, weight, (last - first) * cells, in_float)
            cube[first + 1 : last + 1] = total.reshape(last - first, cells)
        np.cumsum(cube, axis=0, out=cube)
        return cube.reshape(rows.days + 1, *sizes)


def _strides(starts: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of whole days with about STRIDE rows each."""
    days = len(starts) - 1
    edges = [0]
    while edges[-1] < days:
        beyond = int(np.searchsorted(starts, starts[edges[-1]] + STRIDE, side="right")) - 1
        edges.append(min(max(beyond, edges[-1] + 1), days))
    return list(zip(edges, edges[1:], strict=False))


def _counted(rows: Rows, population: Population, measure: Measure, names: tuple[str, ...]) -> np.ndarray | None:
    """(n,) which rows count; None where all do."""
    if measure.is_additive:
        return population.mask
    heads = population.heads_by(names)
    if measure.how is How.FIRST:
        first = np.zeros(rows.orders, bool)
        first[rows.first_orders[rows.first_orders >= 0]] = True
        return heads & first[rows.order]
    if measure.grain is Grain.ORDER:
        known = fact_known(rows.facts, measure)
        return heads if known is None else heads & known[rows.order]
    known = None if measure.also is None else Part(rows, slice(0, len(rows)), 0).known(measure)
    return heads if known is None else heads & known


def _weights(rows: Rows, measure: Measure, at: slice) -> tuple[np.ndarray | None, bool]:
    """What each row adds, None for one each; and whether sums of it stay exact in floating point."""
    if measure.how is not How.SUM:
        known = None if not measure.is_additive else Part(rows, at, 0).known(measure)
        return (None, True) if known is None else (known.astype(np.int64), True)
    if measure.grain is Grain.ORDER:
        number = rows.facts[measure.column]
        return number.values[rows.order[at]], number.sums_in_float
    number = rows.numbers[measure.column]
    known = Part(rows, at, 0).known(measure)
    values = number.values[at]
    return values if known is None else np.where(known, values, 0), number.sums_in_float
