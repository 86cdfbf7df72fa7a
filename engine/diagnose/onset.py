"""From which day a part did otherwise: the stretch of days that best tells its daily orders from what was expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Stretches are sought among so many days at most: all pairs of longer windows are 300 thousand and more.
MOST_DAYS = 800


@dataclass(frozen=True)
class Stretch:
    """Days in which a series ran at another rate than expected.

    Parameters
    ----------
    start, end : positions, half open
    ratio : actual over expected within
    gain : log likelihood over that of the expected rate
    """

    start: int
    end: int
    ratio: float
    gain: float


def stretch(actual: np.ndarray, expected: np.ndarray) -> Stretch | None:
    """The stretch of days at one other rate that makes the counts most likely; None where no day is expected.

    Days are Poisson counts around what was expected, and around that times one ratio in the stretch (the scan
    statistic). A beginning after the first day and an end before the last are each a parameter: it must gain the
    logarithm of the number of days in likelihood, as in Schwarz's criterion, or the stretch reaches to that edge.

    Parameters
    ----------
    actual : (n,) counts, or amounts in mean orders, n <= MOST_DAYS
    expected : (n,) their expectation

    References
    ----------
    Kulldorff (1997), Communications in Statistics 26(6), 1481-1496; Schwarz (1978), Annals of Statistics 6, 461-464.
    """
    count = len(actual)
    if not count or count > MOST_DAYS or expected.sum() <= 0:
        return None
    before = np.concatenate([[0.0], np.cumsum(actual)])
    due = np.concatenate([[0.0], np.cumsum(expected)])
    seen, mean = (np.maximum(total[None, :] - total[:, None], 0.0) for total in (before, due))
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(seen > 0, seen * np.log(seen / mean), 0.0) - (seen - mean)
    gain[~(mean > 0)] = -np.inf
    gain[np.tril_indices(count + 1)] = -np.inf
    step = np.log(count)
    inner = np.arange(count + 1)
    price = step * ((inner[:, None] > 0).astype(float) + (inner[None, :] < count))
    start, end = np.unravel_index(int(np.argmax(gain - price)), gain.shape)
    found = float(gain[start, end])
    return Stretch(int(start), int(end), float(seen[start, end] / mean[start, end]), found)
