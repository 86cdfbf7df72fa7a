"""An explanation in two to five sentences; every figure in them is one of the explanation's."""

from __future__ import annotations

from engine.diagnose.explanation import Explanation, LargeOrder, Named
from engine.dimensions import DIMENSIONS
from engine.memo import memoised
from engine.metrics import Unit
from engine.metrics import metric as metric_named
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot
from engine.words import amount, day, days, difference, listed, percent, points

MOST = 5
# Causes named in one sentence; the others are counted.
MOST_CAUSES = 3
# A share of the rest below this, or against its sign, says less than the amount does; a cause below it, nothing.
LEAST_SHARE = 0.05

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentences(found: Explanation) -> tuple[str, ...]:
    """Two to five sentences; one where there is no change to tell of."""
    said = [*_data_first(found), _headline(found)]
    if found.change is not None:
        said += _chance(found)
        said += [] if found.blocking else _why(found)
    return tuple(said[:MOST])


@memoised
def told(snapshot: Snapshot, selection: Selection, metric: str = "revenue") -> tuple[str, ...]:
    """The sentences of a question, for views that show nothing else of its explanation."""
    from engine.diagnose.explain import explain

    return sentences(explain(snapshot, selection, metric))


def _data_first(found: Explanation) -> list[str]:
    if not found.blocking:
        return []
    first, *more = found.blocking
    rest = f" {_count(len(more)).capitalize()} more matter{'s' if len(more) == 1 else ''} here." if more else ""
    return [f"Before any cause: {first.sentence}{rest}"]


def _headline(found: Explanation) -> str:
    """What changed, against what, and how much of it is normal."""
    label = metric_named(found.metric).label
    value = "" if found.value is None else _amount(found, found.value)
    if found.note or found.change is None:
        was = f"{label} came to {value} ({days(found.selection.window)}). " if value else ""
        return f"{was}{found.note}"
    against = f"against {comparison_words(found.selection, found.against)}"
    verb = _verb(found)
    if verb == "stayed":
        return f"{label} stayed at {value} {against}{_normal(found)}."
    if found.change.relative is None:
        return f"{label} {verb} to {value} from {_amount(found, found.comparison)} {against}{_normal(found)}."
    if metric_named(found.metric).unit is Unit.RATE:
        return f"{label} {verb} by {points(found.change.absolute)} to {value} {against}{_normal(found)}."
    by = percent(found.change.relative)
    by = f"to {by} what it was" if by.startswith("×") else by
    return f"{label} {verb} {by} ({_difference(found, found.change.absolute)}) {against}{_normal(found)}."


def _verb(found: Explanation) -> str:
    if not _is_seen(_difference(found, found.change.absolute)):
        return "stayed"
    return "rose" if found.change.absolute > 0 else "fell"


def _normal(found: Explanation) -> str:
    """The end of the headline: what the season brings."""
    usual, change = found.usual, found.change
    if usual is None or usual.relative is None or change.relative is None:
        return ""
    is_rate = metric_named(found.metric).unit is Unit.RATE
    moved = points(usual.absolute if is_rate else usual.relative)
    if not _is_seen(moved):
        return ""
    if _is_part(found):
        return f"; {moved} of that {'is' if moved == '1.0 point' else 'are'} normal for {usual.name}"
    would = "rise" if usual.absolute > 0 else "fall"
    return f"; {usual.name} alone would have brought a {would} of {moved if is_rate else percent(usual.relative)}"


def _is_part(found: Explanation) -> bool:
    """Whether what the season brings is a part of the change; else it is the other way, or more than it."""
    usual, change = found.usual.absolute, found.change.absolute
    return usual * change > 0 and abs(usual) <= abs(change)


def _is_seen(text: str) -> bool:
    """Whether a figure is more than noughts."""
    return any(letter in "123456789" for letter in text)


def _chance(found: Explanation) -> list[str]:
    """Whether the change is one at all."""
    if _verb(found) == "stayed":
        return []
    if found.change.tag == "noise":
        return ["The change is within what chance does."]
    return [] if found.change.tag else ["Whether that is more than chance cannot be told from so few days."]


def _why(found: Explanation) -> list[str]:
    silent = found.change.tag == "noise" or _verb(found) == "stayed"
    telling = _telling(found)
    said = [_cause_sentence(found, telling)] if telling else []
    said += _reversals(found, silent)
    if found.large_order and _verb(found) != "stayed" and not any(cause.large_order for cause in found.causes):
        said.append(_one_order(found, found.large_order))
    if not telling:
        said += [_no_cause(found, silent), *([] if silent else _by_factors(found))]
    elif len(said) == 1 and len(found.causes) == 1 and found.ruled_out:
        said.append(_steady(found))
    return said


def _telling(found: Explanation) -> list[Named]:
    """The causes that are of a size with the change; of a ratio, all."""
    usual, change = found.usual, found.change
    whole = max(abs(change.absolute), abs(usual.beyond) if usual else 0.0)
    return [cause for cause in found.causes if cause.deviation is None or abs(cause.deviation) >= LEAST_SHARE * whole]


def _cause_sentence(found: Explanation, telling: list[Named]) -> str:
    """The causes in order, each with its share, its days and its way."""
    shown = telling[:MOST_CAUSES]
    more = len(found.causes) - len(shown)
    texts = [_cause(found, cause, first=place == 0) for place, cause in enumerate(shown)]
    rest = f"; {_count(more)} more {'is' if more == 1 else 'are'} listed" if more else ""
    even_so = "Even so, " if found.change.tag == "noise" else ""
    return f"{even_so}{'; '.join(texts)}{rest}."


def _cause(found: Explanation, cause: Named, *, first: bool) -> str:
    whole = _rest(found)
    share, too = cause.share, "" if first else " too"
    if share is not None and LEAST_SHARE <= share <= 1:
        begin = f"{percent(share)} of {whole} is {cause.label}" if first else f"{percent(share)} is {cause.label}"
    elif cause.deviation is not None:
        unlike = f"{_difference(found, cause.deviation)}{_noun(found)}"
        begin = f"{cause.label} stands out{too} with {unlike} against what everything else did"
    else:
        begin = f"{cause.label} stands out{too}, {_ratio(found, cause)}"
    return f"{begin}{_when(cause)}{_way(found, cause)}"


def _rest(found: Explanation) -> str:
    """What the shares of causes are shares of: the change, less what the headline calls normal."""
    if not _normal(found):
        return "it"
    if _is_part(found):
        return "the rest"
    return f"what lies {'above' if found.usual.beyond > 0 else 'below'} that"


def _noun(found: Explanation) -> str:
    """What a count counts."""
    metric = metric_named(found.metric)
    return f" {metric.label.lower()}" if metric.unit is Unit.COUNT else ""


def _ratio(found: Explanation, cause: Named) -> str:
    if cause.value is None or cause.comparison is None:
        return "seen in only one of the two periods"
    return f"at {_amount(found, cause.value)} after {_amount(found, cause.comparison)}"


def _when(cause: Named) -> str:
    if cause.since and cause.until:
        if cause.since == cause.until:
            return f", on {day(cause.since, year=False)}"
        return f", from {day(cause.since, year=False)} to {day(cause.until, year=False)}"
    if cause.since:
        return f", from {day(cause.since, year=False)}"
    return f", until {day(cause.until, year=False)}" if cause.until else ""


def _way(found: Explanation, cause: Named) -> str:
    """Fewer orders or smaller ones."""
    if cause.large_order:
        order = cause.large_order
        where = "here" if order.is_new else "in the comparison"
        return f": one order of {_amount_of(found, order.revenue)} on {day(order.day)} {where}"
    if not cause.way or not cause.contribution:
        return _new_or_gone(cause)
    fewer, smaller = ("fewer", "smaller") if cause.contribution < 0 else ("more", "larger")
    opposite = cause.by_orders * cause.by_size < 0
    if cause.way == "both":
        return f": {fewer} and {smaller} orders"
    if cause.way == "orders":
        against = {"fewer": "though larger ones", "more": "though smaller ones"}[fewer]
        return f": {fewer} orders, {against if opposite and _is_much(cause) else f'not {smaller} ones'}"
    against = {"smaller": "though more of them", "larger": "though fewer of them"}[smaller]
    return f": {smaller} orders, {against if opposite and _is_much(cause) else f'not {fewer} of them'}"


def _is_much(cause: Named) -> bool:
    return min(abs(cause.by_orders), abs(cause.by_size)) > 0.25 * abs(cause.contribution)


def _new_or_gone(cause: Named) -> str:
    if cause.orders == 0 and cause.orders_before:
        return ": no order any more"
    return ": no order before" if cause.orders_before == 0 and cause.orders else ""


def _reversals(found: Explanation, silent: bool) -> list[str]:
    """Of a ratio: a warning where every part moved against the whole; else its rate against its mix."""
    told = [split for split in found.splits if split.rate is not None and split.axis in DIMENSIONS]
    turned = next((split for split in told if split.reversal), None)
    if turned:
        name = DIMENSIONS[turned.axis].label.lower()
        moved = "rose" if found.change.absolute < 0 else "fell"
        return [f"Careful: within every {name} it {moved}; the change is another mix of them."]
    best = next((split for split in told if not split.overlap), None)
    if best is None or silent:
        return []
    plural, rate, mix = DIMENSIONS[best.axis].plural.lower(), *(_difference(found, v) for v in (best.rate, best.mix))
    if not _is_seen(mix):
        return [f"It is no matter of another mix of {plural}."]
    return [f"Within the same {plural} it moved by {rate}, and another mix of them brings {mix}."]


def _one_order(found: Explanation, order: LargeOrder) -> str:
    when, worth = day(order.day), _amount_of(found, order.revenue)
    where = "" if order.is_new else " in the comparison"
    if order.share > 1:
        return f"One order of {worth} on {when}{where} is more than all of the change."
    return f"One order of {worth} on {when}{where} is {percent(order.share)} of the change."


def _no_cause(found: Explanation, silent: bool) -> str:
    small = len(found.causes)
    if small:
        return (
            f"No large part of the shop stands out; {_count(small)} small one{'s are' if small > 1 else ' is'} listed."
        )
    if silent:
        return "No part of the shop stands out either."
    return "No part of the shop stands out: its parts differ by no more than chance."


def _by_factors(found: Explanation) -> list[str]:
    """The two largest factors, where there is a bridge."""
    bridge = found.factors
    if bridge is None or len(bridge.parts) < 2:
        return []
    largest = sorted(bridge.parts, key=lambda part: -abs(part.contribution))[:2]
    told = [f"{part.label.lower()} {_difference(found, part.contribution)}" for part in largest if part.contribution]
    return [f"The largest factors are {listed(told)}."] if len(told) == 2 else []


def _steady(found: Explanation) -> str:
    names = [one.label.lower() for one in found.ruled_out]
    return f"By {listed(names)}, the parts differ by no more than chance."


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _amount(found: Explanation, value: float) -> str:
    return amount(value, metric_named(found.metric).unit, found.currency)


def _amount_of(found: Explanation, money: float) -> str:
    return amount(money, Unit.MONEY, found.currency)


def _difference(found: Explanation, value: float) -> str:
    return difference(value, metric_named(found.metric).unit, found.currency)


def comparison_words(selection: Selection, against: Window) -> str:
    """The comparison as a person calls it: `the four weeks before`, `the same days a year before`."""
    if selection.custom is not None:
        return days(against)
    if selection.against is Against.YEAR:
        return "the same days a year before"
    if selection.against is Against.TO_DATE:
        size = "month" if selection.window.days <= 31 else "quarter" if selection.window.days <= 92 else "year"
        return f"as many days of the {size} before"
    return f"the {_stretch(against)} before"


def _stretch(window: Window) -> str:
    months = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
    if window.start.day == window.end.day == 1 and months:
        whole = (months // 12, "year") if months % 12 == 0 else (months, "month")
    else:
        whole = (window.days // 7, "week") if window.days % 7 == 0 else (window.days, "day")
    count, unit = whole
    return unit if count == 1 else f"{_count(count)} {unit}s"
