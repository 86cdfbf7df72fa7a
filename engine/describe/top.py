"""The largest values of a dimension, with several metrics side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.describe.values import demand, number, pair, relative
from engine.describe.whole import gap
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
    note : why no row has a change although a comparison was asked for
    """

    dimension: str
    metrics: tuple[str, ...]
    sort: str
    rows: tuple[TopRow, ...]
    count: int
    note: str | None = None


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
    why = gap(snapshot, selection)
    rows = []
    for i in best:
        values, before = _at(i, now, metrics), _at(i, was or {}, metrics)
        changes = tuple(None if why else relative(*both) for both in zip(values, before, strict=True))
        rows.append(TopRow(keys[i], snapshot.label(dimension, keys[i]), values, before, changes))
    return TopTable(dimension, tuple(metrics), sort, tuple(rows), len(alive), why and why.note)


def _at(position: int, found: Mapping[str, np.ndarray], metrics: Sequence[str]) -> tuple[float | None, ...]:
    """One value's metrics, None where there are none."""
    return tuple(number(found[name][position]) if found else None for name in metrics)
