"""The clean shops with one fault of the data planted in each.

Seeds below 1,000 were looked at while the checks were made; those that are tested begin at 1,000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.selection import Window
from tests.engine.diagnose.clean import CLEAN, Columns, Shape, demo, few_prices, plain, without

Where = tuple[tuple[str, str], ...]
DAY = 86_400


@dataclass(frozen=True)
class Fault:
    """What was planted: its kind, the days of it and where."""

    kind: str
    days: Window
    where: Where = ()


def window(columns: Columns, start: int, end: int) -> Window:
    """Days counted from a shop's first one."""
    first = columns["date"].min().astype("datetime64[D]").astype(date)
    return Window(first + timedelta(days=start), first + timedelta(days=end))


def within(columns: Columns, start: int, end: int) -> np.ndarray:
    """Rows of days counted from a shop's first one."""
    day = (columns["date"].astype("datetime64[D]") - columns["date"].min().astype("datetime64[D]")).astype(int)
    return (day >= start) & (day < end)


def last(columns: Columns) -> int:
    """Days from the first to the last, both counted."""
    return (
        int((columns["date"].max().astype("datetime64[D]") - columns["date"].min().astype("datetime64[D]")).astype(int))
        + 1
    )


def twice(columns: Columns, inside: np.ndarray, *, same_order: bool = False) -> Columns:
    """Rows once more, under other ids."""
    again = without(columns, inside)
    if not same_order:
        again["order_id"] = np.char.add("again", again["order_id"].astype(str))
    return {name: np.concatenate([values, again[name]]) for name, values in columns.items()}


def changed(columns: Columns, inside: np.ndarray, **factors: float) -> Columns:
    """Figures of some rows times a factor."""
    return columns | {name: np.where(inside, columns[name] * factor, columns[name]) for name, factor in factors.items()}


def emptied(columns: Columns, inside: np.ndarray, name: str) -> Columns:
    """A column without its values on some rows."""
    values = columns[name].copy()
    values[inside] = np.nan if values.dtype.kind == "f" else ""
    return columns | {name: values}


def _moved(columns: Columns, inside: np.ndarray, seconds: np.ndarray | int) -> Columns:
    shift = np.where(inside, seconds, 0).astype("timedelta64[s]")
    return columns | {"date": columns["date"] + shift}


def _at_midnight(columns: Columns, inside: np.ndarray) -> Columns:
    days = columns["date"].astype("datetime64[D]").astype("datetime64[s]")
    return columns | {"date": np.where(inside, days, columns["date"])}


def _month_first(columns: Columns, inside: np.ndarray) -> Columns:
    """Days up to 12 read as months of the same three and the other way round; the others were refused."""
    months = columns["date"].astype("datetime64[M]")
    number = (columns["date"].astype("datetime64[D]") - months).astype(int)
    kept = ~inside | (number < 12)
    return without(columns, kept)


def _plant(kind: str, base: Callable[[int], Columns], do, *, span=None, where: Where = ()):
    """A fault made by `do(columns, rows inside, where)` over days `span` (negative: from the end; None: the end)."""

    def make(seed: int) -> tuple[Columns, Fault]:
        columns = base(seed)
        days = last(columns)
        slip = seed % 40
        start, end = span
        start = max(days + start, 0) if start < 0 else start + slip
        end = days if end is None else start + end
        inside = within(columns, start, end)
        for name, value in where:
            inside &= columns[name] == value
        return do(columns, inside), Fault(kind, window(columns, start, end), where)

    return make


def _large(seed: int) -> Columns:
    return demo(seed, 40_000)


def _plain(seed: int) -> Columns:
    return plain(seed, Shape())


def _kept_out(columns: Columns, inside: np.ndarray) -> Columns:
    return without(columns, ~inside)


def _times(**factors: float) -> Callable[[Columns, np.ndarray], Columns]:
    return lambda columns, inside: changed(columns, inside, **factors)


def _emptied(name: str) -> Callable[[Columns, np.ndarray], Columns]:
    return lambda columns, inside: emptied(columns, inside, name)


def _part_twice(columns: Columns, inside: np.ndarray) -> Columns:
    """A third of the orders once more."""
    picked = np.random.default_rng(len(inside)).random(len(inside)) < 0.33
    return twice(columns, inside & picked)


def _first_of_all(seed: int) -> tuple[Columns, Fault]:
    columns = _plain(seed)
    inside = within(columns, 0, 1)
    return without(columns, ~(inside & (_hour(columns) < 17))), Fault("partial", window(columns, 0, 1))


NORTH, SOUTH, EAST = (("region", "North"),), (("region", "South"),), (("region", "East"),)
SOCIAL, MARKET = (("channel", "Social"),), (("channel", "Marketplace"),)
PAYPAL, SEARCH = (("payment_method", "PayPal"),), (("channel", "Search"),)

FAULTS: dict[str, Callable[[int], tuple[Columns, Fault]]] = {
    "a month taken twice": _plant("duplicates", demo, twice, span=(300, 30)),
    "a day taken twice": _plant("duplicates", _plain, twice, span=(410, 1)),
    "a third of a month taken twice": _plant("duplicates", _plain, _part_twice, span=(210, 30)),
    "a channel taken twice": _plant("duplicates", demo, twice, span=(500, 21), where=SOCIAL),
    "lines twice in their order": _plant(
        "duplicates", CLEAN["wholesale"], lambda c, i: twice(c, i, same_order=True), span=(203, 12)
    ),
    "days twice without customers": _plant("duplicates", CLEAN["days and money only"], twice, span=(310, 4)),
    "days twice, few prices": _plant("duplicates", few_prices, twice, span=(310, 4)),
    "four days missing": _plant("gap", demo, _kept_out, span=(250, 4)),
    "a day missing": _plant("gap", _large, _kept_out, span=(430, 1)),
    "a week of a closed-weekend shop missing": _plant("gap", CLEAN["closed at weekends"], _kept_out, span=(200, 8)),
    "a channel stopped": _plant("source", demo, _kept_out, span=(-60, None), where=MARKET),
    "a region paused": _plant("source", _plain, _kept_out, span=(300, 25), where=EAST),
    "a payment method begins": _plant("source", _plain, _kept_out, span=(-9_999, 150), where=PAYPAL),
    "cents for euros": _plant("unit", _plain, _times(revenue=100), span=(-90, None)),
    "cents up to a day": _plant("unit", _plain, _times(revenue=100), span=(-9_999, 200)),
    "cents in a region": _plant("unit", _plain, _times(revenue=100), span=(350, 60), where=SOUTH),
    "a tenth in a channel all the time": _plant("unit", _plain, _times(revenue=0.1), span=(-9_999, None), where=SOCIAL),
    "hours for days": _plant("unit", demo, _times(delivery_days=24), span=(420, 70)),
    "tenfold pieces": _plant("unit", _plain, _times(quantity=10, revenue=10), span=(200, 30)),
    "scores to ten": _plant("unit", demo, _times(satisfaction_score=2), span=(-80, None)),
    "a region in another currency": _plant("currency", _plain, _times(revenue=1.17), span=(330, 120), where=NORTH),
    "a region in kronor": _plant("currency", _plain, _times(revenue=11.3), span=(-150, None), where=EAST),
    "weeks in another currency, plain layout": _plant(
        "currency", CLEAN["plain layout"], _times(revenue_units=5.4), span=(280, 40)
    ),
    "cents, plain layout": _plant("unit", CLEAN["plain layout"], _times(revenue_units=100), span=(-50, None)),
    "weeks in another currency": _plant("currency", _plain, _times(revenue=5.4), span=(280, 40)),
    "the last day cut": _plant("partial", _plain, lambda c, i: without(c, ~(i & (_hour(c) >= 11))), span=(-1, None)),
    "the first day cut": _first_of_all,
    "the last day cut, days only": _plant(
        "partial", CLEAN["days only"], lambda c, i: without(c, ~i | (np.cumsum(i) <= 3)), span=(-1, None)
    ),
    "a clock of another zone": _plant("clock", demo, lambda c, i: _moved(c, i, 7 * 3600), span=(-120, None)),
    "midnight only": _plant("clock", _plain, _at_midnight, span=(400, 80)),
    "scores no longer given": _plant("missing", demo, _emptied("satisfaction_score"), span=(-75, None)),
    "customers no longer known": _plant("missing", _plain, _emptied("customer_id"), span=(380, 40)),
    "customers of a channel unknown": _plant(
        "missing", _plain, _emptied("customer_id"), span=(-100, None), where=SEARCH
    ),
    "a channel column emptied": _plant("missing", demo, _emptied("channel"), span=(-90, None)),
    "sold for nothing": _plant("price", _plain, _times(revenue=0), span=(333, 9)),
    "day and month exchanged": lambda seed: _exchanged(seed),
    "dates of another decade": lambda seed: _decade(seed),
}


def _hour(columns: Columns) -> np.ndarray:
    return (columns["date"].astype(np.int64) % DAY) // 3600


def _exchanged(seed: int) -> tuple[Columns, Fault]:
    """April to June of the second year keep only their days up to the 12th."""
    columns = demo(seed)
    months = columns["date"].astype("datetime64[M]")
    inside = (months >= np.datetime64("2025-04")) & (months <= np.datetime64("2025-06"))
    return _month_first(columns, inside), Fault("dates", Window(date(2025, 4, 1), date(2025, 7, 1)))


def _decade(seed: int) -> tuple[Columns, Fault]:
    """Nine orders typed ten years late."""
    columns = plain(seed, Shape())
    rng = np.random.default_rng(seed + 3)
    picked = np.sort(rng.choice(len(columns["date"]), 9, replace=False))
    moved = columns["date"].copy()
    moved[picked] += np.timedelta64(3652, "D")
    days = np.sort(moved[picked]).astype("datetime64[D]").astype(date)
    return columns | {"date": moved}, Fault("dates", Window(days[0], days[-1] + timedelta(days=1)))


def is_caught(found, fault: Fault) -> bool:
    """Whether one of the problems is the planted one: kind, place, and days that agree by two thirds."""
    return any(
        p.is_fault and p.kind == fault.kind and p.where == fault.where and _agree(p.days, fault.days) for p in found
    )


def _agree(one: Window | None, other: Window) -> bool:
    if one is None:
        return False
    both = (min(one.end, other.end) - max(one.start, other.start)).days
    return both >= 2 / 3 * (max(one.end, other.end) - min(one.start, other.start)).days
