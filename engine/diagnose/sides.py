"""A metric by the parts of an axis in both windows: its values, and the numerator and denominator they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from engine.describe.grains import GRAINS
from engine.describe.pivot import WEEKDAYS
from engine.describe.values import compared
from engine.diagnose.contributions import Fractions
from engine.dimensions import EMPTY
from engine.metrics import Metric
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Grid, Snapshot


@dataclass(frozen=True, eq=False)
class Side:
    """One window.

    Parameters
    ----------
    keys, labels : of the parts; buckets of time by their first day
    value : (parts,) in the metric's unit, NaN where there is none
    parts : (parts,) numerators and denominators, with the whole's; 1 divides what is no ratio
    whole : the metric over all parts together, NaN where there is none
    is_ratio : whether the metric divides
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    value: np.ndarray
    parts: Fractions
    whole: float
    is_ratio: bool

    @property
    def occurs(self) -> np.ndarray:
        """(parts,) whether there is anything of it in this window."""
        return (self.parts.top != 0) | (self.parts.bottom != 0) & self.is_ratio

    def at(self, places: Sequence[int]) -> Side:
        """The parts at these places, in that order."""
        keys, labels = (tuple(names[i] for i in places) for names in (self.keys, self.labels))
        parts = replace(self.parts, top=self.parts.top[places], bottom=self.parts.bottom[places])
        return replace(self, keys=keys, labels=labels, value=self.value[places], parts=parts)

    def joined(self, snapshot: Snapshot, rest: Selection, metric: Metric, label: str) -> Side:
        """With one part more: the selection of all the rest, in this window."""
        cell = snapshot.totals(rest, metric.measures)
        more = fractions_of(metric, cell, cell)
        top, bottom = np.append(self.parts.top, more.whole_top), np.append(self.parts.bottom, more.whole_bottom)
        value = np.append(self.value, cell.metric(metric))
        parts = replace(self.parts, top=top, bottom=bottom)
        return replace(self, keys=(*self.keys, EMPTY), labels=(*self.labels, label), value=value, parts=parts)


def sides_of(snapshot: Snapshot, selection: Selection, name: str, axis: str) -> tuple[Side, Side | None]:
    """The window and its comparison, None where there is none; buckets of time meet by their position.

    Where one window has fewer buckets than the other, it has no key, no value and adds nothing there.
    """
    other = compared(snapshot, selection)
    now = _side(snapshot, selection, metric_named(name), axis)
    if other is None:
        return now, None
    before = _side(snapshot, other, metric_named(name), axis)
    count = max(len(now.value), len(before.value))
    return _filled(now, count), _filled(before, count)


def fractions_of(metric: Metric, cells: Grid, whole: Grid) -> Fractions:
    """Numerators and denominators of the cells, flat, and of the whole."""
    top, bottom = metric.fraction({name: cells.own(name).reshape(-1) for name in metric.measures})
    whole_top, whole_bottom = metric.fraction({name: whole.own(name) for name in metric.measures})
    return Fractions(top, bottom, float(whole_top), float(whole_bottom))


def _side(snapshot: Snapshot, selection: Selection, metric: Metric, axis: str) -> Side:
    cells = snapshot.totals(selection, metric.measures, (axis,))
    whole = snapshot.totals(selection, metric.measures)
    keys, labels = _named(snapshot, selection, axis, cells)
    parts = fractions_of(metric, cells, whole)
    return Side(keys, labels, cells.metric(metric), parts, float(whole.metric(metric)), metric.is_ratio)


def _named(snapshot: Snapshot, selection: Selection, axis: str, cells: Grid) -> tuple[tuple[str, ...], ...]:
    found = cells.axes[0].labels
    if axis == "weekday":
        return tuple(map(str, range(7))), WEEKDAYS
    if axis == "hour":
        return tuple(map(str, range(24))), tuple(f"{hour:02d}" for hour in range(24))
    if axis in GRAINS:
        days = [max(day, selection.window.start) for day in found.astype("datetime64[D]").tolist()]
        return tuple(map(str, days)), tuple(_said(axis, day) for day in days)
    return tuple(found), tuple(snapshot.label(axis, key) for key in found)


def _said(grain: str, day: date) -> str:
    """What a person reads for a bucket that begins on that day."""
    whole = f"{day.day} {day:%b %Y}"
    quarter = f"Q{(day.month + 2) // 3} {day.year}"
    return {"week": f"from {whole}", "month": f"{day:%b %Y}", "quarter": quarter, "year": str(day.year)}.get(
        grain, whole
    )


def _filled(side: Side, count: int) -> Side:
    lacking = count - len(side.value)
    if not lacking:
        return side
    blank, none = ("",) * lacking, np.zeros(lacking)
    parts = replace(side.parts, top=np.append(side.parts.top, none), bottom=np.append(side.parts.bottom, none))
    value = np.append(side.value, np.full(lacking, np.nan))
    return replace(side, keys=side.keys + blank, labels=side.labels + blank, value=value, parts=parts)
