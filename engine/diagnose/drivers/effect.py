"""What every driver is told as: an estimate with its interval and p value, and the test of many at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Intervals hold 95%; a driver is named where its corrected p value is below 5%.
LEVEL = 0.95
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Effect:
    """An estimate in the unit of its field.

    Parameters
    ----------
    value : the estimate
    low, high : its 95% interval
    p : probability of an estimate at least this far from "no effect" where there is none
    """

    value: float
    low: float
    high: float
    p: float

    @property
    def exp(self) -> Effect:
        """The effect on a log scale as a ratio; "no effect" is 1."""
        return Effect(*(math.exp(min(v, 700.0)) for v in (self.value, self.low, self.high)), self.p)

    @property
    def holds(self) -> bool:
        """Whether it differs from "no effect", looked at alone."""
        return self.p < SIGNIFICANT

    def times(self, factor: float) -> Effect:
        """The same effect in another unit; a negative factor turns the interval round."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Effect(self.value * factor, low, high, self.p)


def effect(value: float, error: float, free: float) -> Effect:
    """An estimate with its standard error, judged by Student's t with so many degrees of freedom."""
    from scipy import stats

    if not error > 0:
        return Effect(float(value), float(value), float(value), 1.0 if value == 0 else 0.0)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, free)) * error
    p = 2 * float(stats.t.sf(abs(value) / error, free))
    return Effect(float(value), float(value - reach), float(value + reach), p)


def corrected(p: Sequence[float]) -> list[float]:
    """P values corrected for how many there are (Benjamini & Hochberg 1995)."""
    from scipy import stats

    return [float(q) for q in stats.false_discovery_control(list(p))] if len(p) else []
