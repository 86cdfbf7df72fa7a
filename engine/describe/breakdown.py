"""A metric by the values of one dimension."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.describe.noise import are_noise
from engine.describe.values import demand, number, pair, relative, verdict
from engine.describe.whole import gap
from engine.dimensions import EMPTY
from engine.memo import memoised
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot

OTHERS = "All others"


@dataclass(frozen=True)
class Row:
    """One value of a dimension.

    Parameters
    ----------
    key, label : the value, and what a person reads for it
    value, comparison, change : in the metric's own unit, None where there is none
    share : of the total over all values; None where parts do not add up to it
    selected : whether the selection is filtered to it
    noise : whether the change is within what chance does; None where it cannot be told
    """

    key: str
    label: str
    value: float | None
    comparison: float | None
    change: float | None
    share: float | None
    selected: bool
    noise: bool | None


@dataclass(frozen=True)
class Breakdown:
    """A metric by dimension: the largest values first, and all the rest in one row.

    Parameters
    ----------
    metric, dimension : names
    rows : up to the limit
    others : the values beyond it taken together (its key is empty and stands for no value); None where there are none
    hidden : how many values that is
    note : why no row has a change although a comparison was asked for
    """

    metric: str
    dimension: str
    rows: tuple[Row, ...]
    others: Row | None
    hidden: int = 0
    note: str | None = None


@memoised
def breakdown(snapshot: Snapshot, selection: Selection, metric: str, dimension: str, *, limit: int = 12) -> Breakdown:
    """The metric by value. The dimension's own filter is lifted: a chosen value stays among its siblings.

    Counts and money are ranked by themselves; of a ratio, the values with the most revenue are shown, so that
    a value with a single order does not lead.
    """
    demand(snapshot, (metric,))
    lifted, chosen = selection.where(dimension, ()), selection.values(dimension)
    keys = snapshot.values(dimension)
    values, before = pair(snapshot, lifted, (metric,), (dimension,))
    now, was = values[metric], np.full(len(keys), np.nan) if before is None else before[metric]
    weight = _weight(snapshot, lifted, metric, dimension, now)
    shown, rest = _split(np.nan_to_num(now) + np.nan_to_num(was) != 0, weight, np.isin(keys, chosen), limit)
    shown = sorted(shown, key=lambda i: (np.isnan(now[i]), -np.nan_to_num(now[i]), i))
    total = float(np.nansum(now)) if snapshot.adds_up(metric, dimension) else None
    why = gap(snapshot, lifted)
    noise = are_noise(snapshot, lifted, metric, dimension) if before is not None and not why else {}
    rows = [
        Row(key, snapshot.label(dimension, key), *figures, key in chosen, verdict(noise.get(key), *figures[:2]))
        for key, figures in ((keys[i], _figures(now[i], was[i], total)) for i in shown)
    ]
    others = _others(snapshot, lifted.where(dimension, [keys[i] for i in rest]), metric, total) if rest else None
    if why:
        rows, others = [replace(row, change=None) for row in rows], others and replace(others, change=None)
    return Breakdown(metric, dimension, tuple(rows), others, len(rest), why and why.note)


def _weight(snapshot: Snapshot, selection: Selection, metric: str, dimension: str, now: np.ndarray) -> np.ndarray:
    """What decides which values are shown."""
    if metric_named(metric).is_ratio and snapshot.missing("revenue") is None:
        return snapshot.metrics(selection, ("revenue",), (dimension,))["revenue"]
    return np.nan_to_num(now)


def _split(alive: np.ndarray, weight: np.ndarray, chosen: np.ndarray, limit: int) -> tuple[list[int], list[int]]:
    """Positions shown and positions taken together; chosen ones are always shown, dead ones only then."""
    ranked = sorted(np.flatnonzero(alive | chosen).tolist(), key=lambda i: (-weight[i], i))
    shown = [i for place, i in enumerate(ranked) if place < limit or chosen[i]]
    rest = [i for place, i in enumerate(ranked) if place >= limit and not chosen[i]]
    return (shown + rest, []) if len(rest) == 1 else (shown, rest)


def _figures(now: float, was: float, total: float | None) -> tuple[float | None, ...]:
    """Value, comparison, change and share."""
    value, comparison = number(now), number(was)
    share = value / total if total and value is not None else None
    return value, comparison, relative(value, comparison), share


def _others(snapshot: Snapshot, selection: Selection, metric: str, total: float | None) -> Row:
    values, before = pair(snapshot, selection, (metric,))
    was = np.nan if before is None else float(before[metric])
    return Row(EMPTY, OTHERS, *_figures(float(values[metric]), was, total), False, None)
