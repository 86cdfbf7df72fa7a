"""Choose the cheapest exact way to answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod

import numpy as np

from data.schema import LineKind
from engine.metrics import How, Measure
from engine.selection import Selection
from engine.snapshot.axes import Buckets
from engine.snapshot.columns import Rows
from engine.snapshot.cube import Cubes
from engine.snapshot.marks import Marks
from engine.snapshot.population import Population
from engine.snapshot.recency import Recency
from engine.snapshot.reduce import Question
from engine.snapshot.scan import Scan

# Rows in a window up to which looking at them costs less than the cubes' memory is worth.
SCAN_UP_TO = 5_000
# Looking at 200 thousand rows takes about 4 ms; the bitmaps of a window about as long, after they are made.
UNITE_FROM = 200_000

# Selected rows that are kept for the next question: 8 bytes each, and a page has two windows and its sparks.
KEPT_ROWS = 100_000
KEPT_SCANS = 8

ENTITIES = ("order_id", "customer_id")

Way = Callable[[Question, Measure], np.ndarray]


class Planner:
    """Answers for one shop's rows.

    Parameters
    ----------
    rows : the shop
    scan_up_to : rows in a window up to which they are looked at
    unite_from : rows in a window from which bitmaps are worth making
    """

    def __init__(self, rows: Rows, *, scan_up_to: int = SCAN_UP_TO, unite_from: int = UNITE_FROM) -> None:
        self.rows = rows
        self.unite_from = unite_from
        self.scan_up_to = scan_up_to
        self._populations = Populations(rows)
        self._cubes = Cubes(rows, self._populations)
        self._recency = Recency(rows, self._populations)
        self._marks = Marks(rows, self._populations)
        self._lock = threading.Lock()
        self._scans: OrderedDict[tuple, Scan] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """Memory of what was made to answer faster."""
        return self._cubes.nbytes + self._recency.nbytes + self._marks.nbytes

    def totals(
        self, selection: Selection, measures: Sequence[Measure], axes: Sequence[str | Buckets]
    ) -> list[np.ndarray]:
        """One flat int64 array of cells a measure, in row-major order of the axes."""
        question = Question(self.rows, selection, axes)
        ways = [self.way(question, measure) for measure in measures]
        scan = self._scan(selection) if any(way is None for way in ways) else None
        return [
            self._scanned(scan, question, measure) if way is None else way(question, measure)
            for way, measure in zip(ways, measures, strict=True)
        ]

    def warm(self, measures: Sequence[Measure], filters: Sequence[str], splits: Sequence[str]) -> None:
        """Make what answers these measures for any filters, and the first of them by each split.

        So that the first visitor does not wait for it.
        """
        filtered = [some for n in range(len(filters), -1, -1) for some in combinations(filters, n)]
        for measure in measures:
            look_up = _counts_customers(measure)
            if not (look_up or measure.is_additive or self._populations[measure.kinds].one_day_orders):
                continue
            way = self._recency if look_up else self._cubes
            by = ((), *((name,) for name in splits)) if measure is measures[0] else ((),)
            for names in dict.fromkeys(tuple(sorted({*some, *split})) for some in filtered for split in by):
                if way.fits(names):
                    way.get(measure, names)

    def adds_up(self, measure: Measure, name: str) -> bool:
        """Whether the parts of a measure by this dimension always add up to the whole."""
        if measure.is_additive or not len(self.rows):
            return True
        population = self._populations[measure.kinds]
        if measure.column == "customer_id" and measure.how is not How.FIRST:
            return population.constant_in_customer(name)
        return population.constant_in_order(name)

    def way(self, question: Question, measure: Measure) -> Way | None:
        """How a measure is answered fastest; None where the rows have to be looked at."""
        low, high = question.days
        size = self.rows.starts[high] - self.rows.starts[low]
        if size <= self.scan_up_to or (measure.how is How.DISTINCT and measure.column not in ENTITIES):
            return None
        if _counts_customers(measure):
            if self._can_look_up(question, measure):
                return self.looked_up
        elif self._can_sum(question, measure):
            return self.summed
        return self.united if size > self.unite_from and self._can_unite(question, measure) else None

    def _can_unite(self, question: Question, measure: Measure) -> bool:
        if measure.how in (How.REPEATED, How.FIRST) or measure.is_additive or _counts_some_orders(measure):
            return False
        return self._marks.fits(question, measure)

    def _can_sum(self, question: Question, measure: Measure) -> bool:
        if not self._cubes.fits(question.names):
            return False
        if measure.is_additive:
            return True
        population = self._populations[measure.kinds]
        of_one = measure.how is How.FIRST or _counts_some_orders(measure)
        if of_one and not population.one_customer_orders:
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
        """By sums over days."""
        cube = self._cubes.get(measure, question.names)
        if question.bounds is None:
            low, high = question.days
            total = question.gather(np.diff(cube[low : high + 1], axis=0))
        else:
            total = np.diff(cube[question.bounds], axis=0)
        return question.reduce(total)

    def looked_up(self, question: Question, measure: Measure) -> np.ndarray:
        """By customers' previous days."""
        seen = self._recency.get(measure, question.names)
        start, end = question.bounds[:-1], question.bounds[1:]
        return question.reduce((seen[end, start] - seen[start, start]).astype(np.int64))

    def united(self, question: Question, measure: Measure) -> np.ndarray:
        """By uniting bitmaps."""
        return self._marks.total(question, measure)

    def _scan(self, selection: Selection) -> Scan:
        """The selected rows; a page asks about the same ones several times in a row."""
        key = (selection.window, selection.filters)
        found = self._scans.get(key)
        if found is None:
            found = Scan(self.rows, selection)
            if len(found) <= KEPT_ROWS:
                with self._lock:
                    self._scans[key] = found
                    while len(self._scans) > KEPT_SCANS:
                        self._scans.popitem(last=False)
        return found

    def _scanned(self, scan: Scan, question: Question, measure: Measure) -> np.ndarray:
        part = scan.part(measure.kinds)
        return part.total(measure, part.cells(question.axes, question.sizes), prod(question.sizes))


def _counts_customers(measure: Measure) -> bool:
    return measure.how is How.REPEATED or (measure.how is How.DISTINCT and measure.column == "customer_id")


def _counts_some_orders(measure: Measure) -> bool:
    """Whether only the orders of known customers count: the first line tells of an order that has one customer."""
    return measure.how is How.DISTINCT and measure.also == "customer_id"


class Populations(dict):
    """Lines by kinds, each looked at once."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, kinds: tuple[LineKind, ...]) -> Population:
        found = self[kinds] = Population(self._rows, kinds)
        return found
