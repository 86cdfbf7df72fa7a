"""How far from expected is anomalous, where many series are watched at once."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from engine.diagnose.anomalies.find import DAY, LENGTHS, STRETCH, Bounds, Seen, flag, stretch_scores

# The share of false alarms among alarms, by Benjamini and Hochberg's procedure over all days of a family of series.
Q = 0.05


def bounds_for(seen: Seen) -> Bounds:
    """Bounds at which at most 5% of the alarms of these series are false, and never below those of a single series.

    Parameters
    ----------
    seen : series that are one family, such as all values of all dimensions
    """
    score = np.where(seen.judged, np.nan_to_num(seen.expected.fit.scores), 0.0)
    day = max(DAY, _threshold(np.abs(score[seen.judged])))
    flagged = flag(score, seen.judged, Bounds(day=day))
    lengths = [length for length in LENGTHS if length < len(score) // 2]
    every = [np.abs(stretch_scores(seen, flagged, length)).ravel() for length in lengths]
    return Bounds(day=day, stretch=max(STRETCH, _threshold(np.concatenate(every))) if every else np.inf)


def _threshold(scores: np.ndarray) -> float:
    """The least score that is significant among all of them; what Bonferroni asks for where none is."""
    large = np.sort(scores[scores > 3.0])[::-1]
    tests = max(len(scores), 1)
    for rank in range(len(large), 0, -1):
        if math.erfc(large[rank - 1] / math.sqrt(2)) <= Q * rank / tests:
            return float(large[rank - 1])
    return -NormalDist().inv_cdf(Q / tests / 2)
