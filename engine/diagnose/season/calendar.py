"""The days of the year that shops feel, computed for any year and any country."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np

# By feature: the label a reader sees. Days of one feature share one effect in a fit.
FEATURES: dict[str, str] = {
    "black_friday": "Black Friday",
    "black_friday_weekend": "Black Friday weekend",
    "cyber_monday": "Cyber Monday",
    "christmas_shopping": "Christmas shopping",
    "christmas": "Christmas",
    "between_the_years": "between Christmas and New Year",
    "new_year": "New Year",
    "easter": "Easter",
}
# A shop may stay closed through these days without anything being wrong.
QUIET = ("christmas", "between_the_years", "new_year", "easter")
# Shops that close over New Year open again after the week of 1 January.
LAST_QUIET_DAY_OF_JANUARY = 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    References
    ----------
    The anonymous algorithm published in Nature, 20 April 1876, p. 487.
    """
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def feature_of(day: date) -> str | None:
    """The feature a day belongs to; None on a plain day."""
    return _of_year(day.year).get(day)


def label_of(first: date, last: date) -> str | None:
    """What a stretch of days is known for: the first feature it meets, Christmas shopping only where it is alone."""
    found = [feature_of(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    named = [name for name in found if name and name != "christmas_shopping"] or [name for name in found if name]
    return FEATURES[named[0]] if named else None


def is_quiet(day: date) -> bool:
    """Whether shops are known to close on this day or its neighbours."""
    return feature_of(day) in QUIET or (day.month == 1 and day.day <= LAST_QUIET_DAY_OF_JANUARY)


def marks(days: np.ndarray) -> dict[str, np.ndarray]:
    """(days,) bool by feature: which days belong to it.

    Parameters
    ----------
    days : (days,) datetime64[D]
    """
    found = [feature_of(day) for day in days.astype("datetime64[D]").tolist()]
    names = np.array(["" if name is None else name for name in found])
    return {name: names == name for name in FEATURES}


@lru_cache(256)
def _of_year(year: int) -> dict[date, str]:
    friday, sunday = black_friday(year), easter(year)
    spans = {
        "christmas_shopping": (friday + timedelta(days=4), date(year, 12, 20)),
        "black_friday": (friday, friday),
        "black_friday_weekend": (friday + timedelta(days=1), friday + timedelta(days=2)),
        "cyber_monday": (friday + timedelta(days=3), friday + timedelta(days=3)),
        "christmas": (date(year, 12, 24), date(year, 12, 26)),
        "between_the_years": (date(year, 12, 27), date(year, 12, 30)),
        "easter": (sunday - timedelta(days=2), sunday + timedelta(days=1)),
    }
    found = {
        first + timedelta(days=n): name for name, (first, last) in spans.items() for n in range((last - first).days + 1)
    }
    return found | {date(year, 12, 31): "new_year", date(year, 1, 1): "new_year"}
