"""A robust harmonic regression of many series at once.

Each series is a quasi-Poisson regression with a logarithmic link (sums of counted amounts) or a least squares one
(values that may be negative), by iteratively reweighted least squares: first with Huber's weights, then without the
observations that stay far away. Coefficients are shrunk towards 0 by how far from it they are expected to be. All
series share one design, so one iteration is one matrix product.

References
----------
Huber & Ronchetti (2009), Robust Statistics, 2nd ed., ch. 7: M-estimates of regression with a concomitant scale.
Cantoni & Ronchetti (2001), JASA 96, 1022-1030: robust inference for generalised linear models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.season.design import Design
from engine.diagnose.season.residual import plain_scores, scores

# Huber's constant: 95% efficient for normal errors; and the mean of his bounded square there.
HUBER, BOUNDED_SQUARE = 1.345, 0.7102
# Where the growth of the variance is learned: what is believed before, between which bounds, how firmly, and how much
# Huber's bounded square grows with the variance it is measured in.
POWER, POWERS, FIRMNESS, RESPONSE = 1.5, (1.0, 2.0), 4.0, 0.545
# How far the effect of a series' own column is expected to be from 0.
OWN_DEVIATION = 1.5
# What is further away than this has no weight in the second stage.
FAR = 3.5
ROBUST_ROUNDS, FINAL_ROUNDS = 6, 3


@dataclass(frozen=True, eq=False)
class Noise:
    """What is known of the noise of series before they are seen.

    Parameters
    ----------
    size : (m,) least variance of a total per unit of its mean: 1 for counts, the size of an order for money;
        0 where nothing is known
    power : how the variance beyond that grows with the mean: 2 for days that have a mood of their own, 1 for sums
        of orders; None to learn it from each series
    """

    size: np.ndarray
    power: float | None = None


@dataclass(frozen=True, eq=False)
class Fit:
    """What was expected of each observation of each series.

    Parameters
    ----------
    design : what it is made of
    coefficients : (p + k, m); those of the series' own columns last
    covariance : (m, p + k, p + k) of the coefficients
    expected, variance : (n, m) of the totals
    scores : (n, m) normal scores of the observations, NaN where there is none
    seasonal : (n, m) the part that comes back, on the scale of the logarithm (or in the series' own unit)
    is_log : whether the seasonal part multiplies
    own : (k, n, m) columns that each series has to itself
    exposure : (n, m) what totals are in proportion to
    """

    design: Design
    coefficients: np.ndarray
    covariance: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    scores: np.ndarray
    seasonal: np.ndarray
    is_log: bool
    own: np.ndarray
    exposure: np.ndarray

    def part(self, at: np.ndarray) -> Fit:
        """Some of the series."""
        arrays = (getattr(self, name)[:, at] for name in ("expected", "variance", "scores", "seasonal"))
        own, exposure = self.own[:, :, at], self.exposure[:, at]
        return Fit(self.design, self.coefficients[:, at], self.covariance[at], *arrays, self.is_log, own, exposure)


def fit(
    design: Design,
    totals: np.ndarray,
    *,
    known: np.ndarray,
    exposure: np.ndarray | None = None,
    noise: Noise,
    is_log: bool = True,
    own: np.ndarray | None = None,
) -> Fit:
    """Fit every series.

    Parameters
    ----------
    design : for the n observations
    totals : (n, m)
    known : (n,) or (n, m) bool: observations to learn from
    exposure : (n, m) what each total is expected to be proportional to, such as its orders; None for 1
    noise : of the m series
    is_log : whether effects multiply; else they add, and totals may be negative
    own : (k, n, m) columns that each series has to itself, such as its shifts of level; all 0 for one it lacks
    """
    solver = _Solver(design, totals, known, exposure, noise, is_log)
    solver.own = np.zeros((0, *totals.shape)) if own is None else own
    solver.run()
    return solver.result()


class _Solver:
    """The state of one fit."""

    def __init__(self, design, totals, known, exposure, noise, is_log) -> None:
        self.design, self.noise, self.is_log = design, noise, is_log
        self.known = np.broadcast_to(known.reshape(len(totals), -1), totals.shape) & np.isfinite(totals)
        self.totals = np.where(self.known, totals, 0.0)
        self.seen = totals
        self.exposure = np.ones_like(self.totals) if exposure is None else exposure
        self.known = self.known & (self.exposure > 0)
        self.unit = self._units()
        self.extra = np.zeros(totals.shape[1])
        self.power = np.full(totals.shape[1], POWER if noise.power is None else noise.power)

    def _units(self) -> np.ndarray:
        """(m,) what relative coefficients are relative to."""
        if self.is_log:
            return np.ones(self.totals.shape[1])
        counts = np.maximum(self.known.sum(axis=0), 1)
        return np.maximum(np.abs(self.totals).sum(axis=0) / counts, 1e-12)

    def run(self) -> None:
        """Iterate from a flat line to the robust fit, then to the fit of what is not far away."""
        rate = self.totals.sum(axis=0) / np.maximum((self.exposure * self.known).sum(axis=0), 1e-12)
        level = np.log(np.maximum(rate, 1e-9)) if self.is_log else rate / self.unit
        self.coefficients = np.zeros((self.design.columns.shape[1] + len(self.own), self.totals.shape[1]))
        self.coefficients[0] = level
        for round_ in range(ROBUST_ROUNDS + FINAL_ROUNDS):
            robust = round_ < ROBUST_ROUNDS
            self._predict()
            found = self._rescale(self._scores(), robust)
            if robust and round_ > 1:
                found = self._learn_power(found)
            self._solve(_weights(found, robust) * self.known)
        self._predict()

    def _predict(self) -> None:
        shared = self.design.columns.shape[1]
        linear = self.design.columns @ self.coefficients[:shared]
        for column, size in zip(self.own, self.coefficients[shared:], strict=True):
            linear += column * size
        if self.is_log:
            linear = np.clip(linear, -20, 40)
            self.mean = np.exp(linear) * self.exposure
        else:
            self.mean = linear * self.unit * self.exposure
        self.linear = linear
        self._vary()

    def _vary(self) -> None:
        mean = np.maximum(self.mean, 1e-9) if self.is_log else np.ones_like(self.mean)
        counts = np.maximum(self.known.sum(axis=0), 1)
        self.middle = np.maximum((mean * self.known).sum(axis=0) / counts, 1e-12)
        with np.errstate(invalid="ignore"):
            beyond = (mean / self.middle) ** self.power if self.is_log else 1.0
        self.variance = np.maximum(self.noise.size * mean + self.extra * beyond, 1e-12)

    def _scores(self) -> np.ndarray:
        if self.is_log:
            return scores(self.totals, np.maximum(self.mean, 1e-9), self.variance)
        return plain_scores(self.totals, self.mean, self.variance)

    def _rescale(self, found: np.ndarray, robust: bool) -> np.ndarray:
        """Let the variance beyond the floor be what the residuals ask for; the scores then."""
        for _ in range(6 if not self.extra.any() else 1):
            if robust:
                square, full = np.minimum(found**2, HUBER**2), BOUNDED_SQUARE
            else:
                square, full = np.where(np.abs(found) < FAR, found**2, 0.0), 0.9964
            count = np.maximum((self.known & (robust | (np.abs(found) < FAR))).sum(axis=0), 1)
            free = np.maximum(count - (0 if robust else self._spent(count)), 1)
            ratio = (square * self.known).sum(axis=0) / (free * full)
            floor = self.noise.size * self.middle if self.is_log else np.zeros_like(self.extra)
            usual = floor + self.extra
            start = np.where(usual > 0, usual, self._first_guess())
            self.extra = np.maximum(start * np.clip(ratio, 0.2, 5.0) - floor, 0.0)
            self.extra = np.where(floor + self.extra > 0, self.extra, 1e-9)
            self._vary()
            found = self._scores()
        return found

    def _learn_power(self, found: np.ndarray) -> np.ndarray:
        """One step towards the power at which large and small expectations have residuals of one size."""
        if self.noise.power is not None or not self.is_log:
            return found
        logs = np.log(np.maximum(self.mean, 1e-9))
        count = np.maximum(self.known.sum(axis=0), 1)
        logs = (logs - (logs * self.known).sum(axis=0) / count) * self.known
        excess = (np.minimum(found**2, HUBER**2) / BOUNDED_SQUARE - 1) * logs / RESPONSE
        evidence = (logs**2).sum(axis=0) / 3
        pull = excess.sum(axis=0) / 3 + FIRMNESS * (POWER - self.power)
        self.power = np.clip(self.power + pull / (evidence + FIRMNESS), *POWERS)
        self._vary()
        return self._scores()

    def _first_guess(self) -> np.ndarray:
        counts = np.maximum(self.known.sum(axis=0), 1)
        return np.maximum((((self.totals - self.mean) ** 2) * self.known).sum(axis=0) / counts, 1e-9)

    def _spent(self, count: np.ndarray) -> np.ndarray:
        """Degrees of freedom that the coefficients take; shrunk ones are not counted whole."""
        return np.minimum(getattr(self, "freedom", 0.0), count / 2)

    def _solve(self, weights: np.ndarray) -> None:
        slope = np.maximum(self.mean, 1e-9) if self.is_log else self.unit * self.exposure
        weight = weights * slope**2 / self.variance
        # A day without exposure has no slope and tells nothing.
        step = np.divide(self.totals - self.mean, slope, out=np.zeros_like(slope), where=slope > 0)
        # Far from the solution a step on the logarithm must not run away.
        target = self.linear + (np.clip(step, -1.0, 3.0) if self.is_log else step)
        square, right = equations(self.design, self.own, weight, weight * target)
        shrunk = square + np.diag(1 / deviations(self.design, self.own) ** 2)
        self.covariance = np.linalg.inv(shrunk)
        self.coefficients = np.einsum("mpq,qm->pm", self.covariance, right)
        self.freedom = np.einsum("mpq,mqp->m", self.covariance, square)

    def result(self) -> Fit:
        """Everything as one value."""
        found = np.where(np.isfinite(self.seen) & (self.exposure > 0), 1.0, np.nan)
        with np.errstate(invalid="ignore"):
            self.totals = np.where(np.isfinite(self.seen), self.seen, 0.0)
            found = found * self._scores()
        part = self.design.season
        seasonal = (
            self.design.columns[:, part] @ self.coefficients[: len(part)][part] * (1.0 if self.is_log else self.unit)
        )
        arrays = (self.mean, self.variance, found, seasonal)
        return Fit(self.design, self.coefficients, self.covariance, *arrays, self.is_log, self.own, self.exposure)


def equations(design: Design, own: np.ndarray, weight: np.ndarray, pull: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m, p + k, p + k) columns' weighted products with each other, and (p + k, m) their sums with `pull`.

    Parameters
    ----------
    own : (k, n, m)
    weight, pull : (n, m)
    """
    columns, shared = design.columns, design.columns.shape[1]
    size = shared + len(own)
    rows, cols = design.pairs
    square = np.empty((weight.shape[1], size, size))
    right = np.empty((size, weight.shape[1]))
    triangle = weight.T @ design.products
    square[:, rows, cols] = triangle
    square[:, cols, rows] = triangle
    right[:shared] = columns.T @ pull
    for i, one in enumerate(own, start=shared):
        weighted = weight * one
        square[:, i, :shared] = square[:, :shared, i] = weighted.T @ columns
        right[i] = (pull * one).sum(axis=0)
        for j, other in enumerate(own, start=shared):
            square[:, i, j] = (weighted * other).sum(axis=0)
    return square, right


def deviations(design: Design, own: np.ndarray) -> np.ndarray:
    """(p + k,) how far from 0 each coefficient is expected to be."""
    return np.concatenate([design.deviation, np.full(len(own), OWN_DEVIATION)])


def _weights(found: np.ndarray, robust: bool) -> np.ndarray:
    if robust:
        return np.minimum(1.0, HUBER / np.maximum(np.abs(found), 1e-9))
    return (np.abs(found) < FAR).astype(float)
