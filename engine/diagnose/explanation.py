"""What is known of a change: one frozen value that the page, the command line and the sentences read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.selection import Selection, Window

if TYPE_CHECKING:
    from engine.diagnose.factors import Factors
    from engine.diagnose.health import Problem
    from engine.diagnose.split import Split


@dataclass(frozen=True)
class Change:
    """A difference between two periods, in the metric's own unit.

    Parameters
    ----------
    absolute : now less before
    relative : of the size of the comparison; None where that is nought
    low, high : the interval around the difference; None where nothing can be told
    p : that chance alone does as much
    tag : "signal", "noise", or None where it cannot be told
    """

    absolute: float
    relative: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Usual:
    """How much of a change the season brings anyway.

    Parameters
    ----------
    absolute, relative : the change that was to be expected, as of a Change
    low, high : the interval of `absolute`
    beyond : what the change is more than that
    label : the holiday or sale that is part of it, where there is one
    of_year : whether the time of the year is part of it; without a year and a half of days only the weekdays are
    """

    absolute: float
    relative: float | None
    low: float | None
    high: float | None
    beyond: float
    label: str | None = None
    of_year: bool = True

    @property
    def name(self) -> str:
        """What brings it, as a sentence says it."""
        times = "the season" if self.of_year else "the weekdays"
        return f"{self.label} and {times}" if self.label else times


@dataclass(frozen=True)
class LargeOrder:
    """A single order that is a large part of a change: of this period where it rose, of the comparison where it fell.

    Parameters
    ----------
    day : when it was placed
    revenue : what it was worth
    share : of the change, above 0
    is_new : whether it is of the period in question
    """

    day: date
    revenue: float
    share: float
    is_new: bool


@dataclass(frozen=True)
class Named:
    """A cause with what is known of it.

    Parameters
    ----------
    where : (dimension, value) pairs
    label : the values as a person reads them, joined by x
    comparison, value : the metric over these values, before and now; None where undefined
    contribution : value less comparison; None for a ratio
    expected : what the season alone would have made of the comparison
    beyond : value less expected
    deviation : value less what it would be had it moved with everything else; None for a ratio
    share : of what the whole change is more than usual; None where a share says nothing
    score : from 0 to 1, how certain and how large
    since, until : its first and last day; None where it may have begun before the window, or lasts to its end
    orders, orders_before : of these values
    by_orders, by_size : what fewer or more orders, and smaller or larger ones, made of the contribution
    way : "orders", "size" or "both"; None where the orders are not known
    factors : the bridge of these values alone
    large_order : where one order is most of it
    """

    where: tuple[tuple[str, str], ...]
    label: str
    comparison: float | None
    value: float | None
    contribution: float | None
    expected: float | None
    beyond: float | None
    deviation: float | None
    share: float | None
    score: float
    since: date | None = None
    until: date | None = None
    orders: int | None = None
    orders_before: int | None = None
    by_orders: float | None = None
    by_size: float | None = None
    way: str | None = None
    factors: Factors | None = None
    large_order: LargeOrder | None = None


@dataclass(frozen=True)
class Steady:
    """A value that moved with everything else."""

    key: str
    label: str
    comparison: float | None
    value: float | None
    relative: float | None


@dataclass(frozen=True)
class RuledOut:
    """A dimension none of whose values moved otherwise than the rest.

    Parameters
    ----------
    axis, label : the dimension
    values : those looked at, the largest first
    """

    axis: str
    label: str
    values: tuple[Steady, ...]


@dataclass(frozen=True)
class Explanation:
    """A change and why it came about.

    Parameters
    ----------
    metric, selection, against : what was asked; the comparison's days, None where there are none
    currency : of the money in it
    value, comparison : of the metric, in its own unit
    change : None where there is a note
    note : why there is no change to tell
    usual : what the season brings; None where that is not known
    usual_noted : what of the season is left out, or why it is not known
    problems : faults of the data that matter here, to be mended first
    splits : the splits that tell most, the best first
    factors, factors_net : the metric's bridge, and that of net revenue where the metric is revenue
    causes : the largest first
    causes_noted : why no cause was looked for, or what to know of them
    ruled_out : dimensions that moved as a whole
    large_order : one order that is much of the change
    """

    metric: str
    selection: Selection
    against: Window | None
    currency: str | None
    value: float | None
    comparison: float | None
    change: Change | None
    note: str | None = None
    usual: Usual | None = None
    usual_noted: str | None = None
    problems: tuple[Problem, ...] = ()
    splits: tuple[Split, ...] = ()
    factors: Factors | None = None
    factors_net: Factors | None = None
    causes: tuple[Named, ...] = ()
    causes_noted: tuple[str, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    large_order: LargeOrder | None = None

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Problems to be mended before any cause is named."""
        return tuple(problem for problem in self.problems if problem.blocks_cause)
