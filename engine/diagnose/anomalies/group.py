"""One event seen in several series: West's revenue, Social's revenue and West's orders are one thing that happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.diagnose.anomalies.find import Event
from engine.diagnose.anomalies.watch import Batch, Series
from engine.metrics import METRICS, Unit, metric

# Stretches of days are one where the shorter lies in the longer for this part.
OVERLAP = 0.5
# A spike of a day or two inside a shift of weeks is something else.
LONGEST_RATIO = 6


@dataclass(frozen=True, eq=False)
class Sighting:
    """An event in one series.

    Parameters
    ----------
    batch, event : where it was found, and what
    """

    batch: Batch
    event: Event

    @property
    def series(self) -> Series:
        """The series it was found in."""
        return self.batch.series[self.event.series]

    @property
    def strength(self) -> float:
        """How many standard deviations, without the sign."""
        return abs(self.event.score)

    @property
    def days(self) -> int:
        """How long it lasts."""
        return self.event.last - self.event.first + 1


@dataclass(frozen=True, eq=False)
class Group:
    """An event and the other series it was seen in.

    Parameters
    ----------
    leader : the sighting that stands for it: the strongest
    members : the others, the strongest first
    """

    leader: Sighting
    members: tuple[Sighting, ...]


def group(sightings: Sequence[Sighting]) -> tuple[Group, ...]:
    """Put together what is one event: the same days, the same direction, places that do not exclude each other."""
    rest = sorted(sightings, key=lambda one: (-one.strength, one.event.first, one.series.where))
    groups = []
    while rest:
        leader, *others = rest
        members = [other for other in others if is_same(leader, other)]
        taken = set(map(id, members))
        groups.append(_led(leader, members))
        rest = [other for other in others if id(other) not in taken]
    return tuple(groups)


def _led(leader: Sighting, members: list[Sighting]) -> Group:
    """Named by the first metric that saw it in the strongest one's place: money before orders before people."""
    order = {name: place for place, name in enumerate(METRICS)}
    alike = [m for m in members if m.series.where == leader.series.where and m.event.kind == leader.event.kind]
    named = min([leader, *alike], key=lambda one: order[one.series.metric])
    return Group(named, tuple(one for one in [leader, *members] if one is not named))


def is_same(one: Sighting, two: Sighting) -> bool:
    """Whether two sightings are of one event."""
    if not _meet(one, two) or not _fit_together(one.series, two.series):
        return False
    if is_of_sales(one.series) and is_of_sales(two.series):
        return (one.event.score > 0) == (two.event.score > 0)
    return one.series.metric == two.series.metric and (one.event.score > 0) == (two.event.score > 0)


def _meet(one: Sighting, two: Sighting) -> bool:
    shared = min(one.event.last, two.event.last) - max(one.event.first, two.event.first) + 1
    short, long = sorted((one.days, two.days))
    return shared >= OVERLAP * short and long <= LONGEST_RATIO * short


def _fit_together(one: Series, two: Series) -> bool:
    """Whether an order can be in both; of two values of one dimension it cannot."""
    other = dict(two.where)
    return all(other.get(name, value) == value for name, value in one.where)


def is_of_sales(series: Series) -> bool:
    """Whether the series is money, orders or people: a difference in it is a difference in revenue."""
    return metric(series.metric).family in ("Sales", "Customers") and metric(series.metric).unit is not Unit.RATE
