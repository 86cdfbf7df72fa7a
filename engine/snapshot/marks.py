"""Distinct customers and orders where parts overlap: roaring bitmaps of who was seen, by week and value.

A filter on several values of a dimension that varies within customers (or orders) cannot be answered by adding: who
bought in two of the categories would count twice. Here the bitmaps of the values and whole weeks are united, the rows
of the days at both ends are looked at, and dimensions that are the same on all lines of a customer (or order) are
bitmaps of their own to intersect with. Exact, and a few hundred unions for any window.
"""

from __future__ import annotations

from array import array
from itertools import product
from math import prod

import numpy as np
from pyroaring import BitMap

from engine.metrics import Grain, How, Measure
from engine.snapshot.columns import Rows
from engine.snapshot.kept import Kept
from engine.snapshot.population import Population
from engine.snapshot.reduce import Question
from engine.snapshot.scan import add_up, fact_known

DAYS = 7

# Bitmaps of one set: dimensions with more values than this allows are looked up row by row.
MOST_BITMAPS = 20_000
MOST_SETS = 4
MOST_OWNERS = 12

# Cells of an answer worth this way; each is some 0.1 to 1 ms.
MOST_CELLS = 100


class Marks:
    """A shop's bitmaps, made when they are first needed; the sets not asked for longest are forgotten."""

    def __init__(self, rows: Rows, populations: dict) -> None:
        self.rows = rows
        self.weeks = rows.days // DAYS
        self._populations = populations
        self._sets: Kept[list[list[BitMap]]] = Kept(MOST_SETS, lambda made: 1)
        self._owners: Kept[list[BitMap]] = Kept(MOST_OWNERS, lambda made: 1)

    @property
    def nbytes(self) -> int:
        """Memory of all bitmaps."""
        sets = [line for made in self._sets.values() for line in made] + self._owners.values()
        return sum(_nbytes(marks) for line in sets for marks in line)

    def fits(self, question: Question, measure: Measure) -> bool:
        """Whether the question can be answered this way, in reasonable time."""
        if question.bounds is None:
            return False
        by = prod(self.rows.size(name) for name in question.by) * (len(question.bounds) - 1)
        return by <= MOST_CELLS and self.weeks * self._cells(self._varying(question, measure)) <= MOST_BITMAPS

    def total(self, question: Question, measure: Measure) -> np.ndarray:
        """Flat answer in the order of the question's axes."""
        varying = self._varying(question, measure)
        kept = tuple(name for name in question.names if name not in varying)
        total = np.zeros((len(question.bounds) - 1, *(self.rows.size(name) for name in question.names)), np.int64)
        choices = [_choices(question, name, self.rows.size(name)) for name in question.names]
        for picked in product(*choices):
            chosen = dict(zip(question.names, picked, strict=True))
            cells = self._flat(varying, [chosen[name] for name in varying])
            place = tuple(int(chosen[name][0]) for name in question.names)
            owners = [self._owned(measure, name, chosen[name]) for name in kept]
            for bucket, (start, end) in enumerate(zip(question.bounds, question.bounds[1:], strict=False)):
                seen = self._seen(measure, varying, cells, int(start), int(end))
                for owner in owners:
                    seen &= owner
                total[(bucket, *place)] = self._finish(measure, seen)
        return question.shape(total)

    def _varying(self, question: Question, measure: Measure) -> tuple[str, ...]:
        population = self._populations[measure.kinds]
        same = population.constant_in_customer if _of_customers(measure) else population.constant_in_order
        return tuple(name for name in question.names if not same(name))

    def _cells(self, names: tuple[str, ...]) -> int:
        return prod(self.rows.size(name) for name in names)

    def _flat(self, names: tuple[str, ...], codes: list[np.ndarray]) -> np.ndarray:
        cells = np.zeros(1, np.int64)
        for name, found in zip(names, codes, strict=True):
            cells = (cells[:, None] * self.rows.size(name) + found).reshape(-1)
        return cells

    def _seen(self, measure: Measure, names: tuple[str, ...], cells: np.ndarray, start: int, end: int) -> BitMap:
        """Who has a row in one of the cells and in these days."""
        first, last = -(-start // DAYS), min(end // DAYS, self.weeks)
        if first >= last:
            return self._looked_at(measure, names, cells, start, end)
        marks = self._set(measure, names)
        seen = BitMap.union(*(mark for cell in cells for mark in marks[cell][first:last]))
        seen |= self._looked_at(measure, names, cells, start, first * DAYS)
        seen |= self._looked_at(measure, names, cells, last * DAYS, end)
        return seen

    def _looked_at(self, measure: Measure, names: tuple[str, ...], cells: np.ndarray, start: int, end: int) -> BitMap:
        rows = self.rows
        at = slice(int(rows.starts[start]), int(rows.starts[max(start, end)]))
        mask = self._populations[measure.kinds].mask
        keep = np.zeros(self._cells(names), bool)
        keep[cells] = True
        cell = np.zeros(at.stop - at.start, np.int64)
        for name in names:
            cell = cell * rows.size(name) + rows.code(name)[at]
        kept = keep[cell] if mask is None else keep[cell] & mask[at]
        return _bitmap(self._entity(measure)[0][at][kept])

    def _entity(self, measure: Measure) -> tuple[np.ndarray, int]:
        if _of_customers(measure):
            return self.rows.customer, self.rows.customers
        return self.rows.order, self.rows.orders

    def _set(self, measure: Measure, names: tuple[str, ...]) -> list[list[BitMap]]:
        """Bitmaps by cell and whole week."""
        key = (_of_customers(measure), measure.kinds, names)
        return self._sets.get(key, lambda: self._make(measure, names))

    def _make(self, measure: Measure, names: tuple[str, ...]) -> list[list[BitMap]]:
        population = self._populations[measure.kinds]
        entity, count = self._entity(measure)
        entity = population.of(entity)
        cell = np.zeros(len(entity), np.int64)
        for name in names:
            cell = cell * self.rows.size(name) + population.of(self.rows.code(name))
        week = population.of(self.rows.day) // DAYS
        key = ((cell * self.weeks) + week) * count + entity
        key = key[(entity >= 0) & (week < self.weeks)]
        key.sort()
        edges = np.searchsorted(key, np.arange(self._cells(names) * self.weeks + 1) * count)
        marks = [_bitmap(key[low:high] % count) for low, high in zip(edges, edges[1:], strict=False)]
        return [marks[at : at + self.weeks] for at in range(0, len(marks), self.weeks)]

    def _owned(self, measure: Measure, name: str, codes: np.ndarray) -> BitMap:
        """Customers, or orders, that have one of these values."""
        owners = self._owners.get((_of_customers(measure), measure.kinds, name), lambda: self._own(measure, name))
        return BitMap.union(*(owners[code] for code in codes)) if len(codes) else BitMap()

    def _own(self, measure: Measure, name: str) -> list[BitMap]:
        value, known = self._values(measure, name)
        return [_bitmap(np.flatnonzero((value == code) & known)) for code in range(self.rows.size(name))]

    def _values(self, measure: Measure, name: str) -> tuple[np.ndarray, np.ndarray | bool]:
        population: Population = self._populations[measure.kinds]
        if _of_customers(measure):
            return population.customer_values(name), True
        value = np.zeros(self.rows.orders, self.rows.code(name).dtype)
        order = population.of(self.rows.order)
        value[order] = population.of(self.rows.code(name))
        known = np.zeros(self.rows.orders, bool)
        known[order] = True
        return value, known

    def _finish(self, measure: Measure, seen: BitMap) -> int:
        if measure.grain is not Grain.ORDER:
            return len(seen)
        orders = np.asarray(seen.to_array(), dtype=np.int64)
        known = fact_known(self.rows.facts, measure)
        if known is not None:
            orders = orders[known[orders]]
        if measure.how is How.COUNT:
            return len(orders)
        number = self.rows.facts[measure.column]
        return int(add_up(None, number.values[orders], 1, number.sums_in_float)[0])


def _of_customers(measure: Measure) -> bool:
    return measure.column == "customer_id"


def _choices(question: Question, name: str, size: int) -> list[np.ndarray]:
    """The sets of codes that are answered apart: each allowed one of an axis, all allowed ones of a filter."""
    codes = np.flatnonzero(question.allowed[name]) if name in question.allowed else np.arange(size)
    if name in question.by:
        return [codes[at : at + 1] for at in range(len(codes))]
    return [codes] if len(codes) else []


def _bitmap(codes: np.ndarray) -> BitMap:
    codes = codes[codes >= 0] if len(codes) and codes.dtype.kind == "i" and codes.min() < 0 else codes
    values = array("I")
    values.frombytes(codes.astype(np.uint32).tobytes())
    return BitMap(values)


def _nbytes(marks: BitMap) -> int:
    found = marks.get_statistics()
    return found["n_bytes_array_containers"] + found["n_bytes_run_containers"] + found["n_bytes_bitset_containers"]
