"""A metric's change split by any axis: what each part adds, exactly, and whether it moved, and unlike the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.describe.breakdown import OTHERS
from engine.describe.grains import GRAINS
from engine.describe.judge import UNTOLD, Judgement, judged
from engine.describe.values import compared, demand, number
from engine.describe.whole import gap
from engine.diagnose.contributions import Contributions, of_ratio, of_totals
from engine.diagnose.guard import Difference, family
from engine.diagnose.sides import Side, sides_of
from engine.diagnose.unlike import share_of_whole, unlike
from engine.dimensions import DIMENSIONS
from engine.memo import memoised
from engine.metrics import Metric
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class Part:
    """One part of a split; figures in the metric's own unit, None where there is none.

    Parameters
    ----------
    key, label : a dimension's value, or the first day of a bucket, and what a person reads for it
    compared_with : the comparison's bucket of the same position; None where both windows have the same parts
    value, comparison : the metric's
    contribution : what it adds to the change of the whole
    share : of that change; None where nothing changed
    size : of all parts in both windows together, from 0 to 1: of the total, or of the ratio's denominator
    rate, mix : of a ratio: by its own rate and by its weight, which make up the contribution
    moved : value less comparison, judged
    unusual : value less comparison moved as the whole moved, judged: does it differ from the rest?
    """

    key: str
    label: str
    compared_with: str | None
    value: float | None
    comparison: float | None
    contribution: float | None = None
    share: float | None = None
    size: float = 0.0
    rate: float | None = None
    mix: float | None = None
    moved: Difference | None = None
    unusual: Difference | None = None

    @property
    def tag(self) -> str | None:
        """Whether it moved: "signal", "noise", or None where it cannot be told."""
        return self.moved.tag if self.moved else None


@dataclass(frozen=True)
class Split:
    """A metric by the parts of an axis: parts, others and overlap add up to the change.

    Parameters
    ----------
    metric, axis : names
    value, comparison, change : of the whole, in the metric's own unit
    moved : the whole's change, judged
    parts : of a dimension the largest contributions first, up to the limit; of time in its order
    others : the parts beyond the limit taken together (its key is empty and stands for no value)
    hidden : how many those are
    overlap : what no part adds alone, because a customer or an order is in several parts; None without contributions
    rate, mix : of a ratio: sums over all parts
    reversal : whether every part's rate moved against the whole's (Simpson's paradox)
    note : why there are no changes although a comparison was asked for
    unseen : the hidden parts about which something can be told: they were looked at too
    """

    metric: str
    axis: str
    value: float | None
    comparison: float | None
    change: float | None
    moved: Difference | None
    parts: tuple[Part, ...]
    others: Part | None = None
    hidden: int = 0
    overlap: float | None = None
    rate: float | None = None
    mix: float | None = None
    reversal: bool = False
    note: str | None = None
    unseen: tuple[Part, ...] = ()

    @property
    def rows(self) -> tuple[Part, ...]:
        """All that is shown: the parts, and the others where there are any."""
        return (*self.parts, self.others) if self.others else self.parts


@memoised
def split(snapshot: Snapshot, selection: Selection, metric: str, axis: str, *, limit: int | None = None) -> Split:
    """The metric's change by a dimension or a time axis, tagged as if the page showed nothing else.

    Filters stay as they are: a split of a filtered selection explains the change of that selection. A time axis is
    compared by position: the window's second month with the comparison's second, and shows all of its buckets.

    Parameters
    ----------
    limit : parts of a dimension shown by themselves; all others are one more

    Raises
    ------
    MissingColumn
        where the shop lacks what the metric or the axis is made of
    """
    demand(snapshot, (metric,))
    asked, why = metric_named(metric), gap(snapshot, selection)
    every = sides_of(snapshot, selection, metric, axis)
    found = None if why else contributions_of(asked, *every)
    shown, rest = _shown(every, found, axis, limit)
    others = selection.where(axis, [every[0].keys[i] for i in rest]) if rest else None
    both = tuple(side and side.at(shown) for side in every)
    if others:
        windows = others, compared(snapshot, others)
        both = tuple(s and s.joined(snapshot, w, asked, OTHERS) for s, w in zip(both, windows, strict=True))
    made = _bare(asked, axis, both, contributions_of(asked, *both) if found else None, len(rest))
    if found is None:
        return replace(made, note=why and why.note)
    looked = judged(snapshot, selection, metric, axis), unlike(snapshot, selection, metric, axis)
    seen = [tuple(judgements[i] for judgements in looked) for i in shown]
    if others:
        seen.append((judged(snapshot, others, metric)[0], UNTOLD))
    parts = tuple(_with(part, *pair) for part, pair in zip(made.rows, seen, strict=True))
    hidden = tuple(_hidden(every, share_of_whole(*every, asked), looked, rest))
    return page_family(_filled(made, parts, Difference(judged(snapshot, selection, metric)[0]), hidden))[0]


def page_family(*splits: Split) -> tuple[Split, ...]:
    """The same splits tagged as what one page shows together; splits that show no changes stay as they are.

    The whole's change counts once however many splits show it.
    """
    told = [made for made in splits if made.moved is not None]
    wholes = list(dict.fromkeys(made.moved.judgement for made in told))
    parts = [part for made in told for part in (*made.rows, *made.unseen)]
    kinds = [[*wholes, *(part.moved.judgement for part in parts)], [part.unusual.judgement for part in parts]]
    sizes = [part.size for part in parts]
    moved, unusual = map(iter, family(kinds, [[1.0] * len(wholes) + sizes, sizes]))
    tagged = dict(zip(wholes, moved, strict=False))
    return tuple(
        made if made.moved is None else _tagged(made, tagged[made.moved.judgement], moved, unusual) for made in splits
    )


def _tagged(made: Split, whole: Difference, moved: Iterator[Difference], unusual: Iterator[Difference]) -> Split:
    """The split with the next differences of each kind, in the order of its rows and of what is unseen."""
    every = [replace(part, moved=next(moved), unusual=next(unusual)) for part in (*made.rows, *made.unseen)]
    count = len(made.rows)
    return _filled(made, tuple(every[:count]), whole, tuple(every[count:]))


def _filled(made: Split, rows: tuple[Part, ...], whole: Difference, unseen: tuple[Part, ...]) -> Split:
    parts = rows[: len(made.parts)]
    return replace(made, moved=whole, parts=parts, others=rows[-1] if made.others else None, unseen=unseen)


def _with(part: Part, moved: Judgement, unusual: Judgement) -> Part:
    """The part with its differences, not yet tagged."""
    return replace(part, moved=Difference(moved), unusual=Difference(unusual))


def _hidden(
    both: tuple[Side, Side], sizes: np.ndarray, looked: tuple[tuple[Judgement, ...], ...], rest: Sequence[int]
) -> Iterator[Part]:
    now, before = both
    for i in rest:
        moved, unusual = looked[0][i], looked[1][i]
        if moved.p is not None or unusual.p is not None:
            bare = Part(now.keys[i], now.labels[i], None, number(now.value[i]), number(before.value[i]))
            yield _with(replace(bare, size=float(sizes[i])), moved, unusual)


def contributions_of(metric: Metric, now: Side, before: Side | None) -> Contributions | None:
    """What each part adds to the change; None where one of the windows has no value."""
    if before is None or not np.isfinite(now.whole - before.whole):
        return None
    if metric.is_ratio:
        return of_ratio(now.parts, before.parts)
    return of_totals(now.parts.top, before.parts.top, now.whole - before.whole)


def _shown(
    both: tuple[Side, Side | None], found: Contributions | None, axis: str, limit: int | None
) -> tuple[list[int], list[int]]:
    """Places of the parts shown, and of those taken together; parts that do not occur are in neither."""
    alive = np.flatnonzero(np.any([side.occurs for side in both if side], axis=0)).tolist()
    if axis not in DIMENSIONS:
        return alive if axis in ("weekday", "hour") else list(range(len(both[0].keys))), []
    weight = np.abs(found.total) if found else np.nan_to_num(both[0].value)
    ranked = sorted(alive, key=lambda i: (-weight[i], i))
    if limit is None or len(ranked) <= limit + 1:
        return ranked, []
    return ranked[:limit], ranked[limit:]


def _bare(metric: Metric, axis: str, both: tuple[Side, Side | None], found: Contributions | None, hidden: int) -> Split:
    """The split with its figures, before anything is judged."""
    now, before = both
    value, comparison = number(now.whole), number(before.whole) if before else None
    change = None if found is None else found.change
    sizes = share_of_whole(now, before, metric) if before else np.zeros(len(now.keys))
    rows = tuple(_part(axis, both, found, float(size), i) for i, size in enumerate(sizes))
    made = Split(metric.name, axis, value, comparison, change, None, rows[:-1] if hidden else rows)
    made = replace(made, others=rows[-1] if hidden else None, hidden=hidden)
    if found is None:
        return made
    sums = (None, None) if found.rate is None else (float(found.rate.sum()), float(found.mix.sum()))
    return replace(made, overlap=found.overlap, rate=sums[0], mix=sums[1], reversal=found.reversal)


def _part(axis: str, both: tuple[Side, Side | None], found: Contributions | None, size: float, place: int) -> Part:
    now, before = both
    by_place = axis in GRAINS and before is not None
    key, label = now.keys[place], now.labels[place]
    compared_with = (before.labels[place] or None) if by_place else None
    value, comparison = number(now.value[place]), number(before.value[place]) if before else None
    if found is None:
        return Part(key, label, compared_with, value, comparison, size=size)
    adds = [None if of is None else float(of[place]) for of in (found.total, found.rate, found.mix)]
    share = adds[0] / found.change if found.change else None
    return Part(key, label, compared_with, value, comparison, adds[0], share, size, *adds[1:])
