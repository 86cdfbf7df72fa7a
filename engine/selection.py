"""What a question is about: a window of days, filters, and what to compare it with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from engine.dimensions import dimension
from engine.errors import EngineError


class Against(StrEnum):
    """How the comparison window follows from the window."""

    PREVIOUS = "previous"
    YEAR = "year"
    TO_DATE = "to_date"
    NONE = "none"


# Days a shop can have, with room for every comparison inside the calendar that Python knows.
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, order=True)
class Window:
    """Days from `start` up to, and without, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise EngineError(
                f"The window from {self.start} to {self.end - timedelta(days=1)} holds no day; "
                "choose a last day on or after the first."
            )

    @classmethod
    def inclusive(cls, first: date, last: date) -> Window:
        """The window a person means by two days: both count.

        Raises
        ------
        EngineError
            where a day is outside of the years a shop can have, or the last comes before the first
        """
        for day in (first, last):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise EngineError(f"{day} is no day of a shop; choose one of the years {FIRST_YEAR} to {LAST_YEAR}.")
        return cls(first, last + timedelta(days=1))

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.end - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.start} to {self.last}"


@dataclass(frozen=True)
class Selection:
    """A window, filters and a comparison: frozen, hashable, and the only thing a question is asked with.

    Parameters
    ----------
    window : the days in question
    filters : (dimension, values) pairs, each once; use `of` or `where`, which put them in order
    against : how the comparison window is derived
    custom : the comparison window itself, where a person picked one; it wins over `against`
    """

    window: Window
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    against: Against = Against.PREVIOUS
    custom: Window | None = None

    @classmethod
    def of(
        cls,
        first: date,
        last: date,
        filters: Mapping[str, Iterable[str]] | None = None,
        against: Against = Against.PREVIOUS,
    ) -> Selection:
        """The selection a person means: `last` counts whole.

        Raises
        ------
        UnknownName
            where a filter is not on a dimension
        """
        selection = cls(Window.inclusive(first, last), against=against)
        for name, values in (filters or {}).items():
            selection = selection.where(name, values)
        return selection

    def where(self, name: str, values: Iterable[str]) -> Selection:
        """The same selection with that dimension's filter set; no values lift it."""
        kept = dict(self.filters)
        kept.pop(dimension(name).name, None)
        wanted = tuple(sorted(set(values)))
        if wanted:
            kept[name] = wanted
        return replace(self, filters=tuple(sorted(kept.items())))

    def values(self, name: str) -> tuple[str, ...]:
        """The values a dimension is filtered to; empty where it is not filtered."""
        return dict(self.filters).get(name, ())

    def toggle(self, name: str, value: str) -> Selection:
        """The same selection with one value of a dimension put in or taken out."""
        return self.where(name, set(self.values(name)) ^ {value})

    def over(self, window: Window) -> Selection:
        """The same filters over another window."""
        return replace(self, window=window)

    def comparison(self, last: date | None = None) -> Selection | None:
        """The selection to compare with, or None: same filters, the derived window.

        Parameters
        ----------
        last : the shop's last day; "to date" compares as many days as the window has up to it
        """
        window = self.custom or _DERIVE[self.against](self.window, last)
        return None if window is None else replace(self, window=window, against=Against.NONE, custom=None)


def _previous(window: Window, last: date | None) -> Window:
    """As many days just before; as many months before where the window is whole months."""
    months = _whole_months(window)
    if months:
        return Window(shift_months(window.start, -months), window.start)
    return Window(window.start - timedelta(days=window.days), window.start)


def _year_before(window: Window, last: date | None) -> Window:
    """The same calendar days a year earlier; 29 February meets 28 February."""
    return Window(shift_months(window.start, -12), shift_months(window.last, -12) + timedelta(days=1))


def _to_date(window: Window, last: date | None) -> Window:
    """From the same point of the period before: month for up to a month, else quarter, else year.

    A window that began on the first of its period is compared with as many days from the first of the
    period before, cut at that period's end. Days after the shop's last one have no counterpart.
    """
    size = 1 if window.days <= 31 else 3 if window.days <= 92 else 12
    start = shift_months(window.start, -size)
    days = window.days if last is None or last < window.start else min(window.days, (last - window.start).days + 1)
    return Window(start, min(start + timedelta(days=days), window.start))


_DERIVE = {
    Against.PREVIOUS: _previous,
    Against.YEAR: _year_before,
    Against.TO_DATE: _to_date,
    Against.NONE: lambda window, last: None,
}


def _whole_months(window: Window) -> int:
    if window.start.day != 1 or window.end.day != 1:
        return 0
    return (window.end.year - window.start.year) * 12 + window.end.month - window.start.month


def shift_months(day: date, months: int) -> date:
    """The same day that many months later; the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first = date(year, month + 1, 1)
    next_first = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - timedelta(days=1))
