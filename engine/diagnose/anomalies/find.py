"""Stretches of a series that are not what was expected: single days first, then weeks that add up to something.

A day is anomalous where its normal score is beyond a bound; its neighbours in the same direction belong to it from a
lower bound on. Stretches of one to four weeks are then looked at in the rest: three weeks without an order in a
segment that has one a day are nothing by day, and much by week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.season.residual import plain_scores, scores
from engine.diagnose.season.shifts import SHORTEST, Expected

# Scores from which a day, its neighbour, and a stretch of days are anomalous. On 30 series of two years without an
# anomaly these flag 0.15 days a series and year at 20 orders a day, and 0.22 at 200.
DAY, NEIGHBOUR, STRETCH = 3.5, 2.5, 4.5
LENGTHS = (7, 14, 21, 28)


@dataclass(frozen=True)
class Bounds:
    """From which score on something is anomalous.

    Parameters
    ----------
    day, neighbour, stretch : of single observations, of those beside one, and of stretches; infinite for none
    """

    day: float = DAY
    neighbour: float = NEIGHBOUR
    stretch: float = STRETCH


@dataclass(frozen=True)
class Event:
    """An anomalous stretch of one series.

    Parameters
    ----------
    series : its column
    first, last : positions, both counted
    score : the stretch as a whole, in standard deviations, with its sign
    kind : "spike", "dip" or "level shift"
    """

    series: int
    first: int
    last: int
    score: float
    kind: str


@dataclass(frozen=True, eq=False)
class Seen:
    """Series and what was expected of them.

    Parameters
    ----------
    totals, exposure : (n, m); exposure None for 1
    judged : (n, m) bool: observations that there are, on days the shop is open
    expected : the fit, and its shifts
    """

    totals: np.ndarray
    exposure: np.ndarray | None
    judged: np.ndarray
    expected: Expected

    def score(self, actual: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
        """Normal scores of totals."""
        return (scores if self.expected.fit.is_log else plain_scores)(actual, expected, variance)


def find(
    seen: Seen, bounds: Bounds, *, lengths: tuple[int, ...] = LENGTHS, shift_days: int = SHORTEST
) -> tuple[Event, ...]:
    """Every event of every series, by series and time.

    Parameters
    ----------
    seen : the series
    bounds : how far is anomalous
    lengths : of the stretches looked at, in observations
    shift_days : how many observations of a new level are told as its event
    """
    score = np.where(seen.judged, np.nan_to_num(seen.expected.fit.scores), 0.0)
    flagged = flag(score, seen.judged, bounds)
    if np.isfinite(bounds.stretch):
        flagged = flagged + stretches(seen, flagged, bounds.stretch, lengths)
    events = [event for one in range(score.shape[1]) for event in _runs(seen, flagged, one)]
    return tuple(events) + _shifted(seen, shift_days)


def flag(score: np.ndarray, judged: np.ndarray, bounds: Bounds) -> np.ndarray:
    """(n, m) int8: 1 where an observation is a spike, -1 where it is a dip, 0 elsewhere."""
    sure = np.where(np.abs(score) >= bounds.day, np.sign(score), 0).astype(np.int8)
    near = np.where(np.abs(score) >= bounds.neighbour, np.sign(score), 0).astype(np.int8)
    for one in np.flatnonzero(sure.any(axis=0)).tolist():
        open_days = np.flatnonzero(judged[:, one])
        sure[open_days, one] = _spread(sure[open_days, one], near[open_days, one])
    return sure


def _spread(sure: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The sure ones and all that reach them through neighbours of their own direction."""
    edges = np.flatnonzero(np.diff(near, prepend=0, append=0))
    result = np.zeros_like(sure)
    for start, end in zip(edges, edges[1:], strict=False):
        if near[start] and (sure[start:end] == near[start]).any():
            result[start:end] = near[start]
    return result


def stretch_scores(seen: Seen, flagged: np.ndarray, length: int) -> np.ndarray:
    """(n - length + 1, m) scores of all stretches of so many observations, those already flagged left out."""
    fit = seen.expected.fit
    counted = seen.judged & (flagged == 0)
    actual = _moving(np.where(counted, np.nan_to_num(seen.totals), 0.0), length)
    expected = _moving(np.where(counted, fit.expected, 0.0), length)
    variance = _moving(np.where(counted, fit.variance, 0.0), length)
    enough = _moving(counted.astype(float), length) >= length / 2
    safe = np.where(enough, expected, 1.0), np.where(enough, np.maximum(variance, 1e-12), 1.0)
    score = np.where(enough, seen.score(actual, np.maximum(safe[0], 1e-9) if fit.is_log else safe[0], safe[1]), 0.0)
    # Days that hang together make long stretches vary more than the sum of their days says.
    return score / np.maximum(1.4826 * np.median(np.abs(score), axis=0), 1.0)


def stretches(seen: Seen, flagged: np.ndarray, bound: float, lengths: tuple[int, ...]) -> np.ndarray:
    """(n, m) int8: the direction of stretches beyond the bound, strongest first and none over another."""
    result = np.zeros_like(flagged)
    found = []
    for length in lengths:
        if length < len(flagged) // 2:
            score = stretch_scores(seen, flagged, length)
            starts, series = np.nonzero(np.abs(score) >= bound)
            found += zip(
                np.abs(score[starts, series]).tolist(),
                series.tolist(),
                starts.tolist(),
                [length] * len(starts),
                np.sign(score[starts, series]).tolist(),
                strict=True,
            )
    taken = np.zeros(flagged.shape, bool)
    for _, one, start, length, sign in sorted(found, reverse=True):
        at = slice(start, start + length)
        if not taken[at, one].any():
            taken[at, one] = True
            result[at, one] = np.where(flagged[at, one] == 0, sign, 0)
    return result


def _moving(values: np.ndarray, length: int) -> np.ndarray:
    summed = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    return summed[length:] - summed[:-length]


def _runs(seen: Seen, flagged: np.ndarray, one: int) -> list[Event]:
    """Flagged days of one direction that follow each other, days on which nothing is judged between them or not."""
    days = np.flatnonzero(seen.judged[:, one])
    marks = flagged[days, one]
    if not marks.any():
        return []
    edges = np.flatnonzero(np.diff(marks, prepend=0, append=0))
    events = []
    for start, end in zip(edges, edges[1:], strict=False):
        if marks[start]:
            first, last = int(days[start]), int(days[end - 1])
            kind = "spike" if marks[start] > 0 else "dip"
            events.append(Event(one, first, last, _whole(seen, one, days[start:end]), kind))
    return events


def _whole(seen: Seen, one: int, days: np.ndarray) -> float:
    """The score of a stretch: of its total, or of its strongest day where that is stronger."""
    fit = seen.expected.fit
    total = seen.score(
        seen.totals[days, one].sum(), fit.expected[days, one].sum(), np.maximum(fit.variance[days, one].sum(), 1e-12)
    )
    strongest = fit.scores[days, one][np.abs(fit.scores[days, one]).argmax()]
    return float(total if abs(total) > abs(strongest) else strongest)


def _shifted(seen: Seen, days: int) -> tuple[Event, ...]:
    """The first observations of each new level."""
    last = len(seen.totals) - 1
    return tuple(
        Event(one, shift.at, min(shift.at + days - 1, last), shift.score, "level shift")
        for one, shifts in enumerate(seen.expected.shifts)
        for shift in shifts
    )
