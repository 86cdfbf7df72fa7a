"""Is it the data? Faults to be mended before a cause is named, found by this folder's checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.describe.whole import comparison_of
from engine.diagnose.health._base import LABEL, UNFINISHED, Example, Problem, Shop
from engine.memo import memoised
from engine.metrics import MEASURES
from engine.metrics import metric as metric_named
from engine.registry import modules
from engine.selection import Selection, Window

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from engine.store import Store

__all__ = ["CHECKS", "LABEL", "UNFINISHED", "Example", "Problem", "all_problems", "problems"]

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
    found = [problem for module in CHECKS for problem in module.check(shop)]
    found.sort(key=lambda problem: (not problem.is_fault, -abs(problem.money or 0.0), -problem.score))
    return tuple(found)


@memoised
def problems(
    snapshot: Snapshot, selection: Selection, store: Store | None = None, *, metric: str | None = None
) -> tuple[Problem, ...]:
    """The same, those that matter for a question first.

    A problem matters where its days meet the window or its comparison, the filters let its source through and,
    where a metric is named, it spoils one of its columns. Only those may block a cause.
    """
    other = comparison_of(snapshot, selection)
    windows = [selection.window] if other is None else [selection.window, other.window]
    found = [_asked(problem, selection, windows, metric) for problem in all_problems(snapshot, store)]
    return tuple(sorted(found, key=lambda problem: not problem.touches))


def _asked(problem: Problem, selection: Selection, windows: list[Window], metric: str | None) -> Problem:
    touches = (
        any(_meet(problem.days, window) for window in windows)
        and all(not (kept := selection.values(name)) or value in kept for name, value in problem.where)
        and (metric is None or _spoils(problem, metric))
    )
    return replace(problem, touches=touches, blocks_cause=problem.blocks_cause and touches)


def _meet(days: Window | None, window: Window) -> bool:
    return days is None or (days.start < window.end and window.start < days.end)


def _spoils(problem: Problem, metric: str) -> bool:
    needed = {column for name in metric_named(metric).measures for column in MEASURES[name].needs}
    return not problem.columns or bool(needed & set(problem.columns))
