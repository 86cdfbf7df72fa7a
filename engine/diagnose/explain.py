"""Explain a change: whether it is one, what is normal, whether it is the data, what made it, and what did not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.describe.judge import judged
from engine.describe.values import compared, demand, number, relative
from engine.describe.whole import gap
from engine.diagnose.causes import Asked, large_order, named
from engine.diagnose.explanation import Change, Explanation, Usual
from engine.diagnose.factors import factors
from engine.diagnose.guard import family
from engine.diagnose.ruled_out import ruled_out
from engine.dimensions import DIMENSIONS
from engine.memo import memoised
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.diagnose.health import Problem
    from engine.diagnose.split import Split
    from engine.store import Store

# Splits of an explanation, and parts of each that are shown by themselves.
SPLITS, PARTS = 3, 12

NO_COMPARISON = "No comparison was asked for, so there is no change to explain."
MEND_FIRST = "No cause is named before the data problem is mended."


@memoised
def explain(
    snapshot: Snapshot, selection: Selection, metric: str = "revenue", *, store: Store | None = None
) -> Explanation:
    """Why a metric changed against the selection's comparison.

    Parameters
    ----------
    store : where rows that show a data problem are read; without it problems have no examples

    Raises
    ------
    MissingColumn
        where the shop lacks the metric's columns
    """
    asked = metric_named(metric)
    demand(snapshot, (asked.name,))
    why, other = gap(snapshot, selection), compared(snapshot, selection)
    value = number(snapshot.metrics(selection, (metric,))[metric])
    comparison = number(snapshot.metrics(other, (metric,))[metric]) if other else None
    bare = Explanation(
        metric, selection, other.window if other else None, snapshot.currency, value, comparison, None,
        problems=_problems(snapshot, selection, store, metric),
    )  # fmt: skip
    if why or other is None:
        return replace(bare, note=why.note if why else NO_COMPARISON)
    if value is None or comparison is None:
        period = "this period" if value is None else "the period to compare with"
        return replace(bare, note=f"{asked.label} cannot be told for {period}: nothing was counted to divide by.")
    return _explained(snapshot, bare, other)


def _explained(snapshot: Snapshot, bare: Explanation, other: Selection) -> Explanation:
    selection, metric = bare.selection, bare.metric
    net = metric == "revenue" and snapshot.missing("net_revenue") is None
    full = replace(
        bare,
        change=_change(snapshot, bare),
        splits=_splits(snapshot, selection, metric),
        factors=factors(snapshot, selection, metric),
        factors_net=factors(snapshot, selection, "net_revenue") if net else None,
        large_order=large_order(snapshot, selection, other, metric),
        **_usual(snapshot, selection, metric),
    )
    if bare.blocking:
        return replace(full, causes_noted=(MEND_FIRST,))
    return _with_causes(snapshot, full, other)


def _with_causes(snapshot: Snapshot, full: Explanation, other: Selection) -> Explanation:
    from engine.diagnose.locate import locate_in_shop

    located = locate_in_shop(snapshot, full.selection, full.metric)
    causes = named(Asked(snapshot, full.selection, other, full.metric, full.change, full.usual), located)
    apart = frozenset(name for cause in causes for name, _ in cause.where)
    return replace(
        full,
        causes=causes,
        causes_noted=located.notes,
        ruled_out=ruled_out(snapshot, full.selection, full.metric, apart),
    )


def _change(snapshot: Snapshot, bare: Explanation) -> Change:
    """The whole's change, judged alone: it is what was asked about."""
    ((told,),) = family([judged(snapshot, bare.selection, bare.metric)])
    moved = bare.value - bare.comparison
    absolute = moved if metric_named(bare.metric).is_ratio else round(moved, 4)
    return Change(absolute, relative(bare.value, bare.comparison), told.low, told.high, told.p, told.tag)


def _problems(snapshot: Snapshot, selection: Selection, store: Store | None, metric: str) -> tuple[Problem, ...]:
    from engine.diagnose.health import problems

    return tuple(p for p in problems(snapshot, selection, store, metric=metric) if p.touches)


def _usual(snapshot: Snapshot, selection: Selection, metric: str) -> dict:
    """What the season brings, None where it is not known, and what there is to know of it."""
    from engine.diagnose.season import normal_change
    from engine.diagnose.season.calendar import FEATURES

    found = normal_change(snapshot, selection, metric)
    if found.normal is None:
        return {"usual_noted": found.note}
    label = next((name for name in found.basis if name in FEATURES.values()), None)
    of_year = bool({"time of the year", "the same days a year before"} & set(found.basis))
    usual = Usual(found.normal, found.relative, found.low, found.high, round(found.abnormal, 9), label, of_year)
    return {"usual": usual, "usual_noted": found.note}


def _splits(snapshot: Snapshot, selection: Selection, metric: str) -> tuple[Split, ...]:
    """The splits whose parts moved most unlike each other, tagged together; a reversal comes before all."""
    from engine.diagnose.offers import offers
    from engine.diagnose.split import page_family, split

    axes = [offer.axis for offer in offers(snapshot, selection, metric)]
    shown = axes[:SPLITS]
    if metric_named(metric).is_ratio:
        inner = [axis for axis in axes if axis in DIMENSIONS]
        turned = [axis for axis in inner if split(snapshot, selection, metric, axis, limit=PARTS).reversal]
        shown = list(dict.fromkeys([*turned, *inner]))[:SPLITS]
    return page_family(*(split(snapshot, selection, metric, axis, limit=PARTS) for axis in shown))
