"""What a cause is looked for in: the finest combinations of values, each with what was and what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import EngineError


@dataclass(frozen=True, eq=False)
class Leaves:
    """Combinations of dimension values, in any order, each once or several times.

    Parameters
    ----------
    dimensions : their names
    labels : by dimension: the values' names
    codes : (n, dimensions) positions in the labels
    actual, expected : (n,) totals that add up over leaves; of a ratio, its numerator now, and the numerator that the
        old ratio would have made of the denominator now
    weight : (n,) what a leaf's variance is in proportion to; their mean where None
    event : variance of `actual - factor * expected` a unit of the weight, or of their mean where there is no weight;
        measured where None
    whole : the same as weight for segments of dimensions in which an order has one value, and so moves as a whole
    within : the dimensions in which an order can have several values
    events : (2, n) orders behind each leaf now and, at the common length, before; guessed from the noise where None
    per : (n,) denominators now, where the totals are a ratio's
    """

    dimensions: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    weight: np.ndarray | None = None
    event: float | None = None
    whole: np.ndarray | None = None
    within: frozenset[str] = frozenset()
    events: np.ndarray | None = None
    per: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.actual)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each dimension has."""
        return tuple(map(len, self.labels))

    def take(self, keep: np.ndarray) -> Leaves:
        """The leaves under this mask."""
        names = ("codes", "actual", "expected", "weight", "whole", "per")
        parts = {name: getattr(self, name)[keep] for name in names if getattr(self, name) is not None}
        events = None if self.events is None else self.events[:, keep]
        return replace(self, **parts, events=events)

    @classmethod
    def of(
        cls,
        columns: Mapping[str, Sequence[str]],
        actual: Sequence[float],
        expected: Sequence[float],
        *,
        weight: Sequence[float] | None = None,
    ) -> Leaves:
        """Leaves of columns of text.

        Raises
        ------
        EngineError
            where there is no dimension or no leaf
        """
        found = {name: _coded(np.asarray(values, dtype=object)) for name, values in columns.items()}
        if not found or not len(actual):
            raise EngineError("A cause is looked for in rows with at least one dimension; there is none.")
        return cls(
            tuple(found),
            tuple(labels for _, labels in found.values()),
            np.stack([codes for codes, _ in found.values()], axis=1),
            np.asarray(actual, float),
            np.asarray(expected, float),
            None if weight is None else np.asarray(weight, float),
        )


def _coded(values: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    labels = sorted(set(values.tolist()))
    place = {label: i for i, label in enumerate(labels)}
    return np.fromiter((place[value] for value in values.tolist()), np.int64, len(values)), tuple(labels)
