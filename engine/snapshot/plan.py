"""Choose the cheapest exact way to answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import prod

import numpy as np

from data.schema import LineKind
from engine.metrics import How, Measure
from engine.selection import Selection
from engine.snapshot.axes import Buckets
from engine.snapshot.columns import Rows
from engine.snapshot.cube import Cubes
from engine.snapshot.population import Population
from engine.snapshot.recency import Recency
from engine.snapshot.reduce import Question
from engine.snapshot.scan import Scan


class Planner:
    """Answers for one shop's rows.

    Parameters
    ----------
    rows : the shop
    scan_up_to : rows in a window up to which looking at them is cheaper than making a cube for it
    """

    def __init__(self, rows: Rows, *, scan_up_to: int = 0) -> None:
        self.rows = rows
        self.scan_up_to = scan_up_to
        self._populations = Populations(rows)
        self._cubes = Cubes(rows, self._populations)
        self._recency = Recency(rows, self._populations)

    @property
    def nbytes(self) -> int:
        """Memory of what was made to answer faster."""
        return self._cubes.nbytes + self._recency.nbytes

    def totals(
        self, selection: Selection, measures: Sequence[Measure], axes: Sequence[str | Buckets]
    ) -> list[np.ndarray]:
        """One flat int64 array of cells a measure, in row-major order of the axes."""
        question = Question(self.rows, selection, axes)
        ways = [self.way(question, measure) for measure in measures]
        scan = Scan(self.rows, selection) if any(way is None for way in ways) else None
        return [
            self._scanned(scan, question, measure) if way is None else way(question, measure)
            for way, measure in zip(ways, measures, strict=True)
        ]

    def warm(self, measures: Sequence[Measure], filters: Sequence[str], splits: Sequence[str]) -> None:
        """Make what answers these measures for any filters, and the first of them by each split.

        So that the first visitor does not wait for it.
        """
        filtered = [tuple(sorted(some)) for n in range(len(filters), -1, -1) for some in combinations(filters, n)]
        for measure in measures:
            look_up = measure.column == "customer_id" and measure.how in (How.DISTINCT, How.REPEATED)
            way = self._recency if look_up else self._cubes
            split = splits if measure is measures[0] else ()
            wanted = {tuple(sorted({*names, *by})): None for names in filtered for by in ((), *((s,) for s in split))}
            for names in wanted:
                if way.fits(names) and (
                    look_up or measure.is_additive or self._populations[measure.kinds].one_day_orders
                ):
                    way.get(measure, names)

    def adds_up(self, measure: Measure, name: str) -> bool:
        """Whether the parts of a measure by this dimension always add up to the whole."""
        if measure.is_additive or not len(self.rows):
            return True
        population = self._populations[measure.kinds]
        if measure.column == "customer_id" and measure.how is not How.FIRST:
            return population.constant_in_customer(name)
        return population.constant_in_order(name)

    def way(self, question: Question, measure: Measure):
        low, high = question.days
        if self.rows.starts[high] - self.rows.starts[low] <= self.scan_up_to:
            return None
        if measure.how is How.REPEATED or (measure.how is How.DISTINCT and measure.column == "customer_id"):
            return self.looked_up if self._can_look_up(question, measure) else None
        if measure.how is How.DISTINCT and measure.column != "order_id":
            return None
        return self.summed if self._can_sum(question, measure) else None

    def _can_sum(self, question: Question, measure: Measure) -> bool:
        if not self._cubes.fits(question.names):
            return False
        if measure.is_additive:
            return True
        population = self._populations[measure.kinds]
        if measure.how is How.FIRST and not population.one_customer_orders:
            return False
        return population.one_day_orders and all(population.constant_in_order(name) for name in question.open)

    def _can_look_up(self, question: Question, measure: Measure) -> bool:
        if question.bounds is None or not self._recency.fits(question.names):
            return False
        population = self._populations[measure.kinds]
        if measure.how is How.REPEATED and not population.one_day_orders:
            return False
        return all(population.constant_in_customer(name) for name in question.open)

    def summed(self, question: Question, measure: Measure) -> np.ndarray:
        cube = self._cubes.get(measure, question.names)
        if question.bounds is None:
            low, high = question.days
            total = question.gather(np.diff(cube[low : high + 1], axis=0))
        else:
            total = np.diff(cube[question.bounds], axis=0)
        return question.reduce(total)

    def looked_up(self, question: Question, measure: Measure) -> np.ndarray:
        seen = self._recency.get(measure, question.names)
        start, end = question.bounds[:-1], question.bounds[1:]
        return question.reduce((seen[end, start] - seen[start, start]).astype(np.int64))

    def _scanned(self, scan: Scan, question: Question, measure: Measure) -> np.ndarray:
        part = scan.part(measure.kinds)
        return part.total(measure, part.cells(question.axes, question.sizes), prod(question.sizes))


class Populations(dict):
    """Lines by kinds, each looked at once."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, kinds: tuple[LineKind, ...]) -> Population:
        found = self[kinds] = Population(self._rows, kinds)
        return found
