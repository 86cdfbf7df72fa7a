"""On which days a shop trades, and which of its days tell nothing: closed, without data, unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.diagnose.season.calendar import is_quiet
from engine.errors import EngineError
from engine.memo import memoised
from engine.selection import Selection, Window
from engine.snapshot import Snapshot

# A weekday without orders on nine days of ten is closed. Online Retail has none on any of 53 Saturdays, and none on at
# most 6 of 53 days of any other weekday.
CLOSED_SHARE = 0.9
# So many days in a row without any order are no data: Olist's sample has gaps of 29 and 86 days in 2016, the longest
# closure of Online Retail is 11 days over New Year.
GAP_DAYS = 14
# Days that tell when a weekday's last order usually comes, and how much earlier an unfinished day's was.
USUAL_DAYS, EARLY_HOURS = 57, 2
LEAST_DAYS = 28
# Trade before a long gap at less than this part of the later level is not yet trade.
SPARSE = 0.2


@dataclass(frozen=True, eq=False)
class Trading:
    """A shop's days, by what they tell.

    Parameters
    ----------
    days : (n,) datetime64[D] from the first to the last, unfinished days left out
    closed : (n,) bool, no trade because of the weekday or the time of the year
    missing : (n,) bool, no data
    unfinished : the last day, where it was left out
    notes : what was left out and why, a sentence each
    """

    days: np.ndarray
    closed: np.ndarray
    missing: np.ndarray
    unfinished: date | None
    notes: tuple[str, ...]

    @property
    def open(self) -> np.ndarray:
        """(n,) bool, days that tell something."""
        return ~(self.closed | self.missing)

    @property
    def window(self) -> Window:
        """From the first to the last of the days."""
        return Window.inclusive(self.days[0].astype(object), self.days[-1].astype(object))

    def inside(self, window: Window) -> np.ndarray:
        """(n,) bool, days of a window."""
        return (self.days >= np.datetime64(window.start)) & (self.days < np.datetime64(window.end))


@memoised
def trading(snapshot: Snapshot) -> Trading:
    """The days of the whole shop.

    Raises
    ------
    EngineError
        where there are too few days to know what is usual
    """
    whole = snapshot.whole()
    orders = snapshot.totals(Selection(whole), ("orders",), ("day",)).values["orders"]
    unfinished = _unfinished(snapshot, whole)
    orders = orders[:-1] if unfinished else orders
    days = np.arange(np.datetime64(whole.start), np.datetime64(whole.start) + len(orders))
    first = _begin(orders)
    days, orders = days[first:], orders[first:]
    if len(days) < LEAST_DAYS:
        raise EngineError(f"What is usual is known from {LEAST_DAYS} days on; this shop has {len(days)} in a row.")
    closed = _closed(days, orders)
    missing = _long_runs((orders == 0) & ~closed, closed, GAP_DAYS)
    return Trading(
        days, closed & ~missing, missing, unfinished, tuple(_notes(snapshot, days, closed, missing, unfinished))
    )


def _begin(orders: np.ndarray) -> int:
    """The day trade has begun on for good: after a long gap of the first half with next to nothing before it."""
    half = len(orders) // 2
    idle = _long_runs(orders == 0, np.zeros(len(orders), bool), GAP_DAYS)
    edges = np.flatnonzero(np.diff(idle.astype(np.int8), prepend=0, append=0))
    first = 0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        sparse = orders[first:start].sum() < SPARSE * orders[end:].mean() * max(start - first, 1)
        if end <= half and (sparse or start - first < LEAST_DAYS):
            first = int(end)
    return first


def _closed(days: np.ndarray, orders: np.ndarray) -> np.ndarray:
    weekday = (days.astype(np.int64) + 3) % 7
    empty = orders == 0
    share = np.bincount(weekday, empty, 7) / np.maximum(np.bincount(weekday, minlength=7), 1)
    by_weekday = share[weekday] >= CLOSED_SHARE
    quiet = np.array([is_quiet(day) for day in days.tolist()])
    return (by_weekday | quiet) & empty


def _long_runs(empty: np.ndarray, bridges: np.ndarray, least: int) -> np.ndarray:
    """Days of runs of at least so many empty ones; bridges keep a run together and count."""
    joined = empty | bridges
    edges = np.flatnonzero(np.diff(joined.astype(np.int8), prepend=0, append=0))
    result = np.zeros(len(empty), bool)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= least and empty[start:end].any():
            result[start:end] = True
    return result


def _unfinished(snapshot: Snapshot, whole: Window) -> date | None:
    """The last day, where its last order came hours before that of the same weekday in each of eight weeks before."""
    if not snapshot.has_hours or whole.days < LEAST_DAYS:
        return None
    days = min(whole.days, USUAL_DAYS)
    recent = Window.inclusive((np.datetime64(whole.last) - (days - 1)).astype(object), whole.last)
    hours = snapshot.totals(Selection(recent), ("orders",), ("day", "hour")).values["orders"] > 0
    last = np.where(hours.any(axis=1), 23 - hours[:, ::-1].argmax(axis=1), -1)
    same_weekday = last[-8::-7]
    usual = same_weekday[same_weekday >= 0]
    return whole.last if len(usual) >= 4 and last[-1] <= usual.min() - EARLY_HOURS else None


def _notes(snapshot: Snapshot, days, closed, missing, unfinished) -> list[str]:
    notes = []
    if snapshot.first_day < days[0].astype(object):
        notes.append(f"Trade before {_said(days[0])} is too sparse to know what is usual; it is left out.")
    weekday = (days.astype(np.int64) + 3) % 7
    names = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    shut = [
        names[d] for d in range(7) if (closed & (weekday == d)).sum() >= CLOSED_SHARE * max((weekday == d).sum(), 1)
    ]
    if shut:
        notes.append(f"The shop is closed on {' and '.join(shut)}.")
    if missing.any():
        notes.append(f"{int(missing.sum())} days in a row without any order are read as no data, not as no sales.")
    if unfinished:
        notes.append(f"{unfinished.day} {unfinished:%b %Y} is unfinished (its orders stop early) and left out.")
    return notes


def _said(day: np.datetime64) -> str:
    plain = day.astype(object)
    return f"{plain.day} {plain:%b %Y}"
