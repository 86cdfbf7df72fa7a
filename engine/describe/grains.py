"""Buckets of days for lines and sparks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from engine.errors import UnknownName
from engine.selection import Window, shift_months
from engine.snapshot import Blocks

GRAINS: tuple[str, ...] = ("day", "week", "month", "quarter", "year")

SPARK_POINTS = 13

# A chart of 600 px shows up to about 90 points apart from each other.
_LONGEST_BY_DAY = 92
_LONGEST_BY_WEEK = 370


def default_grain(window: Window) -> str:
    """The grain a window is read best in: days up to a quarter, weeks up to a year, else months."""
    if window.days <= _LONGEST_BY_DAY:
        return "day"
    return "week" if window.days <= _LONGEST_BY_WEEK else "month"


def grains(window: Window) -> tuple[str, ...]:
    """Grains that give a window more than one bucket and no more than can be told apart."""
    fitting = tuple(
        grain for grain, days in zip(GRAINS, (1, 7, 30, 91, 365), strict=True) if days < window.days <= days * 800
    )
    return fitting or ("day",)


def check_grain(grain: str) -> str:
    """The grain itself; UnknownName with the close match where there is none of that name."""
    if grain not in GRAINS:
        raise UnknownName("grain", grain, GRAINS)
    return grain


def bucket_ends(grain: str, starts: np.ndarray) -> np.ndarray:
    """The day after the last of each bucket."""
    if grain in ("day", "week"):
        return starts + np.timedelta64(1 if grain == "day" else 7, "D")
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return (starts.astype("datetime64[M]") + months).astype("datetime64[D]")


def spark_blocks(window: Window) -> Blocks:
    """Thirteen stretches of days that end with the window: days for up to 14 days, weeks for up to 92, else months."""
    if window.days > _LONGEST_BY_DAY:
        bounds = [shift_months(window.end, -k) for k in range(SPARK_POINTS, -1, -1)]
    else:
        size = 1 if window.days <= 14 else 7
        bounds = [window.end - timedelta(days=size * k) for k in range(SPARK_POINTS, -1, -1)]
    return Blocks(tuple(bounds), "spark")


def as_dates(days: np.ndarray) -> tuple[date, ...]:
    """Plain dates."""
    return tuple(days.astype("datetime64[D]").tolist())
