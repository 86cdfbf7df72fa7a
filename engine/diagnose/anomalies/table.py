"""Anomalies of the series of any table: a column of dates, one of values, perhaps one that tells series apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from engine.diagnose.anomalies.find import DAY, LENGTHS, Bounds, Event, Seen, find
from engine.diagnose.season.design import Step, design
from engine.diagnose.season.fit import Noise
from engine.diagnose.season.shifts import SHORTEST, expect
from engine.errors import EngineError, UnknownName

_Z = 1.959964
LEAST_VALUES = 14
MOST_CELLS = 20_000_000
# Lengths of stretches and the least length of a new level, in observations.
_STRETCHES = {Step.HOUR: (6, 24), Step.DAY: LENGTHS, Step.WEEK: (2, 4), Step.MONTH: ()}
_SHIFTS = {Step.HOUR: 24 * SHORTEST, Step.DAY: SHORTEST, Step.WEEK: 8, Step.MONTH: 12}
# So many false alarms a series and year at most, before the bounds of a day's series.
_FALSE_A_YEAR = 0.5
_CLOSED_SHARE = 0.9
# A series with values above nought on less than this part of its observations, and on no fewer than so many, is one of
# single events. Of 400 days with an event on 15 in 100, 63 of 70 were called spikes without it.
MOSTLY, FEW_TIMES, LARGEST = 0.5, 5, 3.0


@dataclass(frozen=True)
class TableAnomaly:
    """Observations of a series that were not what was to be expected.

    Parameters
    ----------
    series : the value that tells it apart; None where the table has one series
    date, end : first and last observation, ISO
    points : all of them
    value, expected, low, high : sums over them, in the column's unit; the actual value lies from low to high in 95 of
        100 times as long as nothing happens
    score : standard deviations from expected, without sign
    kind : "spike", "dip" or "level shift"
    """

    series: str | None
    date: str
    end: str
    points: tuple[str, ...]
    value: float
    expected: float
    low: float
    high: float
    score: float
    kind: str


@dataclass(frozen=True)
class TableAnomalies:
    """The anomalies of a table's series, the strongest first.

    Parameters
    ----------
    series : how many there are
    step : "hour", "day", "week" or "month": how far apart observations are
    notes : what was left out, a sentence each
    """

    anomalies: tuple[TableAnomaly, ...]
    series: int
    step: str
    notes: tuple[str, ...] = ()


def anomalies_in_table(
    path: str | os.PathLike[str], *, date: str, value: str, by: str | None = None, season: str | None = None
) -> TableAnomalies:
    """Find the anomalies of every series of a table.

    Rows of one series and moment are added up. Rows closer together than an hour are added up to hours, irregular
    ones to days.

    Parameters
    ----------
    path : of a file that `read_table` takes
    date, value, by : names of columns
    season : "none" for series without a rhythm; None to take the week and the year as far as the series tells them

    Raises
    ------
    EngineError
        where a column is missing, a cell unreadable, or a series too short
    """
    from engine.tables import read_table

    if season not in (None, "none"):
        raise UnknownName("season", season, ("none",))
    table = read_table(path, needed=[name for name in (date, value, by) if name])
    moments, numbers = _moments(table, date), table.numbers(value)
    codes, labels = table.codes(by) if by else (np.zeros(table.rows, np.int64), (None,))
    kept = np.isfinite(numbers) & ~np.isnat(moments)
    notes = []
    if not kept.all():
        notes.append(_said_of(int((~kept).sum()), "without a date or a value", "left out"))
    if not kept.any():
        raise EngineError(f"{table.name} has no row with a {date!r} and a {value!r}.")
    again = _repeated(moments[kept], codes[kept])
    if again:
        notes.append(_said_of(again, "of a moment that a row before has too", "added to it"))
    step, times, totals = _grid(moments[kept], numbers[kept], codes[kept], len(labels))
    if len(times) < LEAST_VALUES:
        raise EngineError(
            f"{table.name} has {len(times)} observation{'' if len(times) == 1 else 's'} by the {step.value}; "
            f"{LEAST_VALUES} tell what is usual."
        )
    found = [one for part in _kinds(totals) for one in _judge(times, totals, labels, step, part, season is None)]
    found.sort(key=lambda one: (-one.score, one.date, one.series or ""))
    return TableAnomalies(tuple(found), len(labels), step.value, tuple(notes))


def _moments(table, name: str) -> np.ndarray:
    """(rows,) datetime64[s]; NaT where the cell is empty."""
    import pyarrow as pa

    from engine.imports import dates

    text = _whole_days(pa.array(table.column(name)))
    proof = dates.order(text)
    day_first = True if proof.day_first else False if proof.month_first else None
    if proof.unproven and day_first is None:
        raise EngineError(
            f"{table.name}: whether {proof.unproven!r} in column {name!r} begins with the day or the month cannot be "
            "told; write dates as 2025-01-31."
        )
    found = dates.read(text, day_first)
    if found.bad.any():
        row = int(np.flatnonzero(found.bad)[0])
        shown = text[row].as_py()[:60]
        raise EngineError(
            f"{table.name}, line {table.lines[row]:,}, column {name!r}: {shown!r} is no date; correct it."
        )
    moments = found.seconds.astype("datetime64[s]")
    return np.where(found.present, moments, np.datetime64("NaT"))


def _whole_days(text):
    """Years and months, such as 2012 and 2012-01, as their first day; other columns as they are."""
    import pyarrow.compute as pc

    given = text.filter(pc.not_equal(text, ""))
    for shape, ending in ((r"^[12]\d{3}$", "-01-01"), (r"^[12]\d{3}[-/.]\d{1,2}$", "-01")):
        if len(given) and pc.all(pc.match_substring_regex(given, shape)).as_py():
            days = pc.binary_join_element_wise(pc.replace_substring_regex(text, "[/.]", "-"), ending, "")
            return pc.if_else(pc.equal(text, ""), "", days)
    return text


def _repeated(moments: np.ndarray, codes: np.ndarray) -> int:
    """Rows whose series has a row of the same moment before them."""
    order = np.lexsort((moments, codes))
    same = (np.diff(codes[order]) == 0) & (np.diff(moments[order].astype(np.int64)) == 0)
    return int(same.sum())


def _said_of(count: int, which: str, done: str) -> str:
    return f"{count:,} row{'' if count == 1 else 's'} {which} {'is' if count == 1 else 'are'} {done}."


def _grid(
    moments: np.ndarray, values: np.ndarray, codes: np.ndarray, series: int
) -> tuple[Step, np.ndarray, np.ndarray]:
    """The step, (n,) times without gaps, and (n, series) totals, NaN where there is no row."""
    step, regular = _step(np.unique(moments))
    unit = {Step.HOUR: "h", Step.DAY: "D", Step.WEEK: "D", Step.MONTH: "M"}[step]
    slots = moments.astype(f"datetime64[{unit}]")
    first, last = slots.min(), slots.max()
    stride = 7 if step is Step.WEEK else 1
    place = ((slots - first).astype(np.int64)) // stride
    count = int((last - first).astype(np.int64)) // stride + 1
    if count * series > MOST_CELLS:
        raise EngineError(f"{series:,} series of {count:,} {step.value}s are too many; choose fewer series or days.")
    cell = place * series + codes
    totals = np.bincount(cell, values, count * series)
    seen = np.bincount(cell, minlength=count * series) > 0
    totals = np.where(seen, totals, np.nan if regular else 0.0).reshape(count, series)
    return step, (first + np.arange(count) * stride).astype("datetime64[s]"), totals


def _step(moments: np.ndarray) -> tuple[Step, bool]:
    """The usual distance of neighbours, and whether they keep to it; irregular moments are taken by the day."""
    gaps = np.diff(moments).astype(np.int64)
    if not len(gaps):
        return Step.DAY, True
    days = np.median(gaps) / 86_400
    if not (moments.astype("datetime64[D]") == moments).all():
        alike = (np.abs(gaps - np.median(gaps)) < 1).mean()
        return (Step.HOUR, True) if days < 0.5 and alike >= 0.5 else (Step.DAY, days >= 0.5)
    if days < 4:
        return Step.DAY, True
    return (Step.WEEK, True) if days < 20 else (Step.MONTH, True)


def _kinds(totals: np.ndarray) -> list[np.ndarray]:
    """Columns whose values are never negative, and the others."""
    negative = (totals < 0).any(axis=0)
    return [part for part in (np.flatnonzero(~negative), np.flatnonzero(negative)) if len(part)]


def _judge(
    times: np.ndarray, totals: np.ndarray, labels: Sequence[str | None], step: Step, part: np.ndarray, season: bool
) -> list[TableAnomaly]:
    """The anomalies of some of the columns."""
    values = totals[:, part]
    judged = np.isfinite(values)
    if step is Step.DAY:
        judged &= ~_closed(times, values)
    # Divided before they are summed: values may be as large as numbers are.
    unit = (np.where(judged, np.abs(values), 0.0) / np.maximum(judged.sum(axis=0), 1)).sum(axis=0)
    unit = np.where(unit > 0, unit, 1.0)
    is_log = not (values < 0).any()
    made = design(times, judged.any(axis=1), step=step, season=season)
    noise = Noise(_sizes(values / unit, judged) * is_log)
    expected = expect(
        made, values / unit, known=judged, exposure=None, noise=noise, is_log=is_log, shortest=_SHIFTS[step]
    )
    seen = Seen(np.nan_to_num(values / unit), None, judged, expected)
    rare = NormalDist().inv_cdf(1 - _FALSE_A_YEAR / 2 / step.per_year)
    events = find(seen, Bounds(day=max(DAY, rare)), lengths=_STRETCHES[step], shift_days=_SHIFTS[step])
    return [_told(times, seen, unit, event, labels[part[event.series]], step) for event in events]


def _sizes(values: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """(m,) least variance per unit of the mean: of a series that is mostly nought, the size of what comes now and then.

    A robust fit would take its noughts for usual and all else for spikes, as it should where that is a few times only.
    """
    above = judged & (values > 0)
    count = above.sum(axis=0)
    rare = (count >= FEW_TIMES) & (count < MOSTLY * judged.sum(axis=0))
    size = np.zeros(values.shape[1])
    for one in np.flatnonzero(rare).tolist():
        events = values[above[:, one], one]
        events = np.minimum(events, LARGEST * np.median(events))
        # What a sum of so many events varies by; a single huge one is not their size.
        size[one] = (events**2).sum() / events.sum()
    return size


def _closed(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(n, m) zeros on weekdays that nearly always are; a series that is nought on all of them is closed on none."""
    weekday = (times.astype("datetime64[D]").astype(np.int64) + 3) % 7
    empty = values == 0
    share = np.stack([empty[weekday == day].mean(axis=0) for day in range(7)])
    closed = (share >= _CLOSED_SHARE) & (share < _CLOSED_SHARE).any(axis=0)
    return empty & closed[weekday]


def _told(times: np.ndarray, seen: Seen, unit: np.ndarray, event: Event, label: str | None, step: Step) -> TableAnomaly:
    one = event.series
    at = np.arange(event.first, event.last + 1)
    at = at[seen.judged[at, one]]
    fit = seen.expected.fit
    usual = seen.expected.before_shift if event.kind == "level shift" else fit.expected
    actual, expected = (float(x[at, one].sum() * unit[one]) for x in (seen.totals, usual))
    spread = float(np.sqrt(fit.variance[at, one].sum()) * unit[one])
    low = expected - _Z * spread
    points = tuple(_said(times[place], step) for place in at.tolist())
    return TableAnomaly(
        label,
        points[0],
        points[-1],
        points,
        actual,
        expected,
        max(low, 0.0) if fit.is_log else low,
        expected + _Z * spread,
        abs(event.score),
        event.kind,
    )


def _said(moment: np.datetime64, step: Step) -> str:
    return str(moment.astype("datetime64[m]" if step is Step.HOUR else "datetime64[D]"))
