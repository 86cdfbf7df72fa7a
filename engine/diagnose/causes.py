"""What is known of a located cause: its figures, since when, and whether orders are fewer or smaller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.describe.values import number
from engine.diagnose.bridge import shapley
from engine.diagnose.explanation import Change, LargeOrder, Named, Usual
from engine.diagnose.factors import factors
from engine.diagnose.locate import Cause, Located
from engine.diagnose.onset import Stretch, stretch
from engine.metrics import metric as metric_named
from engine.selection import Selection, Window
from engine.snapshot import Snapshot
from engine.snapshot.grid import is_money

# Part of a change from which it is called the work of orders, or of their size, alone.
MOST_OF_IT = 0.75
# A single order is named from this part of a change on, if it is this part of its period's revenue and so many times
# its period's other orders: Online Retail's two largest are 324 and 149 times its mean, the demo shop's 8.
LARGE, MATERIAL, TIMES = 0.4, 0.05, 20
# Orders elsewhere, for each one expected here, from which their days tell what these days should have been.
ENOUGH_ELSEWHERE = 4


@dataclass(frozen=True)
class Asked:
    """The question a cause belongs to: both windows, the metric, and the whole's change."""

    snapshot: Snapshot
    selection: Selection
    other: Selection
    metric: str
    change: Change
    usual: Usual | None


def named(asked: Asked, located: Located) -> tuple[Named, ...]:
    """Each cause with its figures, in the order located."""
    return tuple(_named(asked, cause) for cause in located.causes)


def inside(selection: Selection, where: tuple[tuple[str, str], ...]) -> Selection:
    """The selection limited to a cause's values."""
    for name, value in where:
        selection = selection.where(name, (value,))
    return selection


def _named(asked: Asked, cause: Cause) -> Named:
    snapshot, metric = asked.snapshot, metric_named(asked.metric)
    here, there = (inside(side, cause.where) for side in (asked.selection, asked.other))
    value, comparison = (number(snapshot.metrics(side, (metric.name,))[metric.name]) for side in (here, there))
    contribution = None if metric.is_ratio else _rounded(value - comparison)
    expected, share = None, None
    if contribution is not None:
        expected = comparison * (1 + (asked.usual.relative or 0.0)) if asked.usual else comparison
        left = asked.usual.beyond if asked.usual else asked.change.absolute
        share = (value - expected) / left if left else None
    way = _way(asked, here, there, contribution)
    found = _since(asked, here, there, way.get("way")) if contribution is not None else (None, None)
    return Named(
        where=cause.where,
        label=" × ".join(snapshot.label(*pair) for pair in cause.where),
        comparison=comparison,
        value=value,
        contribution=contribution,
        expected=expected,
        beyond=None if expected is None else _rounded(value - expected),
        deviation=None if contribution is None else _rounded(cause.deviation),
        share=share,
        score=cause.score,
        since=found[0],
        until=found[1],
        factors=factors(snapshot, here, metric.name),
        large_order=None if contribution is None else large_order(snapshot, here, there, metric.name),
        **way,
    )


def _rounded(value: float) -> float:
    """Without what floating point leaves behind the ten-thousandth."""
    return round(value, 4)


def _way(asked: Asked, here: Selection, there: Selection, contribution: float | None) -> dict:
    """Orders before and now, and what their number and their size made of the contribution."""
    if asked.snapshot.missing("orders") is not None:
        return {}
    now, before = (float(asked.snapshot.metrics(side, ("orders",))["orders"]) for side in (here, there))
    orders = {"orders": int(now), "orders_before": int(before)}
    if not contribution or not is_money(metric_named(asked.metric).measures[0]) or not (now and before):
        return orders
    value, comparison = (float(asked.snapshot.metrics(s, (asked.metric,))[asked.metric]) for s in (here, there))
    by_orders, by_size = shapley((before, comparison / before), (now, value / now))
    share = by_orders / contribution
    way = "orders" if share >= MOST_OF_IT else "size" if share <= 1 - MOST_OF_IT else "both"
    return orders | {"by_orders": _rounded(by_orders), "by_size": _rounded(by_size), "way": way}


def _since(asked: Asked, here: Selection, there: Selection, way: str | None) -> tuple[date | None, date | None]:
    """First and last day of the cause within the window; None where that is the window's own."""
    snapshot = asked.snapshot
    if snapshot.missing("orders") is not None:
        return None, None
    last = min(here.window.end, snapshot.last_day + timedelta(days=1))
    if here.window.start >= last:
        return None, None
    window = Window(here.window.start, last)
    measure, unit = ("revenue", snapshot.size_of_an_order()) if way == "size" else ("orders", 1.0)
    if not unit:
        return None, None
    actual = _daily(snapshot, here.over(window), measure) / unit
    before = _daily(snapshot, there, measure) / unit
    everywhere = [_daily(snapshot, side, measure) / unit for side in (asked.selection.over(window), asked.other)]
    windows = [window, there.window]
    expected = expected_days((actual, before), everywhere, windows)
    found = stretch(actual, expected)
    if found is None:
        return None, None
    usual = expected_days((before, before), [everywhere[1]] * 2, [there.window] * 2)
    both = (np.concatenate([before, actual]), np.concatenate([usual, expected]))
    return _dates(found, window, began=_begins_here(found, both, windows))


def _daily(snapshot: Snapshot, selection: Selection, measure: str) -> np.ndarray:
    return snapshot.totals(selection, (measure,), ("day",)).own(measure)


def expected_days(part: tuple, everywhere: list[np.ndarray], windows: list[Window]) -> np.ndarray:
    """(days,) what a part would have had each day of the window had it moved with everything else.

    Everything else tells each day's level where it is large enough; else the weekdays of the comparison do.

    Parameters
    ----------
    part : the part's daily counts, now and before
    everywhere : the same of the whole it belongs to
    windows : the days of both
    """
    rest = [np.maximum(whole - own, 0.0) for whole, own in zip(everywhere, part, strict=True)]
    due = float(part[1].sum())
    if rest[1].sum() > 0 and rest[0].sum() >= ENOUGH_ELSEWHERE * due:
        return due * rest[0] / rest[1].sum()
    days = [(window.start.weekday() + np.arange(window.days)) % 7 for window in windows]
    total, count = (np.bincount(days[1], w, 7) for w in (everywhere[1], None))
    profile = np.divide(total, count, out=np.full(7, everywhere[1].mean()), where=count > 0)
    mean = everywhere[1].mean()
    return part[1].mean() * (profile[days[0]] / mean if mean > 0 else np.ones(len(days[0])))


def _begins_here(found: Stretch, both: tuple[np.ndarray, np.ndarray], windows: list[Window]) -> bool:
    """Whether the stretch begins within the window, its first day included: the days just before it tell."""
    window, before = windows
    if found.start or before.end != window.start:
        return found.start > 0
    joined = stretch(*both)
    return joined is not None and joined.start == before.days


def _dates(found: Stretch, window: Window, *, began: bool) -> tuple[date | None, date | None]:
    first = window.start + timedelta(days=found.start) if began else None
    last = window.start + timedelta(days=found.end - 1) if found.end < window.days else None
    return first, last


def large_order(snapshot: Snapshot, here: Selection, there: Selection, metric: str) -> LargeOrder | None:
    """The one order that is at least LARGE of a change of revenue, and no small one; None where there is none."""
    if metric not in ("revenue", "net_revenue") or snapshot.missing("revenue") is not None:
        return None
    now, before = (float(snapshot.metrics(side, (metric,))[metric]) for side in (here, there))
    change = now - before
    side = here if change > 0 else there
    orders = snapshot.orders(side)
    if not change or not len(orders):
        return None
    revenue = orders.own("revenue")
    place = int(np.argmax(revenue))
    largest, others = float(revenue[place]), np.delete(revenue, place)
    share = largest / abs(change)
    if share < LARGE or largest < max(MATERIAL * revenue.sum(), TIMES * (others.mean() if len(others) else 0.0)):
        return None
    return LargeOrder(orders.day[place].astype("datetime64[D]").item(), largest, share, change > 0)
