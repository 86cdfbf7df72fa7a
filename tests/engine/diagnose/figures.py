"""The figures of a sentence, read back out of its text, and those of the explanation it may have them from."""

from __future__ import annotations

import re
from datetime import date

from engine.diagnose.explanation import Explanation
from engine.metrics import Unit
from engine.metrics import metric as metric_named

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{MONTHS})(?: (?P<year>\d{{4}}))?")
NUMBER = re.compile(r"(?P<sign>[+−]?)(?P<before>[^\s\d(,.;+−]*)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<after>%| points?)?")


def unknown_figures(sentence: str, found: Explanation) -> list[str]:
    """The figures of a sentence that are not the explanation's, at the precision they are written with."""
    text = sentence
    for problem in found.problems:
        text = text.replace(problem.sentence, "")
    for cause in found.causes:
        text = text.replace(cause.label, "")
    if found.note:
        text = text.replace(found.note, "")
    known = set(_dates(found))
    wrong = [m.group() for m in DATE.finditer(text) if not any(_is_day(m, day) for day in known)]
    text = re.sub(r"–", " ", DATE.sub(" ", text))
    return wrong + [m.group() for m in NUMBER.finditer(text) if not _is_known(m, found)]


def _dates(found: Explanation) -> list[date]:
    days = [found.selection.window.start, found.selection.window.last]
    days += [found.against.start, found.against.last] if found.against else []
    days += [day for cause in found.causes for day in (cause.since, cause.until) if day]
    return days + [order.day for order in _orders(found)]


def _orders(found: Explanation) -> list:
    return [order for order in (found.large_order, *(cause.large_order for cause in found.causes)) if order]


def _is_day(match: re.Match, day: date) -> bool:
    months = MONTHS.split("|")
    same = months[day.month - 1] == match["month"] and match["year"] in (None, str(day.year))
    return same and match["day"] in (None, str(day.day))


def _is_known(match: re.Match, found: Explanation) -> bool:
    digits = match["digits"].replace(",", "")
    places = len(digits.partition(".")[2])
    shown = float(digits) * (-1 if match["sign"] == "−" else 1)
    percent = (match["after"] or "").strip() in ("%", "point", "points")
    for value in _values(found, match):
        value = value * 100 if percent else value
        value = value if match["sign"] else abs(value)
        # Half a unit of the last digit, and what binary fractions make of a tie.
        if abs(value - shown) <= 0.5 * 10**-places + 1e-6:
            return True
    return False


def _values(found: Explanation, match: re.Match) -> list[float]:
    """The figures of the kind that is written: shares and relative sizes, or amounts."""
    metric, change, usual = metric_named(found.metric), found.change, found.usual
    whole = [found.value, found.comparison, change and change.absolute]
    parts = [value for cause in found.causes for value in (cause.value, cause.comparison, cause.deviation)]
    parts += [value for split in found.splits for value in (split.rate, split.mix)]
    after = (match["after"] or "").strip()
    if after == "%":
        shares = [change and change.relative, usual and usual.relative, *(cause.share for cause in found.causes)]
        rates = [*whole, *parts] if metric.unit is Unit.RATE else []
        wanted = [*shares, *rates, *(order.share for order in _orders(found))]
    elif after:
        usual_part = usual and (usual.absolute if metric.unit is Unit.RATE else usual.relative)
        wanted = [usual_part, *([*whole, *parts] if metric.unit is Unit.RATE else [])]
    elif match["before"].startswith("×"):
        wanted = [change.relative + 1 if change and change.relative else None]
        wanted += [usual.relative + 1 if usual and usual.relative else None]
    else:
        bridge = [part.contribution for part in found.factors.parts] if found.factors else []
        wanted = [*whole, *parts, *bridge, *(order.revenue for order in _orders(found))]
        wanted += [float(found.against.days)] if found.against else []
    return [value for value in wanted if value is not None]
