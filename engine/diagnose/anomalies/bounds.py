"""How far from expected is anomalous, where many series are watched at once."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from engine.diagnose.anomalies.find import DAY, LENGTHS, STRETCH, Bounds, Seen

# The share of false alarms among alarms, by Benjamini and Hochberg's procedure over all days of a family of series; and
# the chance of any false stretch in a family.
Q = 0.05
# Stretches that begin on any day are more than those that lie side by side: over 316 pairs of the demo shop the largest
# score of 21 days, the planted incident aside, is 4.2, as if 2.7 times as many independent ones were looked at.
OVERLAPPING = 3


def bounds_for(seen: Seen) -> Bounds:
    """Bounds at which at most 5% of the alarms of these series are false, and never below those of a single series.

    Parameters
    ----------
    seen : series that are one family, such as all values of all dimensions
    """
    score = np.where(seen.judged, np.nan_to_num(seen.expected.fit.scores), 0.0)
    day = max(DAY, _threshold(np.abs(score[seen.judged])))
    tests = OVERLAPPING * sum(score.size / length for length in LENGTHS if length < len(score) // 2)
    stretch = max(STRETCH, _rarest(tests)) if tests else np.inf
    return Bounds(day=day, stretch=stretch)


def _threshold(scores: np.ndarray) -> float:
    """The least score that is significant among all of them; what Bonferroni asks for where none is."""
    large = np.sort(scores[scores > 3.0])[::-1]
    tests = max(len(scores), 1)
    for rank in range(len(large), 0, -1):
        if math.erfc(large[rank - 1] / math.sqrt(2)) <= Q * rank / tests:
            return float(large[rank - 1])
    return _rarest(tests)


def _rarest(tests: float) -> float:
    """The score that one of so many tests passes by chance in 5 of 100 cases."""
    return -NormalDist().inv_cdf(Q / tests / 2)
