"""Metrics by day as a fit wants them: totals, what they are in proportion to, and the least noise they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.diagnose.season.fit import Noise
from engine.diagnose.season.trading import trading
from engine.metrics import MEASURES, How, Metric, Unit, metric
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.snapshot.grid import Grid, is_money

# Orders a day below which single orders show in the days' revenue.
FEW_ORDERS = 10


@dataclass(frozen=True, eq=False)
class Daily:
    """One metric by day, for the cells of other axes.

    Parameters
    ----------
    metric : its name
    totals : (days, cells); of a ratio, its numerator
    exposure : (days, cells) a ratio's denominator; None for other metrics
    noise : of the cells
    is_log : whether no total is negative, so that what is expected of it never is
    """

    metric: str
    totals: np.ndarray
    exposure: np.ndarray | None
    noise: Noise
    is_log: bool


def tells_by_day(name: str) -> str | None:
    """Why the days of a metric say nothing of its longer windows; None where they do."""
    asked = metric(name)
    if any(MEASURES[measure].how is How.REPEATED for measure in asked.measures):
        return f"{asked.label} counts who comes again within a window, so its single days tell no season."
    return None


def daily(snapshot: Snapshot, selection: Selection, names: Sequence[str], by: Sequence[str] = ()) -> dict[str, Daily]:
    """Metrics by trading day and the cells of dimensions, by name; the selection's window is not looked at."""
    over = selection.over(trading(snapshot).window)
    measures = [m for name in names for m in metric(name).measures]
    extra = ["revenue", "orders"] if snapshot.missing("aov") is None else ["orders"]
    grid = snapshot.totals(over, list(dict.fromkeys([*measures, *extra])), ("day", *by))
    return {name: _of(grid, metric(name)) for name in names}


def parts(asked: Metric) -> tuple[Metric, Metric] | None:
    """Numerator and denominator of a ratio as metrics of their own; None for what is no ratio."""
    if not asked.is_ratio:
        return None
    over, _, under = asked.formula.rpartition(" / ")
    return tuple(
        Metric(f"{asked.name} {place}", asked.label, Unit.NUMBER, formula, asked.doc)
        for place, formula in (("over", over), ("under", under))
    )


def _of(grid: Grid, asked: Metric) -> Daily:
    split = parts(asked)
    shape = (grid.shape[0], -1)
    if split:
        totals, exposure = (np.nan_to_num(grid.metric(part)).reshape(shape) for part in split)
        noise = Noise(_share_sizes(asked, totals, exposure), 1.0)
        return Daily(asked.name, totals, np.maximum(exposure, 0.0), noise, bool((totals >= 0).all()))
    totals = grid.metric(asked).reshape(shape)
    is_log = bool((totals >= 0).all())
    return Daily(asked.name, totals, None, Noise(_sizes(grid, asked, shape) * is_log), is_log)


def _sizes(grid: Grid, asked: Metric, shape: tuple[int, int]) -> np.ndarray:
    """Least variance per unit of the mean: 1 for counts; for revenue the size of an order.

    Orders of one value have their mean as size; where few orders make a day, days tell how much larger single ones are.
    """
    cells = int(np.prod(grid.shape[1:], dtype=int))
    name = asked.formula
    if name == "revenue":
        money, orders = (grid.own(n).reshape(shape).sum(axis=0) for n in ("revenue", "orders"))
        sells = (orders > 0) & (money > 0)
        mean = np.divide(money, orders, out=np.zeros(cells), where=sells)
        days = grid.own("revenue").reshape(shape)
        of_days = np.divide((days**2).sum(axis=0), money, out=np.zeros(cells), where=sells) - money / len(days)
        return np.where(orders < FEW_ORDERS * len(days), np.maximum(mean, of_days), mean)
    counted = all(MEASURES[m].how is not How.SUM and not is_money(m) for m in asked.measures)
    return np.ones(cells) if counted else np.zeros(cells)


def _share_sizes(asked: Metric, totals: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Least variance per unit of the mean of a ratio: of a share of counts, what independent ones have."""
    if asked.unit is not Unit.RATE or any(is_money(name) for name in asked.measures):
        return np.zeros(totals.shape[1])
    under = exposure.sum(axis=0)
    share = np.divide(totals.sum(axis=0), under, out=np.zeros_like(under), where=under > 0)
    return np.clip(1 - share, 0.0, 1.0)
