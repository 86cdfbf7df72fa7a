"""The days two windows are compared by: measures by day, and the least squares that tell a level from chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from engine.metrics import MEASURES, How
from engine.selection import Selection, Window
from engine.snapshot import Snapshot

# Days wanted for the size of the residuals; eight weeks show each weekday eight times.
ENOUGH_DAYS = 56
# Values of a dimension judged at once; beyond, the rest stays untold.
MOST_VALUES = 200
# Cells of day x value that are worth making for it: 4 million take 32 MB a measure.
MOST_CELLS = 4_000_000
# Days of a year, and how far from a whole number of them two windows may lie: 364, 365 and 366 days are a year.
_YEAR, _ABOUT = 365.25, 1.5


def spans_of(snapshot: Snapshot, now: Window, before: Window) -> tuple[Window, ...] | None:
    """The window, its comparison and, where they are short, days before both; only days the shop has.

    None where the two overlap or one of them lies outside the shop's days.
    """
    whole = snapshot.whole()
    spans = [Window(max(w.start, whole.start), min(w.end, whole.end)) for w in (now, before) if _meet(w, whole)]
    if len(spans) < 2 or _meet(*spans):
        return None
    lacking = ENOUGH_DAYS - sum(span.days for span in spans)
    edge = spans[0].start if spans[1].end < spans[0].start else min(span.start for span in spans)
    start = max(edge - timedelta(days=max(lacking, 0)), whole.start)
    if edge != min(span.start for span in spans):
        start = max(start, spans[1].end)
    return (*spans, Window(start, edge)) if start < edge else tuple(spans)


def _meet(one: Window, two: Window) -> bool:
    return one.start < two.end and two.start < one.end


@dataclass(frozen=True, eq=False)
class Daily:
    """Measures by day, (days, values), in their own units, scaled so that a window's days add up to its total.

    Parameters
    ----------
    values : by measure; the window's days first, then the comparison's, then those only for the residuals
    now, before : how many days the two windows have
    """

    values: dict[str, np.ndarray]
    now: int
    before: int

    def means(self) -> tuple[dict[str, np.ndarray], ...]:
        """By measure, (values,): the mean day of the window, of its comparison, and of both."""
        both = self.now + self.before
        return tuple(
            {name: found[low:high].mean(axis=0) for name, found in self.values.items()}
            for low, high in ((0, self.now), (self.now, both), (0, both))
        )


def daily(
    snapshot: Snapshot, selection: Selection, spans: Sequence[Window], measures: Sequence[str], axis: str | None
) -> Daily | None:
    """The measures by day and by the values of a dimension, the first MOST_VALUES; None where that is too much."""
    by = () if axis is None else (axis,)
    if axis is not None and max(span.days for span in spans) * size_of(snapshot, axis) > MOST_CELLS:
        return None
    parts: dict[str, list[np.ndarray]] = {name: [] for name in measures}
    shared = [name for name in measures if overlaps(name)]
    totals: dict[str, np.ndarray] = dict.fromkeys(shared, np.float64(0))
    for place, span in enumerate(spans):
        over = selection.over(span)
        days = snapshot.totals(over, measures, ("day", *by))
        whole = snapshot.totals(over, shared, by) if place < 2 else None
        for name in measures:
            found = days.own(name).reshape(span.days, -1)[:, :MOST_VALUES]
            if whole is not None and name in shared:
                total = whole.own(name).reshape(-1)[:MOST_VALUES]
                found, totals[name] = _scaled(found, total), totals[name] + np.stack([total, found.sum(axis=0)])
            elif name in shared:
                # Borrowed days stand for days of the windows: as much of them is in common as in the windows' days,
                # not as in their own, which may be many more.
                found = found * _ratio(*totals[name])
            parts[name].append(found)
    return Daily({name: np.concatenate(found) for name, found in parts.items()}, spans[0].days, spans[1].days)


def size_of(snapshot: Snapshot, axis: str) -> int:
    """How many values a dimension, or the hour of the day, has."""
    return 24 if axis == "hour" else len(snapshot.values(axis))


def of_weekday(
    snapshot: Snapshot, selection: Selection, spans: Sequence[Window], found: Daily, weekday: int
) -> Daily | None:
    """The days of one weekday (0 is Monday); None where one of the windows has none."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in found.values}
    low = 0
    for span in spans:
        days = np.flatnonzero(weekdays_of((span,)) == weekday) + low
        low += span.days
        mixed = [name for name in found.values if overlaps(name)]
        whole = snapshot.totals(selection.over(span), mixed, ("weekday",)) if mixed else None
        for name, values in found.values.items():
            part = values[days]
            parts[name].append(_scaled(part, whole.own(name)[weekday : weekday + 1]) if overlaps(name) else part)
    counts = [len(part) for part in next(iter(parts.values()))]
    if not min(counts[:2]):
        return None
    return Daily({name: np.concatenate(part) for name, part in parts.items()}, *counts[:2])


def _scaled(found: np.ndarray, total: np.ndarray) -> np.ndarray:
    return found * _ratio(total, found.sum(axis=0))


def _ratio(total: np.ndarray, added: np.ndarray) -> np.ndarray:
    return np.divide(total, added, out=np.ones_like(added), where=added > 0)


def overlaps(measure: str) -> bool:
    """Whether days have something in common, so that their figures do not add up to the window's."""
    return MEASURES[measure].how not in (How.SUM, How.COUNT)


@dataclass(frozen=True, eq=False)
class Levels:
    """The least squares of a level a window and one weekday pattern, solved once for all metrics.

    Parameters
    ----------
    design, solve : (days, terms) and its (terms, days) pseudo-inverse; the first two terms are the windows
    leverage : variance of the difference of the two levels, of a day's variance
    free : degrees of freedom of the residuals
    """

    design: np.ndarray
    solve: np.ndarray
    leverage: float
    free: int

    def residual(self, values: np.ndarray) -> np.ndarray:
        """What levels and weekdays do not explain."""
        return values - self.design @ (self.solve @ values)

    def difference(self, values: np.ndarray) -> np.ndarray:
        """Level of the window less that of the comparison."""
        return (self.solve[0] - self.solve[1]) @ values


@dataclass(frozen=True, eq=False)
class Pairs:
    """Each day of the window less its counterpart a year before, weekday by weekday: the season cancels.

    Parameters
    ----------
    now, before : (pairs,) places of the days
    """

    now: np.ndarray
    before: np.ndarray

    @property
    def leverage(self) -> float:
        """Variance of the mean of all pairs, of a pair's variance."""
        return 1 / len(self.now)

    @property
    def free(self) -> int:
        """Degrees of freedom of the residuals."""
        return len(self.now) - 1

    def residual(self, values: np.ndarray) -> np.ndarray:
        """What the mean of all pairs does not explain."""
        moved = values[self.now] - values[self.before]
        return moved - moved.mean(axis=0)

    def difference(self, values: np.ndarray) -> np.ndarray:
        """Mean of all pairs."""
        return (values[self.now] - values[self.before]).mean(axis=0)


@lru_cache(256)
def fit_of(spans: tuple[Window, ...]) -> Levels | Pairs:
    """How the two windows are compared: in pairs where they are long and years apart, else by their levels."""
    pairs = _pairs(*spans[:2])
    return pairs or levels(np.repeat(np.arange(len(spans)), [span.days for span in spans]), weekdays_of(spans))


def _pairs(now: Window, before: Window) -> Pairs | None:
    apart = (now.start - before.start).days
    years = round(abs(apart) / _YEAR)
    if not years or abs(abs(apart) - years * _YEAR) > _ABOUT or abs(now.days - before.days) > years:
        return None
    if min(now.days, before.days) < ENOUGH_DAYS:
        return None
    days = np.arange(now.days)
    counterpart = days + apart - 7 * round(apart / 7)
    there = (counterpart >= 0) & (counterpart < before.days)
    return Pairs(days[there], counterpart[there] + now.days)


def levels(level: np.ndarray, weekday: np.ndarray | None = None) -> Levels:
    """The fit of days that belong to a level each, with a weekday pattern where their weekdays are given."""
    count = int(level.max()) + 1
    design = np.zeros((len(level), count + (6 if weekday is not None else 0)))
    design[np.arange(len(level)), level] = 1
    if weekday is not None:
        later = weekday > 0
        design[np.flatnonzero(later), count + weekday[later] - 1] = 1
    square = design.T @ design
    inverse = np.linalg.pinv(square, hermitian=True)
    contrast = inverse[0] - inverse[1]
    free = len(level) - int(np.linalg.matrix_rank(square))
    return Levels(design, inverse @ design.T, float(contrast[0] - contrast[1]), free)


def weekdays_of(spans: Sequence[Window]) -> np.ndarray:
    """(days,) weekday of each day of the spans, 0 is Monday."""
    return np.concatenate([(span.start.weekday() + np.arange(span.days)) % 7 for span in spans])
