"""All combinations of values up to a depth, numbered in one row, so that one array holds their sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

# Leaves times cuboids: 4 bytes each. 20,000 leaves of 6 dimensions make 1.2 million.
MOST_PLACES = 60_000_000


@dataclass(frozen=True, eq=False)
class Cube:
    """Elements (one value for each dimension of a cuboid) that occur among the leaves.

    Parameters
    ----------
    codes : (n, dimensions) values of the leaves
    cuboids : tuples of dimensions, the shallow ones first
    cells : (cuboids, n) element of each leaf; elements of all cuboids are numbered through
    starts : (cuboids + 1,) the first element of each cuboid, and their number
    """

    codes: np.ndarray
    cuboids: tuple[tuple[int, ...], ...]
    cells: np.ndarray
    starts: np.ndarray

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.starts[-1])

    @cached_property
    def cuboid(self) -> np.ndarray:
        """(size,) the cuboid of each element."""
        return np.repeat(np.arange(len(self.cuboids)), np.diff(self.starts))

    @cached_property
    def depth(self) -> np.ndarray:
        """(cuboids,) number of dimensions."""
        return np.array([len(dimensions) for dimensions in self.cuboids])

    @cached_property
    def one_leaf(self) -> np.ndarray:
        """(size,) a leaf of each element."""
        found = np.zeros(self.size, np.int64)
        for cells in self.cells:
            found[cells] = np.arange(len(cells))
        return found

    def members(self, element: int) -> np.ndarray:
        """(n,) bool, the leaves of an element."""
        return self.cells[self.cuboid[element]] == element

    def where(self, element: int) -> dict[int, int]:
        """The element's value by dimension."""
        leaf = self.one_leaf[element]
        return {d: int(self.codes[leaf, d]) for d in self.cuboids[self.cuboid[element]]}

    def find(self, where: dict[int, int]) -> int | None:
        """The element with these values; None where no leaf has them or no cuboid these dimensions."""
        wanted = tuple(sorted(where))
        if wanted not in self.cuboids:
            return None
        leaves = np.flatnonzero((self.codes[:, list(wanted)] == [where[d] for d in wanted]).all(axis=1))
        return int(self.cells[self.cuboids.index(wanted), leaves[0]]) if len(leaves) else None

    def add(
        self, sums: np.ndarray, values: np.ndarray, leaves: np.ndarray | None = None, *, sign: int = 1, which=None
    ) -> None:
        """Add the (k, n) values of leaves to the (k, size) sums of their elements.

        Parameters
        ----------
        leaves : positions; all where None
        sign : -1 takes them away
        which : (cuboids,) bool, those whose elements are changed; all where None
        """
        taken = sign * (values if leaves is None else values[:, leaves])
        for place, cells in enumerate(self.cells):
            if which is not None and not which[place]:
                continue
            low, high = self.starts[place : place + 2]
            own = cells if leaves is None else cells[leaves]
            for total, value in zip(sums, taken, strict=True):
                # Counting into all elements of a cuboid costs their number, adding one by one costs the leaves'.
                if 2 * len(own) < high - low:
                    np.add.at(total, own, value)
                else:
                    total[low:high] += np.bincount(own - low, value, minlength=high - low)

    def sums(self, values: np.ndarray, leaves: np.ndarray | None = None) -> np.ndarray:
        """(k, size) sums of the (k, n) values over each element; only of these leaves where given."""
        found = np.zeros((len(values), self.size))
        self.add(found, values, leaves)
        return found


def cube(codes: np.ndarray, sizes: tuple[int, ...], deepest: int) -> Cube:
    """Number the elements of every cuboid of up to `deepest` dimensions; fewer where memory forbids."""
    dimensions = range(len(sizes))
    cuboids: list[tuple[int, ...]] = []
    for depth in range(1, min(deepest, len(sizes)) + 1):
        more = list(combinations(dimensions, depth))
        if cuboids and (len(cuboids) + len(more)) * len(codes) > MOST_PLACES:
            break
        cuboids += more
    ranks: dict[tuple[int, ...], tuple[np.ndarray, int]] = {(): (np.zeros(len(codes), np.int64), 1)}
    cells = np.empty((len(cuboids), len(codes)), np.int32)
    starts = [0]
    for place, wanted in enumerate(cuboids):
        parent, _ = ranks[wanted[:-1]]
        ranks[wanted] = rank, count = ranked(parent * sizes[wanted[-1]] + codes[:, wanted[-1]])
        cells[place] = rank + starts[-1]
        starts.append(starts[-1] + count)
    return Cube(codes, tuple(cuboids), cells, np.array(starts))


def ranked(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Each key's position among the distinct ones in order, and their number."""
    reach = int(keys.max(initial=-1)) + 1
    if reach > max(8 * len(keys), 1 << 16):
        order = np.argsort(keys, kind="stable")
        fresh = np.ones(len(keys), np.int64)
        fresh[1:] = keys[order][1:] != keys[order][:-1]
        rank = np.empty(len(keys), np.int64)
        rank[order] = np.cumsum(fresh) - 1
        return rank, int(fresh.sum())
    seen = np.zeros(reach, bool)
    seen[keys] = True
    return (np.cumsum(seen) - 1)[keys], int(seen.sum())


def combinations_of(codes: np.ndarray, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of (n, dimensions) codes in ascending order, and each row's position among them."""
    place, count = np.zeros(len(codes), np.int64), 1
    for dimension, size in enumerate(sizes):
        place, count = ranked(place * size + codes[:, dimension])
    row = np.empty(count, np.int64)
    row[place] = np.arange(len(codes))
    return codes[row], place
