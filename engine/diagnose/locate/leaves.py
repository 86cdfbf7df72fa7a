"""What a cause is looked for in: the finest combinations of values, each with what was and what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    weight : (n,) what the chance in a ratio's numerator is in proportion to; None where the totals are no ratio's
    event : variance of `actual - factor * expected` a unit of their mean, where it is known; else it is measured
    counted : whether totals are known to be made of events, so that a segment needs enough of them
    """

    dimensions: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    weight: np.ndarray | None = None
    event: float | None = None
    counted: bool = False

    def __len__(self) -> int:
        return len(self.actual)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each dimension has."""
        return tuple(map(len, self.labels))

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
