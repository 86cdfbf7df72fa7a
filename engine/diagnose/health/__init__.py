"""Is it the data? Faults to be mended before a cause is named, found by this folder's checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.describe.whole import comparison_of
from engine.diagnose.health._base import LABEL, UNFINISHED, Example, Problem, Shop
from engine.diagnose.health._examples import with_examples
from engine.memo import memoised
from engine.metrics import MEASURES
from engine.metrics import metric as metric_named
from engine.registry import modules
from engine.selection import Selection, Window

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from engine.store import Store

__all__ = ["CHECKS", "LABEL", "UNFINISHED", "Example", "Problem", "all_problems", "problems"]

# The least part of a window that can hide or make a change worth a cause.
WEIGHTY = 0.01

CHECKS = tuple(sorted(modules(__name__), key=lambda module: module.ORDER))


@memoised
def all_problems(snapshot: Snapshot, store: Store | None = None) -> tuple[Problem, ...]:
    """Every fault of the shop's data, the one with most money first; unfinished periods come last.

    Parameters
    ----------
    snapshot : the shop
    store : where example rows are read; without it no problem has any
    """
    if not snapshot.rows:
        return ()
    shop = Shop(snapshot, store)
    found = _causes([problem for module in CHECKS for problem in module.check(shop)])
    if store is not None:
        found = with_examples(store, found)
    found.sort(key=lambda problem: (not problem.is_fault, -abs(problem.money or 0.0), -problem.score))
    return tuple(found)


def _causes(found: list[Problem]) -> list[Problem]:
    """Without what only follows: orders that a moved clock took over the last midnight make no cut day."""
    moved = [problem.days for problem in found if problem.kind == "clock"]
    return [p for p in found if not (p.kind == "partial" and p.is_fault and any(_meet(p.days, days) for days in moved))]


@memoised
def problems(
    snapshot: Snapshot, selection: Selection, store: Store | None = None, *, metric: str | None = None
) -> tuple[Problem, ...]:
    """The same, those that matter for a question first.

    A problem matters where its days meet the window or its comparison, the filters let its source through and,
    where a metric is named, it spoils one of its columns. Only those may block a cause.
    """
    other = comparison_of(snapshot, selection)
    asked = [selection] if other is None else [selection, other]
    sizes = [(one.window, *_size(snapshot, one)) for one in asked]
    found = [_asked(problem, selection, sizes, metric) for problem in all_problems(snapshot, store)]
    return tuple(sorted(found, key=lambda problem: not problem.touches))


Sized = tuple[Window, float, float]


def _size(snapshot: Snapshot, selection: Selection) -> tuple[float, float]:
    """Orders and revenue of a window; 0 where the shop does not know."""
    names = [name for name in ("orders", "revenue") if snapshot.missing(name) is None]
    values = snapshot.metrics(selection, names)
    return float(values.get("orders", 0.0)), float(values.get("revenue", 0.0))


def _asked(problem: Problem, selection: Selection, sizes: list[Sized], metric: str | None) -> Problem:
    touches = (
        any(_meet(problem.days, window) for window, _, _ in sizes)
        and all(not (kept := selection.values(name)) or value in kept for name, value in problem.where)
        and (metric is None or _spoils(problem, metric))
    )
    weighs = any(_share(problem, *one) >= WEIGHTY for one in sizes)
    return replace(problem, touches=touches, blocks_cause=problem.blocks_cause and touches and weighs)


def _share(problem: Problem, window: Window, orders: float, revenue: float) -> float:
    """How much of a window's revenue, or of its orders, a problem spoils."""
    if problem.days is None:
        return 1.0
    days = (min(problem.days.end, window.end) - max(problem.days.start, window.start)).days
    part = max(days, 0) / problem.days.days
    whole = not problem.columns or "revenue" in problem.columns
    spoiled, of = (problem.money, revenue) if whole and problem.money and revenue else (problem.rows, orders)
    return part * abs(spoiled) / of if of else float(part > 0)


def _meet(days: Window | None, window: Window) -> bool:
    return days is None or (days.start < window.end and window.start < days.end)


def _spoils(problem: Problem, metric: str) -> bool:
    needed = {column for name in metric_named(metric).measures for column in MEASURES[name].needs}
    return not problem.columns or bool(needed & set(problem.columns))
