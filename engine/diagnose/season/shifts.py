"""Levels that change from one day to the next and stay: found by score tests, then part of what is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.season.design import Design
from engine.diagnose.season.fit import Fit, Noise, deviations, equations, fit

# Days a new level must have been seen; what is shorter is a dip or a spike.
SHORTEST = 28
# Days between two places looked at.
STRIDE = 7
# Score from which a shift is believed, and the least relative size. On 500 series of counts without any shift over
# two years, at levels of 0.5 to 200 a day, a score of 5 named none; a fall by 25% at 200 a day was named in 38 of 40.
BELIEVED, LEAST = 5.0, np.log(1.15)
MOST_SHIFTS = 3
# Places of a series that are tried, the days next to a shift that are left out when it is asked whether it stayed, and
# the part of its size that must be left then.
MOST_TRIED, NEXT_TO_IT, STAYING = 8, 28, 0.5
# A shift that trend and season explain but for this part of its information cannot be told from them.
LEAST_OWN = 0.02
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
    shortest: int = SHORTEST,
) -> Expected:
    """Fit every series, and those whose level shifts again with their shifts; arguments as of `fit`.

    Parameters
    ----------
    shortest : observations that a new level must have been seen for
    """
    known = np.broadcast_to(known.reshape(len(totals), -1), totals.shape)
    found = fit(design, totals, known=known, exposure=exposure, noise=noise, is_log=is_log)
    state = _State(found, totals, known, exposure, noise)
    state.shortest = shortest
    while state.grow():
        pass
    return Expected(state.whole(), tuple(map(tuple, state.shifts)), state.before_shift())


class _State:
    """The fit so far, shift by shift: all series that have one more are fitted at once."""

    def __init__(self, found: Fit, totals: np.ndarray, known: np.ndarray, exposure, noise: Noise) -> None:
        self.first, self.totals, self.known, self.exposure, self.noise = found, totals, known, exposure, noise
        self.shifts: list[list[Shift]] = [[] for _ in range(totals.shape[1])]
        self.fits: list[tuple[np.ndarray, Fit]] = []
        self.open = np.arange(totals.shape[1])

    def grow(self) -> bool:
        """Give the open series their next shift; whether one of them took it."""
        last = self.first if not self.fits else self.fits[-1][1]
        taken = [self.shifts[one] for one in self.open.tolist()]
        if not len(self.open) or max(map(len, taken)) == MOST_SHIFTS:
            return False
        place, score = _largest(last, self.totals[:, self.open], self.known[:, self.open], taken, self.shortest)
        keep = np.flatnonzero(np.abs(score) >= BELIEVED)
        if not len(keep):
            return False
        tried = [[*taken[i], Shift(int(place[i]), float(score[i]))] for i in keep.tolist()]
        at = self.open[keep]
        found = self._fit(at, tried)
        sizes = found.coefficients[-len(tried[0]) :]
        good = (np.abs(sizes) >= LEAST).all(axis=0)
        for one, shifts in zip(at[good].tolist(), (s for s, ok in zip(tried, good, strict=True) if ok), strict=True):
            self.shifts[one] = shifts
        self.open = at[good]
        self.fits.append((self.open, found.part(np.flatnonzero(good))))
        return bool(good.any())

    def _fit(self, at: np.ndarray, shifts: list[list[Shift]]) -> Fit:
        positions = np.arange(len(self.totals))[:, None]
        own = np.stack([positions >= [s[k].at for s in shifts] for k in range(len(shifts[0]))]).astype(float)
        exposure = None if self.exposure is None else self.exposure[:, at]
        noise = Noise(self.noise.size[at], self.noise.power)
        return fit(
            self.first.design,
            self.totals[:, at],
            known=self.known[:, at],
            exposure=exposure,
            noise=noise,
            is_log=self.first.is_log,
            own=own,
        )

    def whole(self) -> Fit:
        """The last fit of each series, as one."""
        found = self.first
        arrays = [found.expected.copy(), found.variance.copy(), found.scores.copy(), found.seasonal.copy()]
        coefficients, covariance = found.coefficients.copy(), found.covariance.copy()
        shared = len(coefficients)
        for at, better in self.fits:
            for array, new in zip(
                arrays, (better.expected, better.variance, better.scores, better.seasonal), strict=True
            ):
                array[:, at] = new
            coefficients[:, at] = better.coefficients[:shared]
            covariance[at] = better.covariance[:, :shared, :shared]
        return Fit(found.design, coefficients, covariance, *arrays, found.is_log, found.own, found.exposure)

    def before_shift(self) -> np.ndarray:
        """(n, m) expected without the last shift before each observation."""
        result = self.whole().expected.copy()
        for at, better in self.fits:
            for column, one in enumerate(at.tolist()):
                result[:, one] = _without_last(better, column, self.shifts[one])
        return result


def _without_last(found: Fit, column: int, shifts: list[Shift]) -> np.ndarray:
    """(n,) expected of one series without the last shift before each observation."""
    result = found.expected[:, column].copy()
    # A fit of fewer shifts than the series has is overwritten by a later one.
    sizes = found.coefficients[len(found.coefficients) - len(found.own) :, column]
    known = sorted(zip((shift.at for shift in shifts), sizes.tolist(), strict=False))
    edges = [at for at, _ in known] + [len(result)]
    unit = np.abs(found.expected[:, column]).mean()
    for (start, size), end in zip(known, edges[1:], strict=True):
        result[start:end] = result[start:end] * np.exp(-size) if found.is_log else result[start:end] - size * unit
    return result


def _largest(
    found: Fit, totals: np.ndarray, known: np.ndarray, taken: list[list[Shift]], shortest: int
) -> tuple[np.ndarray, np.ndarray]:
    """(m,) the place and the score of each series' strongest further shift; score 0 where none is worth a look."""
    count, series = found.expected.shape
    places = np.arange(shortest, count - shortest, STRIDE)
    if not len(places):
        return np.zeros(series, int), np.zeros(series)
    score, size = _tests(found, totals, known, places)
    score = np.where(np.abs(size) >= LEAST, score / _wandering(found, known), 0.0)
    for one, shifts in enumerate(taken):
        for shift in shifts:
            score[np.abs(places - shift.at) < shortest, one] = 0.0
    place, best = np.zeros(series, int), np.zeros(series)
    for one in np.flatnonzero((np.abs(score) >= BELIEVED).any(axis=0)).tolist():
        for i in np.argsort(-np.abs(score[:, one]))[:MOST_TRIED].tolist():
            if abs(score[i, one]) >= BELIEVED and _stays(found, totals, known, one, int(places[i]), size[i, one]):
                place[one] = _to_the_day(found, totals, known, one, int(places[i]), shortest)
                best[one] = score[i, one]
                break
    return place, best


def _stays(found: Fit, totals: np.ndarray, known: np.ndarray, one: int, place: int, size: float) -> bool:
    """Whether the levels differ as well without the days next to the shift.

    The beginning of a fall of three weeks looks like a shift; what comes after the three weeks does not.
    """
    level = np.where(known[:, one], np.nan_to_num(totals[:, one]), 0.0)
    if found.is_log:
        # What is expected divides by its own level only where the rest of it, exposure and season, is alike.
        usual = np.exp(found.seasonal[:, one]) * known[:, one] * found.exposure[:, one]
    else:
        level, usual = (level - found.seasonal[:, one]) * known[:, one], known[:, one].astype(float)
    away = min(NEXT_TO_IT, (len(level) - place) // 2, place // 2)
    before, after = slice(max(place - 3 * away, 0), place - away), slice(place + away, place + 3 * away)
    rates = [level[part].sum() / max(usual[part].sum(), 1e-9) for part in (before, after)]
    if found.is_log:
        change = float(np.log(max(rates[1], 1e-9) / max(rates[0], 1e-9)))
    else:
        change = (rates[1] - rates[0]) / float(np.abs(found.expected[:, one]).mean())
    return change * np.sign(size) >= STAYING * abs(size)


def _to_the_day(found: Fit, totals: np.ndarray, known: np.ndarray, one: int, place: int, shortest: int) -> int:
    """The day near a place at which the shift is strongest."""
    near = np.arange(max(place - STRIDE, shortest), min(place + STRIDE + 1, len(totals) - shortest + 1))
    at = np.array([one])
    score, _ = _tests(found.part(at), totals[:, at], known[:, at], near)
    return int(near[np.abs(score[:, 0]).argmax()])


def _tests(found: Fit, totals: np.ndarray, known: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places, m) score and size of a shift at each place, all else in the design allowed to give way."""
    unit = np.abs(found.expected).mean(axis=0)
    slope = found.expected if found.is_log else np.broadcast_to(unit, found.expected.shape)
    score = np.where(known, np.nan_to_num(found.scores), 0.0)
    inside = np.minimum(1.0, _BOUND / np.maximum(np.abs(score), 1e-9)) * known
    pull = np.where(known, np.nan_to_num(totals) - found.expected, 0.0) * inside * slope / found.variance
    weight = inside * slope**2 / found.variance
    edges = np.concatenate([places, [len(totals)]])
    gain, own = _from_each(pull, edges), _from_each(weight, edges)
    every = [*(column[:, None] for column in found.design.columns.T), *found.own]
    shared = np.stack([_from_each(weight * column, edges) for column in every], axis=2)
    square, right = equations(found.design, found.own, weight, pull)
    precision = 1 / deviations(found.design, found.own) ** 2
    covariance = np.linalg.inv(square + np.diag(precision))
    # What the bounded residuals still ask of the other columns is given to them before the shift is asked.
    still = np.einsum("mpq,qm->mp", covariance, right - precision[:, None] * found.coefficients)
    gain = gain - np.einsum("kmp,mp->km", shared, still)
    information = own - np.einsum("kmp,mpq,kmq->km", shared, covariance, shared, optimize=True)
    told = information > LEAST_OWN * own
    information = np.where(told, information, 1.0)
    return np.where(told, gain / np.sqrt(information), 0.0), np.where(told, gain / information, 0.0)


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
