"""What an expected value is made of: level, slow trend, rhythm of the week, year, repeated holidays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from engine.diagnose.season.calendar import marks

YEAR = 365.2425
# Below a year and a half one repetition of the year is not to be had: its waves would be trend.
YEARS_FOR_WAVES = 1.5
# Distance of the trend's bends. With waves of the year the trend only bends slowly; without them it has to follow
# the season too.
BEND_DAYS, BEND_DAYS_WITHOUT_WAVES = 120, 49
# A trend that may bend between any two observations, as of years, takes a spike for its own.
BEND_OBSERVATIONS = 4


class Step(StrEnum):
    """How far apart the observations of a series are."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def per_year(self) -> float:
        """Observations in a year."""
        return {"hour": 24 * YEAR, "day": YEAR, "week": YEAR / 7, "month": 12.0}[self.value]


@dataclass(frozen=True, eq=False)
class Design:
    """Columns that explain a series, on the scale of its logarithm (or relative to its size).

    Parameters
    ----------
    times : (n,) datetime64 of each observation
    columns : (n, p)
    deviation : (p,) how far from 0 each coefficient is expected to be: one standard deviation
    season : (p,) bool, columns that come back; level and trend do not
    holidays : labels of the repeated holidays in it
    has_year : whether it has the waves of the year
    """

    times: np.ndarray
    columns: np.ndarray
    deviation: np.ndarray
    season: np.ndarray
    holidays: tuple[str, ...] = ()
    has_year: bool = False

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the upper triangle of a p x p matrix."""
        return np.triu_indices(self.columns.shape[1])

    @cached_property
    def products(self) -> np.ndarray:
        """(n, pairs) products of each pair of columns."""
        rows, cols = self.pairs
        return self.columns[:, rows] * self.columns[:, cols]


def design(times: np.ndarray, known: np.ndarray, *, step: Step = Step.DAY, season: bool = True) -> Design:
    """The columns for observations at these times.

    Parameters
    ----------
    times : (n,) datetime64, ascending
    known : (n,) bool, observations that will be fitted: what is only seen outside of them is left out
    season : False for level and trend alone
    """
    days = times.astype("datetime64[D]")
    position = (times.astype("datetime64[s]") - times[0].astype("datetime64[s]")).astype(float) / 86_400
    span = float(np.ptp(position[known])) if known.any() else 0.0
    has_year = season and span >= YEARS_FOR_WAVES * YEAR
    blocks = [_trend(position, position[known], has_year)]
    holidays: tuple[str, ...] = ()
    if season:
        blocks += _rhythms(times, days, step, span)
        if has_year:
            blocks.append(_waves(position, days, step))
        if step is Step.DAY:
            holidays, block = _holidays(days, known)
            blocks.append(block)
    columns = np.column_stack([block[0] for block in blocks])
    returns = np.repeat([False] + [True] * (len(blocks) - 1), [block[0].shape[1] for block in blocks])
    return Design(times, columns, np.concatenate([block[1] for block in blocks]), returns, holidays, has_year)


def _trend(position: np.ndarray, known: np.ndarray, has_year: bool) -> tuple[np.ndarray, np.ndarray]:
    """Level, slope, and bends at even distances; slopes in log units a year."""
    first, last = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    apart = float(np.median(np.diff(known))) if len(known) > 1 else 1.0
    gap = max(BEND_DAYS if has_year else BEND_DAYS_WITHOUT_WAVES, BEND_OBSERVATIONS * apart)
    bends = np.linspace(first, last, max(int((last - first) / gap), 1) + 1)[1:-1]
    hinges = np.maximum(position[:, None] - bends, 0) / YEAR
    columns = np.column_stack([np.ones(len(position)), (position - (first + last) / 2) / YEAR, hinges])
    free = 1.0 if has_year else 3.0
    return columns, np.concatenate([[30.0, 2.0], np.full(len(bends), free)])


def _rhythms(times: np.ndarray, days: np.ndarray, step: Step, span: float) -> list[tuple[np.ndarray, np.ndarray]]:
    blocks = []
    if step in (Step.HOUR, Step.DAY) and span >= 14:
        blocks.append((_centred((days.astype(np.int64) + 3) % 7, 7), np.full(7, 1.0)))
    if step is Step.HOUR and span >= 2:
        hour = ((times.astype("datetime64[h]") - days.astype("datetime64[h]")).astype(np.int64)) % 24
        blocks.append((_centred(hour, 24), np.full(24, 2.0)))
        if span >= 21:
            weekend = ((days.astype(np.int64) + 3) % 7) >= 5
            blocks.append((_centred(hour, 24) * weekend[:, None], np.full(24, 1.0)))
    if step is Step.MONTH and span >= 2 * YEAR - 31:
        blocks.append((_centred(days.astype("datetime64[M]").astype(np.int64) % 12, 12), np.full(12, 1.0)))
    return blocks


def _centred(code: np.ndarray, size: int) -> np.ndarray:
    """One column a value, less their mean, so that the level stays the level."""
    return np.eye(size)[code] - 1 / size


def _waves(position: np.ndarray, days: np.ndarray, step: Step) -> tuple[np.ndarray, np.ndarray]:
    """Waves of the year; the faster ones are believed less."""
    if step is Step.MONTH:
        return np.zeros((len(position), 0)), np.zeros(0)
    phase = (position + float((days[0] - days[0].astype("datetime64[Y]")).astype(np.int64))) / YEAR
    order = np.arange(1, 3)
    angle = 2 * np.pi * phase[:, None] * order
    return np.column_stack([np.cos(angle), np.sin(angle)]), np.tile([0.3, 0.15], 2)


def _holidays(days: np.ndarray, known: np.ndarray) -> tuple[tuple[str, ...], tuple[np.ndarray, np.ndarray]]:
    """A column for each feature that the fitted days hold in at least two years."""
    from engine.diagnose.season.calendar import FEATURES

    seasons = (days - np.timedelta64(182, "D")).astype("datetime64[Y]")
    kept = {name: column for name, column in marks(days).items() if len(np.unique(seasons[column & known])) >= 2}
    columns = np.column_stack(list(kept.values())).astype(float) if kept else np.zeros((len(days), 0))
    return tuple(FEATURES[name] for name in kept), (columns, np.full(len(kept), 0.5))
