"""Two simpler ways to name a cause, for the comparison."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from engine.diagnose.locate.leaves import Leaves
from tests.bench.incidents.generator import Where

# Adtributor's published thresholds: explained by one value, and by all values of a dimension.
LEAST_EACH, LEAST_TOGETHER, MOST_DIMENSIONS = 0.1, 0.67, 3
# Segments smaller than this part of either side's total are not looked at; so deep, and so many are named.
SUPPORT, DEEPEST, MOST = 0.02, 2, 3
# A segment is named when it deviates from its complement's course by more than this.
LEAST_DEVIATION = 0.25


def adtributor(leaves: Leaves) -> list[Where]:
    """Values of the most surprising dimension that explain two thirds of the change (Bhagwan et al., NSDI 2014).

    By design it names single values only.
    """
    change = leaves.actual.sum() - leaves.expected.sum()
    found = []
    for place, name in enumerate(leaves.dimensions):
        now = np.bincount(leaves.codes[:, place], leaves.actual, leaves.sizes[place])
        before = np.bincount(leaves.codes[:, place], leaves.expected, leaves.sizes[place])
        power = (now - before) / change if change else np.zeros(len(now))
        surprise = _surprise(before / max(before.sum(), 1e-12), now / max(now.sum(), 1e-12))
        chosen, explained = [], 0.0
        for value in np.argsort(-surprise, kind="stable"):
            if power[value] > LEAST_EACH:
                chosen.append(int(value))
                explained += float(power[value])
            if explained > LEAST_TOGETHER:
                found.append((float(surprise[chosen].sum()), place, name, chosen))
                break
    if not found:
        return []
    _, place, name, chosen = max(found)
    return [frozenset([(name, leaves.labels[place][value])]) for value in chosen]


def apriori(leaves: Leaves) -> list[Where]:
    """Segments above a support, the largest unexpected difference against the complement first, redundant ones pruned.

    In the spirit of BigQuery's CONTRIBUTION_ANALYSIS with apriori support.
    """
    candidates = []
    for depth in range(1, min(DEEPEST, len(leaves.dimensions)) + 1):
        for dims in combinations(range(len(leaves.dimensions)), depth):
            sizes = [leaves.sizes[d] for d in dims]
            cell = np.ravel_multi_index(leaves.codes[:, list(dims)].T, sizes)
            now, before = (np.bincount(cell, v, int(np.prod(sizes))) for v in (leaves.actual, leaves.expected))
            large = np.maximum(now / max(now.sum(), 1e-12), before / max(before.sum(), 1e-12)) >= SUPPORT
            for value in np.flatnonzero(large):
                rest = max(before.sum() - before[value], 1e-12)
                usual = before[value] * (now.sum() - now[value]) / rest
                if abs(now[value] - usual) > LEAST_DEVIATION * max(usual, 1e-12):
                    place = np.unravel_index(value, sizes)
                    where = frozenset(
                        (leaves.dimensions[d], leaves.labels[d][v]) for d, v in zip(dims, place, strict=True)
                    )
                    candidates.append((abs(float(now[value] - usual)), where))
    chosen: list[Where] = []
    for _, where in sorted(candidates, key=lambda found: (-found[0], sorted(found[1]))):
        if len(chosen) < MOST and not any(where <= other or other <= where for other in chosen):
            chosen.append(where)
    return chosen


def _surprise(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Each value's part of the Jensen-Shannon divergence of two distributions."""
    middle = (before + now) / 2

    def part(one: np.ndarray) -> np.ndarray:
        return np.where(one > 0, one * np.log(np.maximum(one, 1e-300) / np.maximum(middle, 1e-300)), 0.0)

    return (part(before) + part(now)) / 2
