"""What each part adds to a change: exact, and for ratios apart in rate and mix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schema import MONEY_SCALE


@dataclass(frozen=True, eq=False)
class Contributions:
    """Additions to the change of the whole, (parts,) each, in the metric's unit; with the overlap they are all of it.

    Parameters
    ----------
    change : of the whole
    total : what each part adds
    rate, mix : for ratios: by its own rate, and by its weight; None for totals
    overlap : what no part adds alone, because some are counted in several parts
    reversal : whether every part's rate moved against the whole's (Simpson's paradox)
    """

    change: float
    total: np.ndarray
    rate: np.ndarray | None
    mix: np.ndarray | None
    overlap: float
    reversal: bool = False


@dataclass(frozen=True, eq=False)
class Fractions:
    """Numerators and denominators of a ratio in one window: by part, (parts,) each, and of the whole."""

    top: np.ndarray
    bottom: np.ndarray
    whole_top: float
    whole_bottom: float

    @property
    def rate(self) -> np.ndarray:
        """(parts,) each part's own ratio, NaN where it divides by nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.bottom != 0, self.top / self.bottom, np.nan)

    @property
    def weight(self) -> np.ndarray:
        """(parts,) each part's share of the denominator."""
        return self.bottom / self.whole_bottom

    @property
    def ratio(self) -> float:
        """The whole's."""
        return self.whole_top / self.whole_bottom


def of_totals(now: np.ndarray, before: np.ndarray, change: float) -> Contributions:
    """Contributions to the change of a total.

    Parameters
    ----------
    now, before : (parts,) counts, or money in currency units: whole ten-thousandths, and so is every contribution
    change : of the whole
    """
    steps = np.rint(now * MONEY_SCALE) - np.rint(before * MONEY_SCALE)
    all_steps = np.rint(change * MONEY_SCALE)
    overlap = float(all_steps - steps.sum()) / MONEY_SCALE
    return Contributions(float(all_steps) / MONEY_SCALE, steps / MONEY_SCALE, None, None, overlap)


def of_ratio(now: Fractions, before: Fractions) -> Contributions:
    """Contributions to the change of a ratio: rate and mix at the midpoint of both windows.

    A part's rate effect is the change of its rate by its mean weight; its mix effect is the change of its weight by
    how far its mean rate is from the whole's: growing adds to the whole where the part is above it. For two factors
    this is the Shapley value (Marshall and Edgeworth's index). A part that one window lacks has mix only. Where
    weights do not add up to one because an order is in several parts, the rest is overlap.
    """
    middle = (now.ratio + before.ratio) / 2
    weights, rates = now.weight - before.weight, now.rate - before.rate
    moved = np.nan_to_num(rates)
    rate = moved * (now.weight + before.weight) / 2
    mix = now.top / now.whole_bottom - before.top / before.whole_bottom - rate - middle * weights
    change = now.ratio - before.ratio
    overlap = change - float((rate + mix).sum())
    if abs(overlap) <= 1e-9 * max(abs(change), abs(now.ratio), abs(before.ratio)):
        mix, overlap = _closed(mix, rate, change), 0.0
    known = moved[np.isfinite(rates)]
    reversal = len(known) > 1 and bool((known * np.sign(change) < 0).all())
    return Contributions(change, rate + mix, rate, mix, overlap, reversal)


def _closed(mix: np.ndarray, rate: np.ndarray, change: float) -> np.ndarray:
    """The same mix with what floating point left over put where it is smallest in proportion."""
    if not len(mix):
        return mix
    closed, largest = mix.copy(), int(np.argmax(np.abs(rate + mix)))
    closed[largest] += change - float((rate + mix).sum())
    return closed
