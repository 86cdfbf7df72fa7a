"""Totals over the combinations of values that occur: six dimensions never make a dense grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.schema import MONEY_SCALE, LineKind
from engine.metrics import Measure, Metric
from engine.selection import Selection
from engine.snapshot.axes import Axis
from engine.snapshot.columns import Rows
from engine.snapshot.grid import is_money
from engine.snapshot.scan import Part, Scan


@dataclass(frozen=True, eq=False)
class Cells:
    """Totals of measures over combinations of values.

    Parameters
    ----------
    axes : dimensions and their values, in the order asked for
    codes : (n, dimensions) position of each cell's value on each axis, in ascending order
    values : by measure: (n,) whole units, floats where a fact has decimals; 0 where the measure has no row there
    """

    axes: tuple[Axis, ...]
    codes: np.ndarray
    values: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        self.codes.setflags(write=False)
        for array in self.values.values():
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.codes)

    def own(self, name: str) -> np.ndarray:
        """A measure in its own unit: money in currency units."""
        return self.values[name] / MONEY_SCALE if is_money(name) else self.values[name].astype(float)

    def metric(self, metric: Metric) -> np.ndarray:
        """A metric in its own unit, NaN where it divides by nothing."""
        return metric.value({name: self.own(name) for name in metric.measures})


def occurring(
    rows: Rows, selection: Selection, measures: Sequence[Measure], by: Sequence[str]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Codes of the combinations that lines of the measures' kinds have, and an int64 total of each measure by them."""
    scan = Scan(rows, selection)
    wanted = list(dict.fromkeys(measure.kinds for measure in measures))
    keys = {kinds: _keys(rows, scan.part(kinds), by) for kinds in wanted}
    distinct, places = _shared(keys, _reach(rows, by))
    codes = np.empty((len(distinct), len(by)), np.int64)
    rest = distinct
    for place in range(len(by) - 1, -1, -1):
        rest, codes[:, place] = np.divmod(rest, rows.size(by[place]))
    totals = [scan.part(m.kinds).total(m, places[m.kinds], len(distinct)) for m in measures]
    return codes, totals


def _reach(rows: Rows, by: Sequence[str]) -> int:
    return int(np.prod([rows.size(name) for name in by], dtype=object))


def _keys(rows: Rows, part: Part, by: Sequence[str]) -> np.ndarray:
    found = part.cells(by, [rows.size(name) for name in by])
    return np.zeros(len(rows.order[part.at]), np.int64) if found is None else found


def _shared(
    keys: dict[tuple[LineKind, ...], np.ndarray], reach: int
) -> tuple[np.ndarray, dict[tuple[LineKind, ...], np.ndarray]]:
    """Keys that occur anywhere, ascending, and each row's position among them."""
    # Marking is 20 times as fast as sorting; up to here it takes 64 MB for a moment.
    if reach <= 64_000_000 and reach <= 64 * max(1, sum(map(len, keys.values()))):
        seen = np.zeros(reach, bool)
        for found in keys.values():
            seen[found] = True
        place = np.cumsum(seen, dtype=np.int64) - 1
        return np.flatnonzero(seen), {kinds: place[found] for kinds, found in keys.items()}
    distinct = np.unique(np.concatenate(list(keys.values())))
    return distinct, {kinds: np.searchsorted(distinct, found) for kinds, found in keys.items()}
