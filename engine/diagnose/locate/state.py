"""Causes and a common factor that fit each other, and which of several such states the leaves speak for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.locate.common import SAME_FACTOR, telling_cells
from engine.diagnose.locate.cube import Cube
from engine.diagnose.locate.evidence import PRIOR_LEAVES, Evidence
from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.noise import Noise

MOST_COST = 100.0
# Forecasts are made to be right on the whole: that they are not costs as much as so many causes. Where most values of a
# dimension moved, F1 was .47 without it, .90 with it and .92 with 30, which cost biased forecasts .06.
OFF = 10.0


@dataclass(frozen=True, eq=False)
class State:
    """Causes and a common factor that fit each other."""

    chosen: tuple[int, ...]
    owner: np.ndarray
    factor: float
    evidence: Evidence
    noise: Noise
    price: np.ndarray

    @property
    def paid(self) -> float:
        """The prices of the causes together."""
        return float(self.price[list(self.chosen)].sum())


def likeliest(leaves: Leaves, elements: Cube, tried: list[State]) -> State:
    """The likeliest state, each cause at its price; where one shows that leaves are counts, they are."""
    counted = [state for state in tried if not state.noise.is_relative]
    if not counted:
        return min(tried, key=lambda state: cost_of_forecasts(leaves, state))
    event = min(state.noise.event / (1 + state.factor) for state in counted)
    return min(counted, key=lambda state: cost_of_counts(leaves, elements, state, event))


def cost_of_counts(leaves: Leaves, elements: Cube, state: State, event: float) -> float:
    """Deviance of the split of each leaf's total between both sides, or squares of sparse sums; and the prices."""
    ratio = _ratios(leaves, state)
    actual, expected = leaves.actual, leaves.expected
    if leaves.weight is not None:
        weight = state.noise.event * (leaves.weight if leaves.whole is None else leaves.whole)
        cells = telling_cells(elements, leaves, 1.0)
        squares = np.bincount(cells, actual - ratio * expected) ** 2 / np.maximum(np.bincount(cells, weight), 1e-300)
    else:
        now = (actual + expected) * ratio / (1 + ratio)
        squares = 2 * (_surprise(actual, now) + _surprise(expected, actual + expected - now)) / event
    return float(squares.sum()) + state.paid


def cost_of_forecasts(leaves: Leaves, state: State) -> float:
    """Twice the negative log-likelihood, the causes' prices, and more where forecasts are off on the whole.

    The leaves of a cause have a spread of their own.
    """
    expected = _ratios(leaves, state) * leaves.expected
    largest = np.maximum(leaves.actual, expected)
    size = (leaves.actual + expected) / 2 if leaves.weight is None else leaves.weight
    variance = state.noise.event * size + state.noise.relative * largest**2 + state.noise.rounding
    known = (leaves.expected > 0) & (variance > 0)
    squares = np.minimum((leaves.actual - expected)[known] ** 2 / variance[known], MOST_COST)
    own, place, count = np.unique(state.owner[known], return_inverse=True, return_counts=True)
    spread = (np.bincount(place, squares) + PRIOR_LEAVES) / (count + PRIOR_LEAVES)
    spread = np.where(own < 0, 1.0, spread)[place]
    unlikely = float((squares / spread + np.log(spread * variance[known] / leaves.expected[known] ** 2)).sum())
    return unlikely + state.paid + OFF * float(abs(state.factor - 1) > SAME_FACTOR) * float(state.price.max())


def _ratios(leaves: Leaves, state: State) -> np.ndarray:
    """(n,) the ratio of each leaf's cause, or the common factor."""
    own, place = np.unique(state.owner, return_inverse=True)
    now, before = np.bincount(place, leaves.actual), np.bincount(place, leaves.expected)
    whole = np.divide(now, before, out=np.full(len(own), 1e9), where=before > 0)
    return np.where(own < 0, state.factor, whole)[place]


def _surprise(seen: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-300) / np.maximum(mean, 1e-300)), 0.0)
