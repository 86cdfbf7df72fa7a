"""Search the elements whose own ratios explain the most: greedily, then each choice put to the test again.

A set of causes is worth the log-likelihood its elements gain, less what each of them would gain by chance among so
many. Every leaf belongs to one cause. After the greedy start, each cause may be dropped, replaced by a better element,
split into causes inside it, or merged with its siblings into the element around them, as long as the worth rises.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.diagnose.locate.cube import Cube
from engine.diagnose.locate.evidence import Evidence

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
            self._merge()
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
        self.sums -= self.evidence.sums(self.cube, leaves)
        self.owner[leaves] = element
        if element not in self.chosen:
            self.chosen.append(element)

    def _free(self, element: int) -> None:
        leaves = np.flatnonzero(self.owner == element)
        self.sums += self.evidence.sums(self.cube, leaves)
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
        inside = self.cube.below(element)
        if not inside.any():
            return
        self._free(element)
        worth, intact, total, parts = self._worth(element), self._with_exception(element, inside), 0.0, []
        while len(parts) < MOST_PARTS and len(self.chosen) < self.most:
            net = np.where(inside, self.net(), -np.inf)
            best = int(np.argmax(net))
            if net[best] <= 0:
                break
            total += float(net[best])
            self._take(best)
            parts.append(best)
        if total <= worth or total <= intact:
            for part in parts:
                self._free(part)
            self._take(element)

    def _with_exception(self, element: int, inside: np.ndarray) -> float:
        """What an element is worth beside the one part of it that differs most, as where two causes cross."""
        part = np.flatnonzero(inside)
        net = self.net(part)
        telling = part[net > 0]
        if not len(telling):
            return -np.inf
        rest = self.sums[:, [element]] - self.sums[:, telling]
        return float((net[net > 0] + self.evidence.gain(rest)).max() - self.price[element])

    def _merge(self) -> None:
        """Put the element around several causes in their place where it is worth more."""
        for around in self._around():
            inside = [e for e in self.chosen if self._is_inside(e, around)]
            if len(inside) < 2:
                continue
            before = 0.0
            for element in inside[::-1]:
                self._free(element)
                before += self._worth(element)
            if self._worth(around) > before:
                self._take(around)
            else:
                for element in inside:
                    self._take(element)

    def _around(self) -> list[int]:
        """Elements that hold two causes of the same cuboid or more."""
        wheres = [self.cube.where(element) for element in self.chosen]
        found = []
        for i, one in enumerate(wheres):
            for other in wheres[:i]:
                shared = {d: v for d, v in one.items() if other.get(d) == v}
                element = self.cube.find(shared) if shared and len(shared) < min(len(one), len(other)) else None
                if element is not None:
                    found.append(element)
        return list(dict.fromkeys(found))

    def _is_inside(self, element: int, around: int) -> bool:
        return self.cube.where(around).items() <= self.cube.where(element).items()
