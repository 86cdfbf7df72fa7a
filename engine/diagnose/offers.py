"""Which split to look at next: the one whose parts moved most unlike each other, as far as chance allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.describe.grains import GRAINS
from engine.describe.judge import MOST_BUCKETS, Judgement, bucket_windows
from engine.describe.values import compared, demand
from engine.describe.whole import gap
from engine.diagnose.sides import sides_of
from engine.diagnose.unlike import share_of_whole, unlike
from engine.dimensions import DIMENSIONS, HIERARCHIES, TIME_AXES
from engine.errors import UnknownName
from engine.memo import memoised
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot

_LABELS = {name: dimension.label for name, dimension in DIMENSIONS.items()}
_LABELS |= {name: name.capitalize() for name in TIME_AXES}

# A p value of less is no longer told apart from 0.
_LEAST_P = 1e-300


@dataclass(frozen=True)
class Offer:
    """A split that can follow.

    Parameters
    ----------
    axis, label : a dimension or a time axis, and what a person reads for it
    hierarchies : names of those it is a level of
    parts : how many of its parts occur
    strength : how far beyond chance its parts moved unlike each other, in standard deviations, whatever their number;
        None where there is no change to split
    p : of that
    unlike : how much its parts moved unlike the whole, in the metric's own unit: of totals half the sum of the
        sizes, so that what one part lost to another counts once; of ratios half their mean
    leading, leading_label : the part that moved most unlike the rest for its size, and its label; None without changes
    """

    axis: str
    label: str
    hierarchies: tuple[str, ...]
    parts: int
    strength: float | None = None
    p: float | None = None
    unlike: float | None = None
    leading: str | None = None
    leading_label: str | None = None


@memoised
def offers(snapshot: Snapshot, selection: Selection, metric: str) -> tuple[Offer, ...]:
    """The splits that can follow, the one that explains most first.

    What a selection is filtered to one value of, and what has one part only, splits nothing and is left out, as are
    time axes of more than MOST_BUCKETS buckets. Without a change to explain they come in the order of the hierarchies.
    """
    demand(snapshot, (metric,))
    silent = compared(snapshot, selection) is None or gap(snapshot, selection) is not None
    found = [_offer(snapshot, selection, metric, axis, silent) for axis in _candidates(snapshot, selection)]
    return best_first([offer for offer in found if offer.parts > 1])


def next_in(hierarchy: str | Sequence[str], path: Sequence[str]) -> str | None:
    """The next level of a hierarchy, or of any order of axes a person picks, after those already split by.

    None at the end.

    Raises
    ------
    UnknownName
        where there is no such hierarchy or axis
    """
    if isinstance(hierarchy, str) and hierarchy not in HIERARCHIES:
        raise UnknownName("hierarchy", hierarchy, HIERARCHIES)
    levels = HIERARCHIES[hierarchy] if isinstance(hierarchy, str) else tuple(hierarchy)
    for axis in (*levels, *path):
        if axis not in _LABELS:
            raise UnknownName("dimension or time axis", axis, _LABELS)
    return next((axis for axis in levels if axis not in path), None)


# Levels of the hierarchies from the widest on, then what is in none.
_ORDER: tuple[str, ...] = tuple(
    dict.fromkeys([*(axis for levels in HIERARCHIES.values() for axis in levels), *DIMENSIONS, *TIME_AXES])
)


def best_first(found: Sequence[Offer]) -> tuple[Offer, ...]:
    """The strongest first; what is less than a standard deviation weaker is as strong, and its level decides.

    Chance alone spreads strengths by one standard deviation, so a smaller lead says nothing.
    """
    left, ranked = sorted(found, key=lambda offer: _ORDER.index(offer.axis)), []
    while left:
        strongest = max(_strength(offer) for offer in left)
        ranked.append(left.pop(next(i for i, offer in enumerate(left) if _strength(offer) > strongest - 1)))
    return tuple(ranked)


def _strength(offer: Offer) -> float:
    return 0.0 if offer.strength is None else max(offer.strength, 0.0)


def _candidates(snapshot: Snapshot, selection: Selection) -> list[str]:
    dimensions = [name for name in snapshot.dimensions if len(selection.values(name)) != 1]
    grains = [g for g in GRAINS if 1 < len(bucket_windows(g, selection.window)) <= MOST_BUCKETS]
    return dimensions + grains + (["weekday"] if selection.window.days > 1 else [])


def _offer(snapshot: Snapshot, selection: Selection, metric: str, axis: str, silent: bool) -> Offer:
    now, before = sides_of(snapshot, selection, metric, axis)
    occurs = now.occurs | before.occurs if before else now.occurs
    bare = Offer(
        axis, _LABELS[axis], tuple(h for h, levels in HIERARCHIES.items() if axis in levels), int(occurs.sum())
    )
    if silent:
        return bare
    judgements, held = unlike(snapshot, selection, metric, axis), share_of_whole(now, before, metric_named(metric))
    told = [i for i in np.flatnonzero(occurs).tolist() if judgements[i].p is not None and held[i] < 1]
    if len(told) < 2:
        return bare
    strength, p = unevenness([judgements[i] for i in told], held[told])
    sizes = np.abs([judgements[i].difference for i in told])
    moved = float((sizes * held[told]).sum() if metric_named(metric).is_ratio else sizes.sum()) / 2
    first = min(told, key=lambda i: (judgements[i].p, -abs(judgements[i].difference)))
    key, label = (
        names[first] or other[first] for names, other in ((now.keys, before.keys), (now.labels, before.labels))
    )
    return Offer(bare.axis, bare.label, bare.hierarchies, bare.parts, strength, p, moved, key, label)


def unevenness(judgements: Sequence[Judgement], held: np.ndarray) -> tuple[float, float]:
    """How far beyond chance the parts moved unlike each other: in standard deviations, and as a p value.

    Parameters
    ----------
    judgements : of each part against the whole
    held : (parts,) shares of the whole

    Notes
    -----
    Pearson's chi-square is the sum of `(1 - share) z**2` over parts: a part is compared with a whole it belongs to. It
    has one degree of freedom less than there are parts; its p value, as a normal deviate, is comparable between two
    regions and two hundred products.
    """
    from scipy.special import chdtr, chdtrc, gammaln, ndtri, ndtri_exp

    z = ndtri(np.maximum([judgement.p for judgement in judgements], _LEAST_P) / 2)
    square, free = float(((1 - held) * z**2).sum()), len(judgements) - 1
    p = float(chdtrc(free, square))
    if p > 0.5:
        return float(ndtri(max(chdtr(free, square), _LEAST_P))), p
    if p > _LEAST_P:
        return float(-ndtri(p)), p
    half = square / 2
    return float(-ndtri_exp(-half + (free / 2 - 1) * np.log(half) - gammaln(free / 2))), p
