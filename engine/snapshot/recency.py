"""Distinct customers of any window in one look-up.

A customer is counted once in a window by the first of its days there: the day whose previous day of the same
customer lies before the window. So it is enough to know, for each pair of days, how many customer-days before the
one have their previous day before the other: `seen[end, start] - seen[start, start]` customers bought in a window.
Customers with two or more orders are those whose second order of the window has an earlier one in it, and none
before that: the same with the order before the previous one.

It holds for each value of a dimension that is split or fixed to one value, and adds up over dimensions that are
the same on all lines of a customer.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.metrics import How, Measure
from engine.snapshot.columns import Rows
from engine.snapshot.kept import Kept
from engine.snapshot.population import Population

# The dimensions a page is filtered by, sorted: one table of them answers all of its filters.
BASE = ("region", "segment")

# Cells of one table (days x days x cells): 16 million take 64 MB; and of all tables together.
LARGEST_TABLE = 16_000_000
ALL_TABLES = 40_000_000


class Recency:
    """A shop's tables of customer-days, built when they are first needed and forgotten when there are too many."""

    def __init__(self, rows: Rows, populations: dict) -> None:
        self.rows = rows
        self._populations = populations
        self._kept: Kept[np.ndarray] = Kept(ALL_TABLES, lambda table: table.size)

    @property
    def nbytes(self) -> int:
        """Memory of all of them."""
        return sum(table.nbytes for table in self._kept.values())

    def fits(self, names: tuple[str, ...]) -> bool:
        """Whether the table of these dimensions is small enough to be made."""
        return self.rows.affords((self.rows.days + 1) ** 2 * self._cells_of(names), LARGEST_TABLE)

    def get(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        """(days + 1, days + 1, *sizes) int32: seen[end, start], by the dimensions in sorted order."""
        return self._kept.get(_key(measure, names), lambda: self._make(measure, names))

    def _make(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        wider = self._wider(measure, names)
        if wider is None:
            return self._build(measure, names)
        table = self._kept.get(_key(measure, wider), lambda: self._build(measure, wider))
        extra = tuple(2 + i for i, name in enumerate(wider) if name not in names)
        return table.sum(axis=extra, dtype=np.int32)

    def _wider(self, measure: Measure, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """The smallest table that these dimensions can be summed out of: one there is, or the page's own."""
        same = self._populations[measure.kinds].constant_in_customer
        base = tuple(name for name in BASE if name in self.rows.labels and same(name))
        there = [key[-1] for key in self._kept.keys() if key == _key(measure, key[-1])]  # noqa: SIM118
        fitting = [
            have
            for have in (*there, *([base] if self.fits(base) else []))
            if set(names) < set(have) and all(same(name) for name in have if name not in names)
        ]
        return min(fitting, key=self._cells_of, default=None)

    def _cells_of(self, names: tuple[str, ...]) -> int:
        return prod(self.rows.size(name) for name in names)

    def _build(self, measure: Measure, names: tuple[str, ...]) -> np.ndarray:
        population = self._populations[measure.kinds]
        fixed = tuple(name for name in names if population.constant_in_customer(name))
        split = tuple(name for name in names if name not in fixed)
        group, day = self._events(population, split, by_order=measure.how is How.REPEATED)
        cell = self._cells(population, group, split, fixed, names)
        if measure.how is How.DISTINCT:
            return self._table(cell, day, _before(group, day, 1), names)
        second = self._table(cell, day, _before(group, day, 2), names)
        second -= self._table(cell, day, _before(group, day, 1), names)
        return second

    def _events(
        self, population: Population, split: tuple[str, ...], *, by_order: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Group (customer within split cell) and day of each distinct customer-day or customer-order, sorted."""
        rows = self.rows
        key = population.of(rows.customer).astype(np.int64)
        known = key >= 0
        for name in split:
            key = key * rows.size(name) + population.of(rows.code(name))
        unit, count = (rows.order, max(rows.orders, 1)) if by_order else (rows.day, max(rows.days, 1))
        key = key * count + population.of(unit)
        if not known.all():
            key = key[known]
        key.sort()
        key = key[np.r_[True, key[1:] != key[:-1]]] if len(key) else key
        group, unit = key // count, key % count
        if not by_order:
            return group, unit
        day_of = np.zeros(rows.orders, np.int32)
        day_of[population.of(rows.order)] = population.of(rows.day)
        return group, day_of[unit]

    def _cells(self, population: Population, group: np.ndarray, split: tuple, fixed: tuple, names: tuple) -> np.ndarray:
        codes, rest = {}, group
        for name in reversed(split):
            codes[name], rest = rest % self.rows.size(name), rest // self.rows.size(name)
        for name in fixed:
            codes[name] = population.customer_values(name)[rest]
        cell = np.zeros(len(group), np.int64)
        for name in names:
            cell = cell * self.rows.size(name) + codes[name]
        return cell

    def _table(self, cell: np.ndarray, day: np.ndarray, before: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
        days = self.rows.days
        sizes = [self.rows.size(name) for name in names]
        cells = prod(sizes)
        seen = np.zeros((days + 1, days + 1, cells), np.int32)
        key = (day * np.int64(days + 1) + before) * cells + cell
        seen[1:] = np.bincount(key, minlength=days * (days + 1) * cells).reshape(days, days + 1, cells)
        np.cumsum(seen, axis=0, out=seen)
        np.cumsum(seen, axis=1, out=seen)
        return seen.reshape(days + 1, days + 1, *sizes)


def _key(measure: Measure, names: tuple[str, ...]) -> tuple:
    return measure.how, measure.kinds, names


def _before(group: np.ndarray, day: np.ndarray, steps: int) -> np.ndarray:
    """One more than the day of the event so many steps before in the same group; 0 where there is none."""
    before = np.zeros(len(day), np.int64)
    same = group[steps:] == group[:-steps]
    before[steps:][same] = day[:-steps][same] + 1
    return before
