"""A change of revenue, net revenue, orders, customers or order value as the work of the factors it is made of.

Revenue is customers x orders per customer x items per order x list price per item x the share kept after discounts,
and net revenue that x the share kept after refunds. Each factor is the ratio of two totals of the same lines. What
has no customer is a part of its own. A total the shop lacks is left out, and its two factors are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.schema import MONEY_SCALE
from engine.describe.values import compared, demand, number
from engine.describe.whole import gap
from engine.diagnose.bridge import in_units, shapley
from engine.diagnose.levels import LEVELS, NEEDS, WORDS, lacks, named, unit_of
from engine.memo import memoised
from engine.metrics import MEASURES, Unit
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot

# Metrics that have a bridge.
BRIDGED = ("revenue", "net_revenue", "orders", "customers", "aov")


@dataclass(frozen=True)
class Factor:
    """One bar of the bridge.

    Parameters
    ----------
    name, label : the factor's
    unit : of its values
    comparison, value : before and now; None where it divides by nothing
    contribution : to the change of the metric, in the metric's own unit
    share : of the whole change; None where that is nought
    """

    name: str
    label: str
    unit: Unit
    comparison: float | None
    value: float | None
    contribution: float
    share: float | None


@dataclass(frozen=True)
class Factors:
    """A metric's change in parts that sum to it exactly: money to the ten-thousandth, counts to the piece.

    Parameters
    ----------
    metric : its name
    comparison, value, change : of the metric, in its own unit; None where undefined
    parts : the factors in order of multiplication, then what is added to their product; empty where there is a note
    merged : sentences about factors that could not be told apart
    note : why there is no change to tell
    """

    metric: str
    comparison: float | None
    value: float | None
    change: float | None
    parts: tuple[Factor, ...]
    merged: tuple[str, ...] = ()
    note: str | None = None

    def part(self, name: str) -> Factor | None:
        """The factor of that name, None where there is none."""
        return next((found for found in self.parts if found.name == name), None)


@memoised
def factors(snapshot: Snapshot, selection: Selection, metric: str = "revenue") -> Factors | None:
    """The bridge of a metric's change; None for a metric that is no product or sum of others.

    Raises
    ------
    MissingColumn
        where the shop lacks the metric's own columns
    """
    demand(snapshot, (metric_named(metric).name,))
    if metric not in BRIDGED:
        return None
    why, other = gap(snapshot, selection), compared(snapshot, selection)
    if why or other is None:
        return _none(snapshot, selection, metric, why.note if why else "There is no comparison.")
    sides = _sides(snapshot, selection, other)
    if metric == "customers":
        return _summed(sides)
    if metric == "aov" and not (sides[0]["orders"] and sides[1]["orders"]):
        return _none(snapshot, selection, metric, "One of the two periods has no order.")
    return _Bridge(snapshot, metric, sides).answer()


def _none(snapshot: Snapshot, selection: Selection, metric: str, note: str) -> Factors:
    value = number(snapshot.metrics(selection, (metric,))[metric])
    return Factors(metric, None, value, None, (), (), note)


# By total: the measures of all lines, and of those whose customer is known.
_ALL = {"orders": "orders", "items": "items", "discounts": "discounts", "revenue": "revenue", "refunds": "refunds"}
_KNOWN = {name: f"known_{name}" for name in _ALL}


def _sides(snapshot: Snapshot, selection: Selection, other: Selection) -> tuple[dict[str, int], dict[str, int]]:
    """All totals before and now that the shop can give, as whole units."""
    wanted = ("customers", "new_customers", *_ALL.values(), *_KNOWN.values())
    names = [name for name in wanted if set(MEASURES[name].needs) <= snapshot.columns or not snapshot.rows]
    before, now = (snapshot.totals(asked, names).values for asked in (other, selection))
    return {name: int(before[name]) for name in names}, {name: int(now[name]) for name in names}


def _summed(sides: tuple[dict[str, int], dict[str, int]]) -> Factors:
    """Customers are new ones and returning ones."""
    found = [(side["new_customers"], side["customers"] - side["new_customers"]) for side in sides]
    change = sum(found[1]) - sum(found[0])
    names = (("new_customers", "New customers"), ("returning_customers", "Returning customers"))
    parts = tuple(
        Factor(name, label, Unit.COUNT, float(before), float(now), float(now - before), _share(now - before, change))
        for (name, label), before, now in zip(names, *found, strict=True)
    )
    return Factors("customers", float(sum(found[0])), float(sum(found[1])), float(change), parts)


class _Bridge:
    """One metric's bridge from two sides' totals."""

    def __init__(self, snapshot: Snapshot, metric: str, sides: tuple[dict[str, int], dict[str, int]]) -> None:
        self.metric, self.sides = metric, sides
        self.merged: list[str] = []
        anchor = _KNOWN["orders" if metric == "orders" else "revenue"]
        known = metric != "aov" and any(side.get(anchor) for side in sides)
        self.source = _KNOWN if known else _ALL
        self.base = "orders" if metric == "aov" else "one"
        lacking = {level for level in LEVELS[metric] if NEEDS.get(level) not in (None, *snapshot.columns)}
        nobody = {"customers"} if not known else set()
        self.levels = [self.base, *(level for level in LEVELS[metric] if level not in lacking | nobody)]
        if not known and "customers" in LEVELS[metric] and "customers" not in lacking:
            self.merged.append("No customer is known here, so orders are not told by customers.")
        self.merged += [lacks(level) for level in LEVELS[metric] if level in lacking]
        self.totals = [self._totals(side) for side in sides]

    def _totals(self, side: dict[str, int]) -> dict[str, int]:
        found = {"one": 1, "customers": side.get("customers", 0)}
        found |= {total: side.get(name, 0) for total, name in self.source.items()}
        found["list"] = found["revenue"] + found["discounts"]
        # What is given back where nothing was sold is no share of it: it stands beside the product.
        found["net"] = found["revenue"] - (found["refunds"] if found["revenue"] else 0)
        return found

    def answer(self) -> Factors:
        """The finished bridge."""
        self._close()
        product = self._product()
        added = self._added()
        before, now = (self._whole(side) for side in self.sides)
        change = now - before if self.metric != "aov" else sum(units for *_, units in product)
        scale = 1 if self.metric == "orders" else MONEY_SCALE
        parts = tuple(
            Factor(*names, unit, *values, units / scale, _share(units, change))
            for names, unit, values, units in (*product, *added)
        )
        if self.metric == "aov":
            before, now = (side["revenue"] / side["orders"] for side in self.sides)
        return Factors(self.metric, before / scale, now / scale, change / scale, parts, tuple(self.merged))

    def _close(self) -> None:
        """Leave out a total that is nought where the next one is not: nothing can be told per one of it."""
        for place in range(len(self.levels) - 2, 0, -1):
            level, after = self.levels[place], self.levels[place + 1]
            if any(not total[level] and total[after] for total in self.totals):
                self.merged.append(f"{WORDS[level]} are nought in one of the two periods, so two factors are one.")
                del self.levels[place]

    def _product(self) -> list[tuple]:
        """Names, unit, values and units of contribution of each factor."""
        pairs = list(zip(self.levels, self.levels[1:], strict=False))
        values = [[_over(total, *pair) for pair in pairs] for total in self.totals]
        before, now = (_filled(side, other) for side, other in (values, values[::-1]))
        change = round(self._per_base(self.totals[1])) - round(self._per_base(self.totals[0]))
        units = in_units(shapley(before, now), change)
        return [
            (named(*pair), unit_of(*pair), [_own(pair, value) for value in both], part)
            for pair, both, part in zip(pairs, zip(*values, strict=True), units, strict=True)
        ]

    def _per_base(self, total: dict[str, int]) -> float:
        return total[self.levels[-1]] if self.base == "one" else total[self.levels[-1]] / total[self.base]

    def _added(self) -> list[tuple]:
        """What is added to the product: sales without a customer, and money given back where nothing was sold."""
        product = [total[self.levels[-1]] for total in self.totals]
        wholes = [self._whole(side) for side in self.sides]
        idle = [self._idle(total) for total in self.totals]
        if self.metric == "aov":
            return []
        rest = [whole - part + lost for whole, part, lost in zip(wholes, product, idle, strict=True)]
        label = metric_named(self.metric).label
        found = []
        if any(rest):
            found.append((("without_customer", f"{label} without a customer"), rest))
        if any(idle):
            found.append((("refunds_alone", "Refunds where nothing was sold"), [-units for units in idle]))
        unit, scale = (Unit.COUNT, 1) if self.metric == "orders" else (Unit.MONEY, MONEY_SCALE)
        return [(names, unit, [part / scale for part in both], both[1] - both[0]) for names, both in found]

    def _idle(self, total: dict[str, int]) -> int:
        return total["refunds"] if self.metric == "net_revenue" and not total["revenue"] else 0

    def _whole(self, side: dict[str, int]) -> int:
        if self.metric == "net_revenue":
            return side["revenue"] - side["refunds"]
        return side["orders" if self.metric == "orders" else "revenue"]


def _over(total: dict[str, int], over: str, level: str) -> float | None:
    return total[level] / total[over] if total[over] else None


def _filled(values: Sequence[float | None], other: Sequence[float | None]) -> list[float]:
    """Factors to multiply with: one that divides by nothing is taken to be as on the other side."""
    return [
        value if value is not None else other_value if other_value is not None else 1.0
        for value, other_value in zip(values, other, strict=True)
    ]


def _own(pair: tuple[str, str], value: float | None) -> float | None:
    return value / MONEY_SCALE if value is not None and unit_of(*pair) is Unit.MONEY else value


def _share(units: int, change: int) -> float | None:
    return (units / change or 0.0) if change else None
