"""The shop's days: which they are, and what the calendar does to demand."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np

from data.demo.effects import Truth, Window


def day_count(truth: Truth) -> int:
    """Number of days the shop is open."""
    return (truth.days.end - truth.days.start).days


def day_axis(truth: Truth) -> np.ndarray:
    """(days,) datetime64[D], the first day to the last."""
    return np.arange(truth.days.start, truth.days.end, dtype="datetime64[D]")


def within(truth: Truth, window: Window) -> slice:
    """Positions of a window's days on the day axis."""
    start, end = ((edge - truth.days.start).days for edge in (window.start, window.end))
    return slice(max(start, 0), max(end, 0))


def weekdays(truth: Truth) -> np.ndarray:
    """(days,) int, 0 is Monday."""
    return (np.arange(day_count(truth)) + truth.days.start.weekday()) % 7


def trend(truth: Truth) -> np.ndarray:
    """(days,) growth since the first day."""
    return (1 + truth.season.yearly_growth) ** (np.arange(day_count(truth)) / 365)


def yearly(truth: Truth) -> np.ndarray:
    """(days,) the smooth season of the year."""
    phase = np.array([_part_of_year(truth.days.start + timedelta(n)) for n in range(day_count(truth))])
    logs = np.zeros(len(phase))
    for waves, (cos, sin) in enumerate(truth.season.yearly, start=1):
        logs += cos * np.cos(2 * math.pi * waves * phase) + sin * np.sin(2 * math.pi * waves * phase)
    return np.exp(logs)


def holidays(truth: Truth) -> np.ndarray:
    """(days,) lift of the holidays; 1 on plain days."""
    lift = np.ones(day_count(truth))
    for holiday in truth.holidays:
        for window in holiday.windows:
            lift[within(truth, window)] *= holiday.lift
    return lift


def rhythm_of_days(truth: Truth) -> np.ndarray:
    """(days,) trend, year, weekday and holidays together."""
    by_weekday = np.asarray(truth.season.weekday)[weekdays(truth)]
    return trend(truth) * yearly(truth) * by_weekday * holidays(truth)


def hour_weights(truth: Truth) -> np.ndarray:
    """(2, 24) cumulative shares of the hours, plain days then weekends."""
    weights = np.array([truth.season.hours, truth.season.weekend_hours], dtype=float)
    return np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)


def _part_of_year(day: date) -> float:
    return (day.timetuple().tm_yday - 1) / (366 if day.year % 4 == 0 else 365)
