"""How strongly an element's leaves speak against the common factor.

Both kinds answer with twice the log-likelihood that the element gains by a ratio of its own. All leaves under one
cause share one ratio (the ripple effect of Li et al. 2019), so that sums over an element are enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.diagnose.locate.cube import Cube
from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.noise import Noise
from engine.diagnose.locate.tails import as_normal

# Leaves of a cause often lie closer together than chance spreads the others; as many leaves of usual spread are
# assumed beside them. Fewer let pairs of leaves that agree by chance pass for a cause.
PRIOR_LEAVES = 4.0
# A deviation within so many standard errors of nothing is none, however close together its leaves are.
LEAST_SQUARE = 9.0
# In a million orders a difference of 1% is certain and tells nothing: causes deviate by more than this, relatively, and
# where leaves miss their forecasts, by more than this part of what the usual leaf misses it by.
LEAST_CHANGE = 0.05
LEAST_OF_SPREAD = 0.5


@dataclass(frozen=True, eq=False)
class Counted:
    """Leaves made of events: an element's totals are all that counts.

    Parameters
    ----------
    values : (2 to 5, n) actual, expected with the common factor; where known the weight, then events now and before
    event : variance a unit of size
    least : what an element must hold on one side: events where they are known, else as much of a total
    whole : (n,) the weight in cuboids of which none of the dimensions is `within` an order
    within : such dimensions
    """

    MASS: ClassVar[int] = 1
    LEAST_REST: ClassVar[float] = 0.3

    values: np.ndarray
    event: float
    least: float
    whole: np.ndarray | None = None
    within: frozenset[int] = frozenset()

    def sums(self, cube: Cube, leaves: np.ndarray | None = None) -> np.ndarray:
        """(k, size) sums of the values over elements; only of these leaves where given."""
        found = np.zeros((len(self.values), cube.size))
        self.add(cube, found, leaves)
        return found

    def values_in(self, dimensions: Iterable[int]) -> np.ndarray:
        """(k, n) values as they count in a cuboid of these dimensions."""
        if self.whole is None or self.within & set(dimensions):
            return self.values
        return np.concatenate([self.values[:2], self.whole[None], self.values[3:]])

    def add(self, cube: Cube, sums: np.ndarray, leaves: np.ndarray | None = None, *, sign: int = 1) -> None:
        """Add leaves to the sums, or take them away."""
        if self.whole is None:
            cube.add(sums, self.values, leaves, sign=sign)
            return
        apart = np.array([not self.within & set(dimensions) for dimensions in cube.cuboids])
        others = [row for row in range(len(self.values)) if row != 2]
        rows = sums[others]
        cube.add(rows, self.values[others], leaves, sign=sign)
        sums[others] = rows
        cube.add(sums[2:3], self.values[2:3], leaves, sign=sign, which=~apart)
        cube.add(sums[2:3], self.whole[None], leaves, sign=sign, which=apart)

    def own(self, sums: np.ndarray) -> np.ndarray:
        """(size,) parameters of its own that an element gains by: its ratio."""
        return np.ones(sums.shape[1], np.int64)

    def gain(self, sums: np.ndarray) -> np.ndarray:
        """(size,) twice the gained log-likelihood; 0 where an element holds too little."""
        moved = np.abs(sums[0] - sums[1]) >= LEAST_CHANGE * sums[1]
        return np.where(self.enough(sums) & moved, self.square(sums), 0.0)

    def square(self, sums: np.ndarray) -> np.ndarray:
        """(size,) the squared deviation in standard errors."""
        size = self.size(sums)
        found = np.zeros(sums.shape[1])
        np.divide((sums[0] - sums[1]) ** 2, self.event * size, out=found, where=size > 0)
        return found

    def deviation(self, sums: np.ndarray) -> np.ndarray:
        """(size,) the difference relative to the larger side; 0 where there is nothing."""
        return np.divide(
            sums[0] - sums[1], np.maximum(sums[0], sums[1]), out=np.zeros(sums.shape[1]), where=sums[1] > 0
        )

    def size(self, sums: np.ndarray) -> np.ndarray:
        """What the variance is in proportion to."""
        return (sums[0] + sums[1]) / 2 if len(sums) == 2 else sums[2]

    def enough(self, sums: np.ndarray) -> np.ndarray:
        """Which elements hold enough events to be judged."""
        if len(sums) > 2:
            return (sums[2] > 0) & (np.maximum(sums[3], sums[4]) >= self.least if len(sums) == 5 else True)
        return np.maximum(sums[0], sums[1]) >= self.least * (1 - 1e-9)


@dataclass(frozen=True, eq=False)
class Dense:
    """Leaves that each miss their forecast by some per cent: every leaf has a voice, whatever its size.

    Parameters
    ----------
    values : (4, n) whether the leaf says anything, inverse variance, the same times the deviation, times its square
    """

    MASS: ClassVar[int] = 0
    LEAST_REST: ClassVar[float] = 0.1

    values: np.ndarray

    def sums(self, cube: Cube, leaves: np.ndarray | None = None) -> np.ndarray:
        """(k, size) sums of the values over elements; only of these leaves where given."""
        return cube.sums(self.values, leaves)

    def values_in(self, dimensions: Iterable[int]) -> np.ndarray:
        """(k, n) values as they count in a cuboid of these dimensions: the same in each."""
        return self.values

    def add(self, cube: Cube, sums: np.ndarray, leaves: np.ndarray | None = None, *, sign: int = 1) -> None:
        """Add leaves to the sums, or take them away."""
        cube.add(sums, self.values, leaves, sign=sign)

    def own(self, sums: np.ndarray) -> np.ndarray:
        """(size,) parameters of its own that an element gains by: its ratio, and of several leaves their spread."""
        return np.where(sums[0] > 1.5, 2, 1)

    def gain(self, sums: np.ndarray) -> np.ndarray:
        """(size,) twice the log-likelihood gained by a ratio and, where it is closer, a spread of its own."""
        count, total = sums[0], sums[3]
        square = self.square(sums)
        within = np.maximum(total - square, 0.0)
        spread = np.minimum((within + PRIOR_LEAVES) / (count + PRIOR_LEAVES), 1.0)
        spread = np.maximum(spread, 1e-6)
        closer = within - count * np.log(spread) - within / spread
        moved = (square >= LEAST_SQUARE) & (square >= LEAST_OF_SPREAD**2 * count)
        return np.where(moved, square + np.maximum(closer, 0.0), 0.0)

    def square(self, sums: np.ndarray) -> np.ndarray:
        """(size,) the squared deviation in standard errors."""
        found = np.zeros(sums.shape[1])
        np.divide(sums[2] ** 2, sums[1], out=found, where=sums[0] > 0.5)
        return found

    def deviation(self, sums: np.ndarray) -> np.ndarray:
        """(size,) the leaves' mean deviation, relative to the larger side; 0 where there is nothing."""
        return np.divide(sums[2], sums[1], out=np.zeros(sums.shape[1]), where=sums[0] > 0.5)

    def enough(self, sums: np.ndarray) -> np.ndarray:
        """Which elements have a leaf that says anything."""
        return sums[0] > 0.5


Evidence = Counted | Dense


def dense(leaves: Leaves, factor: float, noise: Noise, rest: np.ndarray) -> Dense:
    """Evidence of deviations relative to the larger side, which treat a rise and a fall alike.

    Chance that is normal around either side does not get longer tails so. Once there are causes, deviations are taken
    from the mean of the leaves that belong to none, those beyond three spreads apart.
    """
    actual, expected, size = leaves.actual, factor * leaves.expected, leaves.weight
    largest = np.maximum(actual, expected)
    says = largest > 0
    deviation = np.zeros(len(actual))
    np.divide(actual - expected, largest, out=deviation, where=says)
    share = np.zeros(len(actual))
    np.divide((actual + expected) / 2 if size is None else size, largest**2, out=share, where=says)
    rounding = np.divide(noise.rounding, largest**2, out=np.zeros(len(actual)), where=says)
    weight = np.where(says, 1 / np.maximum(noise.relative + noise.event * share + rounding, 1e-18), 0.0)
    near = says & rest & (deviation**2 * weight < 9.0)
    if near.any() and not rest.all():
        deviation = np.where(says, deviation - np.average(deviation[near], weights=weight[near]), 0.0)
    scale = np.sqrt(np.where(says, weight, 1.0))
    deviation = as_normal(deviation * scale, noise.degrees) / scale
    return Dense(np.stack([says.astype(float), weight, weight * deviation, weight * deviation**2]))
