"""Ratios as totals: what the old ratio of each leaf would have made of the denominator it has now."""

from __future__ import annotations

import numpy as np

from engine.diagnose.locate.leaves import Leaves

Pair = tuple[np.ndarray, np.ndarray]


def of_ratio(
    dimensions: tuple[str, ...], labels: tuple[tuple[str, ...], ...], codes: np.ndarray, now: Pair, before: Pair
) -> Leaves:
    """Leaves of a ratio, judged at equal mix.

    Parameters
    ----------
    dimensions, labels, codes : as in Leaves
    now, before : numerators and denominators of the leaves in the two windows

    Leaves without a denominator on one side have no ratio to compare and are left out. A numerator's chance is that of
    both windows: `d1 * (1 + d1 / d0)` times the variance of one observation.
    """
    (top, bottom), (old_top, old_bottom) = (tuple(np.asarray(part, float) for part in pair) for pair in (now, before))
    keep = (bottom > 0) & (old_bottom > 0)
    top, bottom, old_top, old_bottom = (part[keep] for part in (top, bottom, old_top, old_bottom))
    scale = bottom / old_bottom
    return Leaves(dimensions, labels, codes[keep], top, old_top * scale, weight=bottom * (1 + scale))
