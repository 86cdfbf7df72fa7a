"""How many standard deviations a count, or a sum of counted amounts, is from what was expected."""

from __future__ import annotations

import numpy as np


def scores(actual: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Normal scores of totals of independent orders: skewness of small counts taken out, elementwise.

    A total with that mean and variance is read as a Poisson count of `expected**2 / variance` orders of one size,
    and its deviance becomes the score. The least score is what no order at all is worth.

    Parameters
    ----------
    actual, expected, variance : arrays of one shape; expected and variance above 0

    References
    ----------
    Pierce & Schafer (1986), JASA 81, 977-986: deviance residuals with a correction of 1 / (6 sqrt(mean)).
    """
    orders = expected**2 / variance
    count = np.maximum(actual * expected / variance, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(count > 0, count * np.log(count / orders), 0.0)
    distance = np.sqrt(np.maximum(2 * (gain - (count - orders)), 0))
    found = np.where(count >= orders, distance, -distance) + 1 / (6 * np.sqrt(orders))
    below_zero = np.minimum((actual * expected / variance), 0) / np.sqrt(orders)
    return np.maximum(found, -_none_at_all(orders)) + below_zero


def plain_scores(actual: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Normal scores where values may be below 0: the difference over its standard deviation."""
    return (actual - expected) / np.sqrt(variance)


def _none_at_all(orders: np.ndarray) -> np.ndarray:
    """The normal score of a probability of exp(-orders), to 2% from one order on."""
    score = np.sqrt(2 * orders)
    for _ in range(3):
        score = np.sqrt(np.maximum(2 * (orders - np.log(np.maximum(score, 0.4) * 2.506628)), 0))
    return score
