"""What everything did alike: the factor between actual and expected outside of any cause."""

from __future__ import annotations

import numpy as np

from engine.diagnose.locate.cube import Cube
from engine.diagnose.locate.leaves import Leaves

# Below so many events an element's own ratio says too little.
FEWEST_A_CELL = 12.0
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
