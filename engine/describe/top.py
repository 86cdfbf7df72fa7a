"""The largest values of a dimension, with several metrics side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.describe.values import demand, label_of, number, pair, relative
from engine.errors import UnknownName
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class TopRow:
    """One value of the dimension; the tuples follow the table's metrics."""

    key: str
    label: str
    values: tuple[float | None, ...]
    comparisons: tuple[float | None, ...]
    changes: tuple[float | None, ...]


@dataclass(frozen=True)
class TopTable:
    """Values of a dimension by metric, best first.

    Parameters
    ----------
    dimension, metrics, sort : names
    rows : up to the limit
    count : how many values the selection has
    """

    dimension: str
    metrics: tuple[str, ...]
    sort: str
    rows: tuple[TopRow, ...]
    count: int


@memoised
def top(
    snapshot: Snapshot,
    selection: Selection,
    dimension: str,
    metrics: Sequence[str] = ("revenue", "orders", "aov"),
    *,
    sort: str | None = None,
    limit: int = 10,
) -> TopTable:
    """The values with the most of the metric `sort`, which is the first one where none is named."""
    sort = sort or metrics[0]
    if sort not in metrics:
        raise UnknownName("column of this table", sort, metrics)
    demand(snapshot, metrics)
    keys = snapshot.values(dimension)
    now, was = pair(snapshot, selection, metrics, (dimension,))
    alive = np.flatnonzero(np.any([np.nan_to_num(values) != 0 for values in now.values()], axis=0))
    best = sorted(alive.tolist(), key=lambda i: (np.isnan(now[sort][i]), -np.nan_to_num(now[sort][i]), i))[:limit]
    return TopTable(dimension, tuple(metrics), sort, tuple(_row(keys[i], i, now, was) for i in best), len(alive))


def _row(key: str, position: int, now: dict[str, np.ndarray], was: dict[str, np.ndarray] | None) -> TopRow:
    values = tuple(number(found[position]) for found in now.values())
    before = tuple(number(found[position]) for found in was.values()) if was else (None,) * len(values)
    changes = tuple(relative(value, comparison) for value, comparison in zip(values, before, strict=True))
    return TopRow(key, label_of(key), values, before, changes)
