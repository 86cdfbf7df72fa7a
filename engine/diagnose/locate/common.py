"""What everything did alike: the factor between actual and expected outside of any cause."""

from __future__ import annotations

import numpy as np

from engine.diagnose.locate.cube import Cube
from engine.diagnose.locate.leaves import Leaves

# Below so many events an element's own ratio says too little.
FEWEST_A_CELL = 12.0
TRIALS = 61
# A squared deviation beyond this is an outlier like any other: it no longer pulls the factor.
MOST_SQUARE = 6.0
# Factors this close, as logarithms, lead to the same causes.
APART = 0.12
MOST_FACTORS = 3
# Forecasts that are off by less on the whole are right.
SAME_FACTOR = 0.03


def plain_factor(actual: float, expected: float) -> float:
    """The ratio of two totals, 1 where there is none."""
    return actual / expected if expected > 0 and actual > 0 else 1.0


def middle_factor(actual: np.ndarray, expected: np.ndarray) -> float:
    """The median ratio of leaves that have one."""
    known = (actual > 0) & (expected > 0)
    return float(np.median(actual[known] / expected[known])) if known.any() else 1.0


def telling_cells(cube: Cube, leaves: Leaves, event: float) -> np.ndarray:
    """(n,) the leaves' elements, from 0, in the cuboid with the most elements that hold enough events."""
    sizes = np.diff(cube.starts)
    events = float(leaves.expected.sum()) / event if leaves.events is None else float(leaves.events[1].sum())
    held = np.flatnonzero(events / sizes >= FEWEST_A_CELL)
    place = int(held[np.argmax(sizes[held])]) if len(held) else int(np.argmin(sizes))
    return cube.cells[place] - cube.starts[place]


def common_factors(cube: Cube, leaves: Leaves, event: float) -> list[float]:
    """Factors from which the elements of one cuboid deviate the least, outliers left to be outliers; the best first.

    A cause of one value shifts every element of the other dimensions, but only its own share of deep ones. Two parts
    of a shop that moved apart make two factors.

    Parameters
    ----------
    event : one event in the leaves' unit, where the leaves do not tell their events
    """
    cells = telling_cells(cube, leaves, event)
    now, before = np.bincount(cells, leaves.actual), np.bincount(cells, leaves.expected)
    known = before > 0
    if not known.any():
        return [1.0]
    now, before = now[known], before[known]
    tried = np.quantile(now / before, np.linspace(0.02, 0.98, TRIALS))
    tried = np.unique(np.append(tried[tried > 0], plain_factor(float(now.sum()), float(before.sum()))))
    if leaves.weight is None:
        variance = event * (now + tried[:, None] * before) / 2 * (1 + tried[:, None])
    else:
        weight = leaves.weight if leaves.whole is None else leaves.whole
        variance = np.bincount(cells, weight)[known]
    squares = (now - tried[:, None] * before) ** 2 / np.maximum(variance, 1e-300)
    cost = np.minimum(squares, MOST_SQUARE).sum(axis=1)
    found: list[float] = []
    for factor in tried[np.argsort(cost, kind="stable")].tolist():
        if all(abs(np.log(factor / other)) > APART for other in found):
            found.append(factor)
    return found[:MOST_FACTORS]
