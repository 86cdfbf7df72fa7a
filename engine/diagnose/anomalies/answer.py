"""The anomalies of a shop: found, grouped, priced, explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from engine.diagnose.anomalies.bounds import bounds_for
from engine.diagnose.anomalies.find import Event, find
from engine.diagnose.anomalies.group import Group, Sighting, group, is_of_sales
from engine.diagnose.anomalies.watch import WATCHED, Batch, Series, Where, fit_all, watched
from engine.diagnose.season.calendar import label_of
from engine.diagnose.season.daily import daily, tells_by_day
from engine.diagnose.season.trading import Trading, trading
from engine.errors import EngineError
from engine.memo import memoised
from engine.metrics import metric as metric_named
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

_Z = 1.959964
# Anomalies whose cause is looked for: those a page shows first.
EXPLAINED = 5
NO_ORDERS = "no orders at all"
UNFINISHED = "the last days of the data"


@dataclass(frozen=True)
class Member:
    """Another series the same event was seen in."""

    metric: str
    where: Where
    score: float


@dataclass(frozen=True)
class Likely:
    """A likely cause: a combination of values that changed by itself.

    Parameters
    ----------
    where : (dimension, value) pairs
    share : its part of the change, in size
    score : from 0 to 1
    """

    where: Where
    share: float
    score: float


@dataclass(frozen=True)
class Anomaly:
    """Days that were not what was to be expected of them.

    Parameters
    ----------
    metric, where : what was seen; `where` is empty for the whole shop
    start, end : first and last day, both counted; of a level shift, the first four weeks of the new level
    actual, expected : over these days, in the metric's own unit; of a level shift, what the old level would have been
    low, high : where the actual value lies in 95 of 100 times as long as nothing happens
    money : what it did to revenue, in currency; None where the metric does not say
    score : standard deviations from expected, without sign
    kind : "spike", "dip" or "level shift"
    label : what the days are known for, such as "Black Friday"
    members : other series it was seen in, the strongest first
    causes : combinations of values that explain it, for those with the most money
    """

    metric: str
    where: Where
    start: date
    end: date
    actual: float
    expected: float
    low: float
    high: float
    money: float | None
    score: float
    kind: str
    label: str | None = None
    members: tuple[Member, ...] = ()
    causes: tuple[Likely, ...] = ()


@dataclass(frozen=True)
class Anomalies:
    """The anomalies of a window, those that moved the most money first.

    Parameters
    ----------
    window : only what meets it is told; what is usual is learned from all days
    series : how many were watched
    anomalies : ranked
    notes : what was left out and why, a sentence each
    """

    window: Window
    series: int
    anomalies: tuple[Anomaly, ...]
    notes: tuple[str, ...] = ()


@memoised
def anomalies(snapshot: Snapshot, selection: Selection, metrics: Sequence[str] = WATCHED) -> Anomalies:
    """Watch every metric for the whole, and for each value and pair of values of the dimensions.

    Parameters
    ----------
    selection : its window is what is told; its filters hold
    metrics : names; those the shop cannot answer are said in the notes

    Raises
    ------
    EngineError
        where there are too few days to know what is usual
    """
    every = _all(snapshot, Selection(snapshot.whole(), selection.filters, Against.NONE), tuple(metrics))
    window = selection.window
    found = [one for one in every.anomalies if one.start < window.end and one.end >= window.start]
    explained = [_explained(snapshot, selection, one) for one in found[:EXPLAINED]]
    return replace(every, window=window, anomalies=(*explained, *found[EXPLAINED:]))


@memoised
def _all(snapshot: Snapshot, selection: Selection, metrics: tuple[str, ...]) -> Anomalies:
    """The anomalies of all days, without their causes: what another window is told from as well."""
    days = trading(snapshot)
    notes = list(days.notes)
    missing = {name: snapshot.missing(metric_named(name).name) for name in metrics}
    notes += [sentence for sentence in missing.values() if sentence]
    asked = [name for name in metrics if missing[name] is None]
    batches = watched(snapshot, selection, days, asked)
    seen = {series.metric for batch in batches for series in batch.series}
    notes += [tells_by_day(name) or _too_thin(name) for name in asked if name not in seen]
    groups = group([one for batch in batches for one in _sightings(batch)])
    found = _priced(snapshot, selection, days, groups)
    found.sort(key=lambda one: (one.money is None, -abs(one.money or 0.0), -one.score))
    return Anomalies(selection.window, sum(len(batch.series) for batch in batches), tuple(found), tuple(notes))


def _too_thin(name: str) -> str:
    return f"{metric_named(name).label} is not watched: too few of its days hold enough to tell one from another."


def _sightings(batch: Batch) -> list[Sighting]:
    """Events of all series; the whole, single values and pairs are judged as families of their own."""
    depth = np.array([len(series.where) for series in batch.series])
    found = []
    for level in np.unique(depth).tolist():
        part = batch.part(np.flatnonzero(depth == level))
        found += [Sighting(part, event) for event in find(part.seen, bounds_for(part.seen))]
    return found


def _priced(snapshot: Snapshot, selection: Selection, days: Trading, groups: Sequence[Group]) -> list[Anomaly]:
    """Anomalies with the money they moved: the difference in revenue of the same place on the same days."""
    sells = snapshot.missing("revenue") is None
    places = sorted({g.leader.series.where for g in groups if _has_price(g)}) if sells else []
    revenue = _revenue(snapshot, selection, days, places)
    found = []
    for one in groups:
        made = _anomaly(snapshot, selection, days, one)
        if _has_price(one) and one.leader.series.where in revenue:
            batch, column = revenue[one.leader.series.where]
            shifted = one.leader.event.kind == "level shift"
            money = _money(batch, column, one.leader.event, shifted)
            made = replace(made, money=money)
        found.append(made)
    return found


def _has_price(one: Group) -> bool:
    return is_of_sales(one.leader.series)


def _revenue(
    snapshot: Snapshot, selection: Selection, days: Trading, places: Sequence[Where]
) -> dict[Where, tuple[Batch, int]]:
    """The fitted revenue of each place."""
    found = []
    for where in places:
        over = selection
        for name, value in where:
            over = over.where(name, (value,))
        found.append((Series("revenue", where, 0.0), daily(snapshot, over, ("revenue",))["revenue"], 0))
    batches = fit_all(found, days)
    return {series.where: (batch, i) for batch in batches for i, series in enumerate(batch.series)}


def _money(batch: Batch, column: int, event: Event, shifted: bool) -> float:
    at = _days_of(batch, column, event)
    if shifted:
        # What the level was before: the same number of weeks before the shift, weekdays alike.
        before = slice(max(event.first - (event.last - event.first + 1), 0), event.first)
        usual = batch.seen.totals[before, column].sum() * (at.sum() / max(batch.seen.judged[before, column].sum(), 1))
        return float(batch.seen.totals[at, column].sum() - usual)
    return float((batch.seen.totals[at, column] - batch.seen.expected.fit.expected[at, column]).sum())


def _days_of(batch: Batch, column: int, event: Event) -> np.ndarray:
    at = np.zeros(len(batch.seen.totals), bool)
    at[event.first : event.last + 1] = True
    return at & batch.seen.judged[:, column]


def _anomaly(snapshot: Snapshot, selection: Selection, days: Trading, one: Group) -> Anomaly:
    leader, event = one.leader, one.leader.event
    actual, expected, spread = _figures(leader)
    start, end = (days.days[place].astype(object) for place in (event.first, event.last))
    label = label_of(start, end)
    if event.kind == "dip" and actual == 0 and not leader.series.where and not selection.filters:
        label = label or NO_ORDERS
    if event.last == len(days.days) - 1 and event.kind != "level shift":
        label = label or UNFINISHED
    members = tuple(Member(m.series.metric, m.series.where, round(m.strength, 2)) for m in one.members)
    low = expected - _Z * spread
    if leader.batch.seen.expected.fit.is_log:
        low = max(low, 0.0)
    figures = (actual, expected, low, expected + _Z * spread)
    return Anomaly(
        leader.series.metric,
        leader.series.where,
        start,
        end,
        *figures,
        None,
        leader.strength,
        event.kind,
        label,
        members,
    )


def _figures(one: Sighting) -> tuple[float, float, float]:
    """Actual, expected and standard deviation over the days of an event, in the metric's own unit."""
    seen, column = one.batch.seen, one.event.series
    at = _days_of(one.batch, column, one.event)
    expected = seen.expected.before_shift if one.event.kind == "level shift" else seen.expected.fit.expected
    under = 1.0 if seen.exposure is None else seen.exposure[at, column].sum()
    # The old level would have had its own noise, smaller or larger as the level was.
    noise = seen.expected.fit.variance[at, column] * expected[at, column]
    noise = noise / np.where(seen.expected.fit.expected[at, column] == 0, 1.0, seen.expected.fit.expected[at, column])
    spread = float(np.sqrt(np.abs(noise).sum()))
    return tuple(float(x / under) for x in (seen.totals[at, column].sum(), expected[at, column].sum(), spread))


def _explained(snapshot: Snapshot, selection: Selection, one: Anomaly) -> Anomaly:
    """The same with its likely causes, looked for against the same weekdays just before."""
    from engine.diagnose.locate import locate_in_shop

    weeks = -(-((one.end - one.start).days + 1) // 7)
    back = timedelta(days=7 * weeks)
    window = Window.inclusive(one.start, one.end)
    before = Window(window.start - back, window.end - back)
    asked = replace(selection, window=window, against=Against.PREVIOUS, custom=before)
    try:
        located = locate_in_shop(snapshot, asked, one.metric)
    except EngineError:
        return one
    causes = tuple(Likely(cause.where, cause.share, cause.score) for cause in located.causes[:3])
    return replace(one, causes=causes)
