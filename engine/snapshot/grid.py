"""What the snapshot answers: totals on axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schema import MONEY_SCALE, Kind, column
from engine.metrics import MEASURES, How, Metric
from engine.snapshot.axes import Axis


@dataclass(frozen=True, eq=False)
class Grid:
    """Totals of measures over the cells of axes.

    Parameters
    ----------
    axes : names and labels, in the order asked for
    values : by measure: an array of the axes' shape; counts and money in whole units, facts with decimals as floats
    """

    axes: tuple[Axis, ...]
    values: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        for array in self.values.values():
            array.setflags(write=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(len(axis) for axis in self.axes)

    def own(self, name: str) -> np.ndarray:
        """A measure in its own unit: money in currency units."""
        return self.values[name] / MONEY_SCALE if is_money(name) else self.values[name].astype(float)

    def metric(self, metric: Metric) -> np.ndarray:
        """A metric in its own unit, NaN where it divides by nothing."""
        return metric.value({name: self.own(name) for name in metric.measures})


def is_money(measure: str) -> bool:
    """Whether a measure's whole units are money."""
    found = MEASURES[measure]
    return found.how is How.SUM and column("transactions", found.column).kind is Kind.MONEY
