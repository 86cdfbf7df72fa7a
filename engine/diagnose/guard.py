"""The noise guard: what one page shows is one family, and a signal is what survives that so much was looked at.

Benjamini and Hochberg's procedure keeps the share of false signals at 5%. Two kinds of question stand beside each
other on a page: did this move, and did it move unlike the rest. A shop that fell everywhere answers the first one
many times, which would loosen the procedure for the second; so a difference is a signal only where it is one among all
that the page shows and among its own kind. Half of the allowance is dealt out evenly and half by size, which says
nothing about the difference: otherwise 28 small countries would hide what happened in the one that is the shop.
Intervals widen with the family as Benjamini and Yekutieli have it: one excludes what the calendar brings exactly where
its difference is a signal.

References
----------
Benjamini & Hochberg (1995), JRSS B 57(1), 289-300. Benjamini & Yekutieli (2005), JASA 100(469), 71-81.
Genovese, Roeder & Wasserman (2006), Biometrika 93(3), 509-524 (weights).
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


def guard(p_values: Sequence[float | None], sizes: Sequence[float] | None = None) -> tuple[float | None, ...]:
    """Each p value adjusted for all of them; None stays None and does not count.

    Parameters
    ----------
    sizes : (n,) how large is what each p value is about, in any unit; all count alike without
    """
    told = [i for i, p in enumerate(p_values) if p is not None]
    if not told:
        return (None,) * len(p_values)
    from scipy.stats import false_discovery_control

    weights = _weights(None if sizes is None else [sizes[i] for i in told], len(told))
    adjusted = false_discovery_control(np.minimum([p_values[i] for i in told] / weights, 1.0))
    found = dict(zip(told, adjusted.tolist(), strict=True))
    return tuple(found.get(i) for i in range(len(p_values)))


def _weights(sizes: Sequence[float] | None, count: int) -> np.ndarray:
    """(count,) how much of the allowance each takes, 1 in the mean."""
    total = float(np.sum(sizes)) if sizes is not None else 0.0
    if not total:
        return np.ones(count)
    return 0.5 + 0.5 * np.asarray(sizes) * (count / total)


def family(
    kinds: Sequence[Sequence[Judgement]], sizes: Sequence[Sequence[float]] | None = None
) -> tuple[tuple[Difference, ...], ...]:
    """All that one page looks at, tagged together: one tuple for each kind of question, in the same order.

    Parameters
    ----------
    kinds : the judgements of each kind
    sizes : how large what they are about is, such as a part's share of the whole; all count alike without
    """
    sizes = sizes or [[1.0] * len(kind) for kind in kinds]
    everything = _among([judgement for kind in kinds for judgement in kind], [size for of in sizes for size in of])
    made, start = [], 0
    for kind, of in zip(kinds, sizes, strict=True):
        overall, own = everything[start : start + len(kind)], _among(kind, of)
        made.append(tuple(_difference(*row) for row in zip(kind, own, overall, strict=True)))
        start += len(kind)
    return tuple(made)


def _among(judgements: Sequence[Judgement], sizes: Sequence[float]) -> list[tuple[float, float] | None]:
    """Each judgement's adjusted p value in this set, and the plain p value up to which it is a signal there."""
    p_values = [judgement.p for judgement in judgements]
    adjusted = guard(p_values, sizes)
    told = [i for i, p in enumerate(p_values) if p is not None]
    weights = _weights([sizes[i] for i in told], len(told))
    signals = sum(adjusted[i] <= Q for i in told)
    found = {i: (adjusted[i], float(w) * Q * max(signals, 1) / len(told)) for i, w in zip(told, weights, strict=True)}
    return [found.get(i) for i in range(len(judgements))]


def _difference(
    judgement: Judgement, own: tuple[float, float] | None, overall: tuple[float, float] | None
) -> Difference:
    if own is None or overall is None:
        return Difference(judgement)
    p, threshold = max(own[0], overall[0]), min(own[1], overall[1], 1.0)
    return Difference(judgement, *judgement.bounds(1 - threshold), p, "signal" if p <= Q else "noise")
