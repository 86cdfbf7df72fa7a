"""Levels that change from one day to the next and stay: found by score tests, then part of what is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.season.design import Design
from engine.diagnose.season.fit import Fit, Noise, fit

# Days a new level must have been seen; what is shorter is a dip or a spike.
SHORTEST = 28
# Days between two places looked at.
STRIDE = 7
# Score from which a shift is believed, and the least relative size. On 500 series of counts without any shift over
# two years, at levels of 0.5 to 200 a day, a score of 5 named 1.
BELIEVED, LEAST = 5.0, np.log(1.15)
MOST_SHIFTS = 3
# A score bounded here cannot come from one day.
_BOUND = 3.0


@dataclass(frozen=True)
class Shift:
    """A lasting change of level.

    Parameters
    ----------
    at : position of the first observation of the new level
    score : in standard deviations, with its sign
    """

    at: int
    score: float


@dataclass(frozen=True, eq=False)
class Expected:
    """A fit and the shifts in it.

    Parameters
    ----------
    fit : of all series; its coefficients and covariance do not know of the shifts
    shifts : of each series, in time
    before_shift : (n, m) what would have been expected had the last shift before each observation not come
    """

    fit: Fit
    shifts: tuple[tuple[Shift, ...], ...]
    before_shift: np.ndarray


def expect(
    design: Design,
    totals: np.ndarray,
    *,
    known: np.ndarray,
    exposure: np.ndarray | None,
    noise: Noise,
    is_log: bool = True,
) -> Expected:
    """Fit every series, and those whose level shifts once more with their shifts; arguments as of `fit`."""
    first = fit(design, totals, known=known, exposure=exposure, noise=noise, is_log=is_log)
    known = np.broadcast_to(known.reshape(len(totals), -1), totals.shape)
    arrays = [first.expected.copy(), first.variance.copy(), first.scores.copy(), first.seasonal.copy()]
    before = first.expected.copy()
    shifts: list[tuple[Shift, ...]] = [()] * totals.shape[1]
    place, size = _largest(first, totals, known)
    for one in np.flatnonzero(np.abs(size) >= BELIEVED).tolist():
        at = slice(one, one + 1)
        own = exposure[:, at] if exposure is not None else None
        asked = {"known": known[:, at], "exposure": own, "noise": Noise(noise.size[at], noise.power), "is_log": is_log}
        found, better = _grow(design, totals[:, at], asked, Shift(int(place[one]), float(size[one])))
        if not found:
            continue
        shifts[one] = found
        for array, new in zip(arrays, (better.expected, better.variance, better.scores, better.seasonal), strict=True):
            array[:, one] = new[:, 0]
        before[:, one] = _without_last(better, found)
    whole = Fit(design, first.coefficients, first.covariance, *arrays, is_log)
    return Expected(whole, tuple(shifts), before)


def _grow(design: Design, totals: np.ndarray, asked: dict, candidate: Shift) -> tuple[tuple[Shift, ...], Fit | None]:
    """Add shifts to one series as long as the next is believed; those that turn out small are not kept."""
    places: list[Shift] = []
    kept: tuple[tuple[Shift, ...], Fit | None] = ((), None)
    while len(places) < MOST_SHIFTS and abs(candidate.score) >= BELIEVED:
        places.append(candidate)
        wider = _with_shifts(design, places)
        found = fit(wider, totals, **asked)
        size = found.coefficients[design.columns.shape[1] :, 0]
        if np.abs(size).min() < LEAST:
            break
        kept = (tuple(sorted(places, key=lambda shift: shift.at)), found)
        place, score = _largest(found, totals, asked["known"], [shift.at for shift in places])
        candidate = Shift(int(place[0]), float(score[0]))
    return kept


def _with_shifts(design: Design, shifts: list[Shift]) -> Design:
    for shift in sorted(shifts, key=lambda shift: shift.at):
        design = design.with_column((np.arange(len(design.times)) >= shift.at).astype(float), 1.5)
    return design


def _without_last(found: Fit, shifts: tuple[Shift, ...]) -> np.ndarray:
    """(n,) expected without the last shift before each observation."""
    sizes = found.coefficients[-len(shifts) :, 0]
    result = found.expected[:, 0].copy()
    edges = [shift.at for shift in shifts] + [len(result)]
    unit = np.abs(found.expected[:, 0]).mean()
    for size, start, end in zip(sizes, edges, edges[1:], strict=False):
        result[start:end] = result[start:end] * np.exp(-size) if found.is_log else result[start:end] - size * unit
    return result


def _largest(
    found: Fit, totals: np.ndarray, known: np.ndarray, taken: list[int] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(m,) the place and the score of each series' strongest shift; score 0 where there is none worth a look."""
    count, series = found.expected.shape
    places = np.arange(SHORTEST, count - SHORTEST, STRIDE)
    places = places[[all(abs(place - other) >= SHORTEST for other in taken or ()) for place in places]]
    if not len(places):
        return np.zeros(series, int), np.zeros(series)
    score, size = _tests(found, totals, known, places)
    score = np.where(np.abs(size) >= LEAST, score / _wandering(found, known), 0.0)
    best = np.abs(score).argmax(axis=0)
    best_score = score[best, np.arange(series)]
    place = places[best]
    for one in np.flatnonzero(np.abs(best_score) >= BELIEVED).tolist():
        place[one] = _to_the_day(found, totals, known, one, int(place[one]))
    return place, best_score


def _to_the_day(found: Fit, totals: np.ndarray, known: np.ndarray, one: int, place: int) -> int:
    """The day near a place at which the shift is strongest."""
    near = np.arange(max(place - STRIDE, SHORTEST), min(place + STRIDE + 1, len(found.expected) - SHORTEST + 1))
    at = slice(one, one + 1)
    cut = Fit(
        found.design,
        found.coefficients[:, at],
        found.covariance[at],
        found.expected[:, at],
        found.variance[:, at],
        found.scores[:, at],
        found.seasonal[:, at],
        found.is_log,
    )
    score, _ = _tests(cut, totals[:, at], known[:, at], near)
    return int(near[np.abs(score[:, 0]).argmax()])


def _tests(found: Fit, totals: np.ndarray, known: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places, m) score and size of a shift at each place, all else in the design allowed to give way."""
    unit = np.abs(found.expected).mean(axis=0)
    slope = found.expected if found.is_log else np.broadcast_to(unit, found.expected.shape)
    score = np.where(known, np.nan_to_num(found.scores), 0.0)
    inside = np.minimum(1.0, _BOUND / np.maximum(np.abs(score), 1e-9)) * known
    pull = np.where(known, np.nan_to_num(totals) - found.expected, 0.0) * inside * slope / found.variance
    weight = inside * slope**2 / found.variance
    columns = found.design.columns
    edges = np.concatenate([places, [len(columns)]])
    gain = _from_each(pull, edges)
    own = _from_each(weight, edges)
    shared = np.stack([_from_each(weight * column[:, None], edges) for column in columns.T], axis=2)
    taken = np.einsum("kmp,mpq,kmq->km", shared, found.covariance, shared, optimize=True)
    information = np.maximum(own - taken, 1e-9 + 0.01 * own)
    return gain / np.sqrt(information), gain / information


def _wandering(found: Fit, known: np.ndarray) -> np.ndarray:
    """(m,) how much more than independent days fortnights vary; at least 1."""
    score = np.clip(np.where(known, np.nan_to_num(found.scores), 0.0), -_BOUND, _BOUND)
    edges = np.arange(0, len(score), 2 * STRIDE)
    days = np.maximum(np.add.reduceat(np.broadcast_to(known, score.shape).astype(float), edges, axis=0), 1.0)
    sums = np.add.reduceat(score, edges, axis=0) / np.sqrt(days)
    return np.maximum(1.4826 * np.median(np.abs(sums), axis=0), 1.0)


def _from_each(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Sums from each edge to the end; the last edge is the end."""
    blocks = np.add.reduceat(values, edges[:-1], axis=0)
    return blocks[::-1].cumsum(axis=0)[::-1]
