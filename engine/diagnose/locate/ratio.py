"""Ratios as totals: what the old ratio of each leaf would have made of the denominator it has now."""

from __future__ import annotations

import numpy as np

from engine.diagnose.locate.leaves import Leaves

# Going round so often brings the factors of ten dimensions to three digits.
ROUNDS = 4

Pair = tuple[np.ndarray, np.ndarray]


def of_dense_ratio(
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
    return Leaves(dimensions, labels, codes[keep], top, old_top * scale, weight=bottom * (1 + scale), per=bottom)


def of_sparse_ratio(leaves: Leaves, now: Pair, before: Pair) -> tuple[np.ndarray, np.ndarray, float]:
    """Numerators expected now, the ratio each leaf usually has, and the length of the window in those of the other.

    Most leaves have a denominator in one window only, so that no leaf's own ratio can be compared. Each leaf's usual
    ratio is that of both windows together, times what each of its values usually makes of it. A leaf is expected to
    have what is usual, and to miss it as it did before.
    """
    (top, bottom), (old_top, old_bottom) = now, before
    usual = _usual(leaves.codes, leaves.sizes, top + old_top, bottom + old_bottom)
    length = float((usual * bottom).sum() / max(float((usual * old_bottom).sum()), 1e-300))
    return usual * bottom + length * (old_top - usual * old_bottom), usual, length


def _usual(codes: np.ndarray, sizes: tuple[int, ...], top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """(n,) ratios fitted by one factor a value of each dimension, by going round the dimensions until they stay."""
    ratio = np.full(len(codes), float(top.sum()) / max(float(bottom.sum()), 1e-300))
    for _ in range(ROUNDS):
        for place, size in enumerate(sizes):
            own = codes[:, place]
            seen, made = np.bincount(own, top, size), np.bincount(own, ratio * bottom, size)
            ratio = ratio * np.where((made > 0) & (seen > 0), seen / np.where(made > 0, made, 1.0), 1.0)[own]
    return ratio
