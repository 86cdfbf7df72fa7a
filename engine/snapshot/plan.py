"""Choose the cheapest exact way to answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.metrics import Measure
from engine.selection import Selection
from engine.snapshot.axes import Buckets
from engine.snapshot.columns import Rows
from engine.snapshot.scan import Scan


class Planner:
    """Answers for one shop's rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def totals(
        self, selection: Selection, measures: Sequence[Measure], axes: Sequence[str | Buckets]
    ) -> list[np.ndarray]:
        """One flat int64 array of cells a measure, in row-major order of the axes."""
        sizes = [self._size(axis) for axis in axes]
        scan = Scan(self.rows, selection)
        return [self._scanned(scan, measure, axes, sizes) for measure in measures]

    def _scanned(self, scan: Scan, measure: Measure, axes: Sequence[str | Buckets], sizes: Sequence[int]) -> np.ndarray:
        part = scan.part(measure.kinds)
        return part.total(measure, part.cells(axes, sizes), prod(sizes))

    def adds_up(self, measure: Measure, dimension: str) -> bool:
        """Whether the parts of a measure by this dimension always add up to the whole."""
        return measure.is_additive

    def _size(self, axis: str | Buckets) -> int:
        if isinstance(axis, Buckets):
            return len(axis.axis)
        return 24 if axis == "hour" else self.rows.size(axis)
