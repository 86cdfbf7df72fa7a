"""Search the elements whose own ratios explain the most: greedily, then each choice put to the test again.

A set of causes is worth the log-likelihood its elements gain, less what each of them would gain by chance among so
many. Every leaf belongs to one cause. After the greedy start, each cause may be dropped, replaced by a better element,
or split into causes inside it, as long as the worth rises.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.diagnose.locate.cube import Cube, ranked
from engine.diagnose.locate.evidence import Evidence

# Parts that all deviate as their whole does, give or take so much of it, are told as the whole. Without the rule all
# parts of a cause were named in its place in 18 of 60 tables of rounded forecasts.
ALIKE = 0.5
ROUNDS = 3
MOST_PARTS = 8


class Search:
    """The state of one search.

    Parameters
    ----------
    cube : the elements
    evidence : how they are judged
    price : (size,) what an element's gain must exceed
    most : causes at most
    """

    def __init__(self, cube: Cube, evidence: Evidence, price: np.ndarray, most: int) -> None:
        self.cube, self.evidence, self.price, self.most = cube, evidence, price, most
        self.chosen: list[int] = []
        self._kept_whole: dict[int, int] = {}
        self.owner = np.full(cube.cells.shape[1], -1)
        self.sums = evidence.sums(cube)
        # What causes leave must still tell what is common.
        self._least = evidence.LEAST_REST * self._mass()

    def run(self, start: Iterable[int] = ()) -> list[int]:
        """The chosen elements."""
        for element in start:
            self._take(element)
        self._grow()
        for _ in range(ROUNDS):
            before = sorted(self.chosen)
            for element in list(self.chosen):
                if element in self.chosen:
                    self._reconsider(element)
            self._grow()
            if sorted(self.chosen) == before:
                break
        return self.chosen

    def net(self, elements: np.ndarray | None = None) -> np.ndarray:
        """What elements are worth on the leaves that nobody owns."""
        sums = self.sums if elements is None else self.sums[:, elements]
        price = self.price if elements is None else self.price[elements]
        mass = sums[self.evidence.MASS]
        leaves_enough = mass <= self._mass() - self._least
        return np.where(leaves_enough, self.evidence.gain(sums), 0.0) - price

    def _mass(self) -> float:
        """What is expected of the leaves that nobody owns."""
        return float(self.sums[self.evidence.MASS, : self.cube.starts[1]].sum())

    def _grow(self) -> None:
        while len(self.chosen) < self.most:
            net = self.net()
            best = int(np.argmax(net))
            if net[best] <= 0:
                return
            self._take(best)
            self._split(best)

    def _take(self, element: int) -> None:
        leaves = np.flatnonzero(self.cube.members(element) & (self.owner < 0))
        self.evidence.add(self.cube, self.sums, leaves, sign=-1)
        self.owner[leaves] = element
        if element not in self.chosen:
            self.chosen.append(element)

    def _free(self, element: int) -> None:
        leaves = np.flatnonzero(self.owner == element)
        self.evidence.add(self.cube, self.sums, leaves)
        self.owner[leaves] = -1
        self.chosen.remove(element)

    def _worth(self, element: int) -> float:
        return float(self.net(np.array([element]))[0])

    def _reconsider(self, element: int) -> None:
        """Drop a cause that is not worth its price beside the others; replace or split one that is not the best."""
        self._free(element)
        net = self.net()
        best = int(np.argmax(net))
        if net[best] <= 0:
            return
        self._take(best)
        self._split(best)

    def _split(self, element: int) -> None:
        """Put causes inside an element in its place where they are worth more together."""
        leaves = np.flatnonzero(self.owner == element)
        if self._kept_whole.get(element) == len(leaves):
            return
        parts = Inside(self, element, leaves).better(min(MOST_PARTS, self.most - len(self.chosen) + 1))
        if not parts:
            self._kept_whole[element] = len(leaves)
            return
        self._free(element)
        for part in parts:
            self._take(part)


def alike(evidence: Evidence, whole: np.ndarray, parts: list[np.ndarray]) -> bool:
    """Whether sums of all parts of a whole, those with anything in them, deviate about as it does."""
    sums = np.stack([whole, *(part for part in parts if part[1] > 1e-9 * whole[1])], axis=1)
    deviation = evidence.deviation(sums)
    return bool((np.abs(deviation[1:] - deviation[0]) <= ALIKE * abs(deviation[0])).all())


class Inside:
    """The elements inside one that is chosen, summed over its own leaves only.

    Parameters
    ----------
    search : that it is part of
    element : the chosen one
    leaves : those that it owns
    """

    def __init__(self, search: Search, element: int, leaves: np.ndarray) -> None:
        cube, evidence = search.cube, search.evidence
        own = set(cube.cuboids[cube.cuboid[element]])
        places = [place for place, dimensions in enumerate(cube.cuboids) if own < set(dimensions)]
        self._cells, self._values, self._ranges, elements = [], [], [], [np.zeros(0, np.int64)]
        count = 0
        for place in places:
            rank, size = ranked(cube.cells[place][leaves].astype(np.int64) - cube.starts[place])
            found = np.empty(size, np.int64)
            found[rank] = cube.cells[place][leaves]
            elements.append(found)
            self._cells.append(rank + count)
            self._values.append(evidence.values_in(cube.cuboids[place])[:, leaves])
            self._ranges.append((count, count + size))
            count += size
        self._elements = np.concatenate(elements)
        self._evidence, self._price = evidence, search.price[self._elements]
        self._left = np.ones(len(leaves), bool)
        self._sums = np.zeros((len(evidence.values), count))
        self._add(np.arange(len(leaves)), 1)
        whole = evidence.values_in(cube.cuboids[cube.cuboid[element]])[:, leaves].sum(axis=1)[:, None]
        self._whole, self._whole_price = whole, float(search.price[element])

    def better(self, most: int) -> list[int]:
        """Elements that together are worth more than the one around them; none where it is best as it is."""
        if not len(self._elements):
            return []
        intact = max(float(self._evidence.gain(self._whole)[0]) - self._whole_price, self._with_exception())
        total, parts, sums = 0.0, [], []
        for left in range(most, 0, -1):
            net = self._evidence.gain(self._sums) - self._price
            best = int(np.argmax(net))
            # The best comes first, so that none of those left can add more.
            if net[best] <= 0 or total + left * net[best] <= intact:
                break
            total += float(net[best])
            parts.append(int(self._elements[best]))
            sums.append(self._sums[:, best].copy())
            self._take(best)
        if total <= intact:
            return []
        rest = self._whole[:, 0] - np.sum(sums, axis=0)
        return [] if alike(self._evidence, self._whole[:, 0], [*sums, rest]) else parts

    def _with_exception(self) -> float:
        """What the element is worth beside the one part of it that differs most, as where two causes cross."""
        net = self._evidence.gain(self._sums) - self._price
        telling = net > 0
        if not telling.any():
            return -np.inf
        rest = self._whole - self._sums[:, telling]
        return float((net[telling] + self._evidence.gain(rest)).max() - self._whole_price)

    def _take(self, best: int) -> None:
        place = next(i for i, (low, high) in enumerate(self._ranges) if low <= best < high)
        taken = np.flatnonzero((self._cells[place] == best) & self._left)
        self._left[taken] = False
        self._add(taken, -1)

    def _add(self, leaves: np.ndarray, sign: int) -> None:
        for cells, values, (low, high) in zip(self._cells, self._values, self._ranges, strict=True):
            for total, value in zip(self._sums, values, strict=True):
                total[low:high] += sign * np.bincount(cells[leaves] - low, value[leaves], minlength=high - low)
