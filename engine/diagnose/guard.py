"""The noise guard: what one page shows is one family, and a signal is what survives that so much was looked at.

Benjamini and Hochberg's procedure keeps the share of false signals at 5%. Two kinds of question stand beside each
other on a page: did this move, and did it move unlike the rest. A shop that fell everywhere answers the first one
many times, which would loosen the procedure for the second; so a difference is a signal only where it is one among all
that the page shows and among its own kind. Intervals widen with the family as Benjamini and Yekutieli have it: one
excludes what the calendar brings exactly where its difference is a signal.

References
----------
Benjamini & Hochberg (1995), JRSS B 57(1), 289-300. Benjamini & Yekutieli (2005), JASA 100(469), 71-81.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.describe.judge import Judgement

# The share of false signals among signals; on a page where nothing happened, the share of pages with one.
Q = 0.05


@dataclass(frozen=True)
class Difference:
    """A difference as a page shows it, in the metric's own unit.

    Parameters
    ----------
    judgement : taken by itself
    low, high : the interval around it, as wide as the family asks for; None where it cannot be told
    p : adjusted for the family
    tag : "signal", "noise", or None where it cannot be told
    """

    judgement: Judgement
    low: float | None = None
    high: float | None = None
    p: float | None = None
    tag: str | None = None

    @property
    def difference(self) -> float | None:
        """Now less before."""
        return self.judgement.difference


def guard(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Each p value adjusted for all of them; None stays None and does not count."""
    told = [p for p in p_values if p is not None]
    if not told:
        return (None,) * len(p_values)
    from scipy.stats import false_discovery_control

    adjusted = iter(false_discovery_control(told).tolist())
    return tuple(None if p is None else next(adjusted) for p in p_values)


def family(kinds: Sequence[Sequence[Judgement]]) -> tuple[tuple[Difference, ...], ...]:
    """All that one page looks at, tagged together: one tuple for each kind of question, in the same order."""
    everything = [judgement.p for kind in kinds for judgement in kind]
    overall, whole, start, made = guard(everything), _threshold(everything), 0, []
    for kind in kinds:
        among = [judgement.p for judgement in kind]
        level = 1 - min(whole, _threshold(among))
        adjusted = zip(kind, guard(among), overall[start : start + len(kind)], strict=True)
        made.append(tuple(_difference(judgement, own, every, level) for judgement, own, every in adjusted))
        start += len(kind)
    return tuple(made)


def _difference(judgement: Judgement, own: float | None, every: float | None, level: float) -> Difference:
    if judgement.p is None:
        return Difference(judgement)
    p = max(own, every)
    return Difference(judgement, *judgement.bounds(level), p, "signal" if p <= Q else "noise")


def _threshold(p_values: Sequence[float | None]) -> float:
    """The p value up to which differences of this family are signals."""
    told = np.array([p for p in p_values if p is not None])
    signals = sum(p <= Q for p in guard(told.tolist()))
    return Q * max(signals, 1) / max(len(told), 1)
