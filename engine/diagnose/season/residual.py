"""How many standard deviations a count, or a sum of counted amounts, is from what was expected."""

from __future__ import annotations

import numpy as np


def scores(actual: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Normal scores of totals of independent orders: skewness of small counts taken out, elementwise.

    A total with that mean and variance is read as a Poisson count of `expected**2 / variance` orders of one size,
    and its deviance becomes the score. The score of none at all is that of their chance.

    Parameters
    ----------
    actual, expected, variance : arrays of one shape; expected and variance above 0

    References
    ----------
    Pierce & Schafer (1986), JASA 81, 977-986: deviance residuals with a correction of 1 / (6 sqrt(mean)).
    """
    size = expected / variance
    orders, count = expected * size, np.maximum(actual * size, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(count > 0, count * np.log(count / orders), 0.0)
    distance = np.sqrt(np.maximum(2 * (gain - (count - orders)), 0))
    # The correction is one of large means; below half an order it would make a surplus of nothing.
    found = np.where(count >= orders, distance, -distance) + 1 / (6 * np.sqrt(np.maximum(orders, 0.5)))
    found = np.where(count < orders, np.minimum(found, 0.0), found)
    none = actual <= 0
    if np.any(none):
        found = np.asarray(found)
        less = np.minimum(actual * size, 0) / np.sqrt(orders)
        found[none] = np.maximum(found[none], -_none_at_all(orders[none])) + less[none]
    return found


def plain_scores(actual: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Normal scores where values may be below 0: the difference over its standard deviation."""
    return (actual - expected) / np.sqrt(variance)


def _none_at_all(orders: np.ndarray) -> np.ndarray:
    """The normal score of a probability of exp(-orders): within 5% from two orders on, and less than it below."""
    score = np.sqrt(2 * orders)
    for _ in range(3):
        score = np.sqrt(np.maximum(2 * (orders - np.log(np.maximum(score, 0.4) * 2.506628)), 0))
    return score
