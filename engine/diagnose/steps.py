"""One step of a drill-down: from a selection to one bucket of its days, compared with its own counterpart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from engine.describe.grains import GRAINS, as_dates, bucket_ends, check_grain
from engine.describe.whole import comparison_of
from engine.dimensions import dimension
from engine.errors import EngineError
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot
from engine.snapshot.axes import buckets


@dataclass(frozen=True)
class Step:
    """A part that a person went into.

    Parameters
    ----------
    axis : a dimension, whose value is one of the selection's filters, or day, week, month, quarter or year
    start : a day of the bucket, its first; None for a dimension
    """

    axis: str
    start: date | None = None

    @classmethod
    def read(cls, text: str) -> Step:
        """The step written as `region` or `month:2025-11-01`.

        Raises
        ------
        EngineError
            where the axis is unknown, or the day is none
        """
        axis, colon, day = text.partition(":")
        if not colon:
            return cls(dimension(axis).name)
        try:
            return cls(check_grain(axis), date.fromisoformat(day))
        except ValueError:
            raise EngineError(f"'{day}' is no day; write a step of time as month:2025-11-01.") from None

    def __str__(self) -> str:
        return self.axis if self.start is None else f"{self.axis}:{self.start.isoformat()}"

    @property
    def is_time(self) -> bool:
        """Whether it goes into a bucket of days."""
        return self.axis in GRAINS


def step_into(snapshot: Snapshot, selection: Selection, step: Step) -> Selection:
    """The selection's days that are in that bucket; the comparison's are those of its bucket in the same place.

    The second month of a window is compared with the second of the comparison, as a trend draws them. A bucket
    without a counterpart is compared with nothing; one that the window does not touch leaves the selection as it is.
    """
    if step.start is None:
        return selection
    now, first = _parts(step.axis, selection.window), buckets(step.axis, selection.window).axis.labels
    (asked,) = buckets(step.axis, Window.inclusive(step.start, step.start)).axis.labels
    if asked not in first:
        return selection
    place = int(np.flatnonzero(first == asked)[0])
    other = comparison_of(snapshot, selection)
    before = _parts(step.axis, other.window) if other else []
    if place >= len(before):
        return replace(selection, window=now[place], against=Against.NONE, custom=None)
    return replace(selection, window=now[place], against=Against.PREVIOUS, custom=before[place])


def _parts(grain: str, window: Window) -> list[Window]:
    """The days that the window has of each of its buckets, in order."""
    starts = buckets(grain, window).axis.labels
    ends = as_dates(np.asarray(bucket_ends(grain, starts)))
    pairs = zip(as_dates(starts), ends, strict=True)
    return [Window(max(start, window.start), min(end, window.end)) for start, end in pairs]
