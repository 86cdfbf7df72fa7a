"""How much a leaf varies by chance, measured from the leaves themselves.

The variance of `actual - factor * expected` is `event * q + relative * m**2 + rounding`, with m the larger of both
sides and q their mean. The first part is that of counts and sums of orders, and of ratios (q is the weight); the second
that of forecasts that miss by so many per cent whatever the size; the third that of whole numbers. Which of the first
two rules is seen from the leaves that hold nothing and from how the residuals grow with the size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.locate.tails import degrees_of

BINS = 12
FEWEST_LEAVES = 24
# Leaves with nothing on one side are few events, where they are on both sides (a cause empties one), or where small
# leaves are empty so much more often than large ones (a cause does not choose by size).
MOST_ON_BOTH_SIDES, MOST_BY_SIZE = 0.03, 0.15
LOST = 0.3
# The variance of what rounding to whole numbers adds.
OF_A_UNIT = 1 / 12
# Forecasts that miss by 0.2% are as good as right.
LEAST_RELATIVE = 0.002**2
# Of the absolute value of a standard normal variable.
MEDIAN_ABSOLUTE = 0.6745


@dataclass(frozen=True)
class Noise:
    """Parameters of a leaf's variance.

    Parameters
    ----------
    event : variance a unit of size
    relative : variance a squared unit of size
    is_relative : whether most leaves vary with their size rather than with the events in them
    rounding : variance of having been rounded, where forecasts or what they are held against are whole numbers
    degrees : how long the tails of what leaves miss are, as a t distribution's
    """

    event: float
    relative: float
    is_relative: bool
    rounding: float = 0.0
    degrees: float = np.inf


def measured(
    actual: np.ndarray,
    plain: np.ndarray,
    weight: np.ndarray | None,
    factor: float,
    *,
    kind: Noise | None = None,
) -> Noise:
    """The noise of leaves.

    Whole numbers that turn out to be counts are those of two windows: both vary as Poisson counts do.

    Parameters
    ----------
    plain : expectations without the common factor
    factor : the common factor
    kind : noise whose kind is kept; found where None
    """
    used = (actual > 0) | (plain > 0)
    actual, plain = actual[used], plain[used]
    expected = factor * plain
    if len(actual) < FEWEST_LEAVES:
        return Noise(1.0, 0.0, False) if kind is None else kind
    size = (actual + expected) / 2 if weight is None else np.maximum(weight[used], 1e-12)
    residual = actual - expected
    are_whole = is_whole(actual), is_whole(plain)
    are_counts = weight is None and all(are_whole)
    if _is_sparse(actual, expected):
        return Noise(1 + factor if are_counts else float((residual**2).sum() / size.sum()), 0.0, False)
    largest = np.maximum(actual, expected)
    rounding = 0.0 if weight is not None else (are_whole[0] + factor**2 * are_whole[1]) * OF_A_UNIT
    share, spread, rounded = _by_size(largest, size, residual, rounding)
    event, relative = _fitted(share, spread, rounded)
    is_relative = bool(np.mean(relative * largest**2 >= event * size) > 0.5) if kind is None else kind.is_relative
    if is_relative:
        # One side of normal noise looks smaller against the larger of both values; so much of the middle was lost.
        relative = max(relative, LEAST_RELATIVE) * (1 + LOST * np.sqrt(relative)) ** 2
        variance = event * size + relative * largest**2 + rounding
        return Noise(event, relative, True, rounding, degrees_of(residual / np.sqrt(variance)))
    return Noise(1 + factor if are_counts else float(np.median(spread / share)), 0.0, False)


def is_whole(values: np.ndarray) -> bool:
    """Whether all are whole numbers."""
    return bool((values == np.rint(values)).all())


def _is_sparse(actual: np.ndarray, expected: np.ndarray) -> bool:
    gone, new = actual == 0, expected == 0
    if min(gone.mean(), new.mean()) > MOST_ON_BOTH_SIDES:
        return True
    empty, other = (gone, expected) if gone.mean() > new.mean() else (new, actual)
    small = other <= np.median(other[other > 0])
    return bool(empty[small].mean() - empty[~small].mean() > MOST_BY_SIZE) if small.any() and not small.all() else False


def _by_size(
    largest: np.ndarray, size: np.ndarray, residual: np.ndarray, rounding: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Medians in parts of like size, all relative to it: the unit of events, the variance, that of rounding."""
    order = np.argsort(largest, kind="stable")
    parts = np.array_split(order, min(BINS, len(order) // 8))
    share = np.array([np.median(size[p] / largest[p] ** 2) for p in parts])
    spread = np.array([(np.median(np.abs(residual[p] / largest[p])) / MEDIAN_ABSOLUTE) ** 2 for p in parts])
    return share, spread, np.array([np.median(rounding / largest[p] ** 2) for p in parts])


def _fitted(share: np.ndarray, spread: np.ndarray, rounding: np.ndarray) -> tuple[float, float]:
    """Event and relative variance, neither below 0, that miss the parts' variances by the least per cent.

    Parts that are mostly rounding tell little of either.
    """
    from scipy.optimize import nnls

    scale = 1 / np.maximum(spread + 4 * rounding, max(float(spread.max()) * 1e-9, 1e-18))
    seen = np.maximum(spread - rounding, 0.0)
    (event, relative), _ = nnls(np.stack([share, np.ones_like(share)], axis=1) * scale[:, None], seen * scale)
    return float(event), float(relative)
