"""Locate the cause in a shop: a window against its comparison, over every dimension the shop has.

A total's chance is measured by its orders: in each combination of values, the sum of the squares of what each order
brought. A single huge order makes its own segment that much less certain, and so never passes for a segment's cause.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

import numpy as np

from engine.describe import compared, gap
from engine.describe.values import demand
from engine.diagnose.locate.cube import combinations_of
from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.locate import ALPHA, DEEPEST, given, locate
from engine.diagnose.locate.located import Cause, Located
from engine.diagnose.locate.ratio import of_sparse_ratio
from engine.dimensions import dimension
from engine.memo import memoised
from engine.metrics import MEASURES, How, Metric, Unit
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.snapshot.cells import Brought, Cells

# A dimension of more values joins while there are so few rows that its combinations stay as few.
MOST_VALUES, MOST_WIDE_ROWS = 200, 200_000
# With a wide dimension nearly every row is a combination of its own below this depth.
DEEPEST_WIDE = 2
# Leaves times the sets of dimensions they are added up by. A million demo lines of seven dimensions have 29,000 leaves
# in three weeks and 58,000 in a year, against as many before: at four dimensions deep 2.7 and 5.0 CPU s, with this
# limit 1.6 and 1.4.
MOST_LOOKS = 2_000_000
# An order of this part of its window that is so many times as large as its usual one is left out and named. Online
# Retail's two largest are 27% and 11% of their months and 223 and 124 times those months' mean order; the largest of
# the demo shop is 8 times the mean of all.
HUGE, TIMES_USUAL = 0.03, 20


@memoised
def locate_in_shop(
    snapshot: Snapshot, selection: Selection, metric: str = "revenue", dimensions: Sequence[str] | None = None
) -> Located:
    """The smallest set of segments that explains why a metric changed by more than chance and the common course.

    Parameters
    ----------
    snapshot, selection : the shop, the window and what to compare it with; the comparison counts as many days
    metric : its name; a ratio is judged at equal mix
    dimensions : those to look in; where None, all but those filtered to one value and those with too many values

    Raises
    ------
    MissingColumn, UnknownName
        where the shop cannot answer the metric, or has no such dimension
    """
    asked = metric_named(metric)
    demand(snapshot, (asked.name,))
    if any(MEASURES[name].how is How.REPEATED for name in asked.measures):
        return Located(notes=(f"{asked.label} {WITHIN_A_WINDOW}",))
    why = gap(snapshot, selection)
    other = compared(snapshot, selection)
    if why is not None or other is None:
        return Located(notes=(why.note if why else "There is no period to compare with, so no cause to look for.",))
    names, wide, notes = _dimensions(snapshot, (selection, other), asked, dimensions)
    if not names:
        return Located(notes=("This shop has no dimension with two values or more to look for a cause in.",))
    sides = Sides(snapshot, selection, other, names)
    found = _located(sides, asked, DEEPEST_WIDE if wide else DEEPEST)
    causes = tuple(_with_orders(sides, cause) for cause in found.causes)
    return replace(found, causes=causes, notes=(*found.notes, *notes))


def _located(sides: Sides, asked: Metric, deepest: int) -> Located:
    """Causes in the metric itself, else, of money, those in the number of orders: it varies less than their sizes."""
    leaves, notes = _leaves(sides, asked)
    deepest, shallow = _affordable(len(leaves), len(sides.names), deepest)
    counts = metric_named("orders")
    by_orders = asked.unit is Unit.MONEY and not asked.is_ratio and sides.snapshot.missing(counts.name) is None
    by_orders = by_orders and all(sides.snapshot.adds_up(counts.name, name) for name in sides.names)
    alpha = ALPHA / 2 if by_orders else ALPHA
    found = locate(leaves, deepest=deepest, alpha=alpha)
    if not found.causes and by_orders:
        fewer = locate(_leaves(sides, counts)[0], deepest=deepest, alpha=alpha)
        if fewer.causes:
            found = replace(given(leaves, fewer, deepest=deepest), notes=(BY_ORDERS,))
    return replace(found, notes=(*found.notes, *notes, *shallow))


def _affordable(leaves: int, dimensions: int, deepest: int) -> tuple[int, tuple[str, ...]]:
    """How deep combinations are looked at within MOST_LOOKS, two deep at least, and the sentence that says so."""
    affordable = all_of_them = min(deepest, dimensions)
    while affordable > 2 and leaves * sum(comb(dimensions, d) for d in range(1, affordable + 1)) > MOST_LOOKS:
        affordable -= 1
    if affordable == all_of_them:
        return deepest, ()
    return affordable, (f"With so many orders, only combinations of up to {affordable} values are looked at.",)


WITHIN_A_WINDOW = "counts who comes again: who does so in two segments does in neither, so no segment is its cause."
BY_ORDERS = "Found by the number of orders; sizes of orders vary too much to show it."


@dataclass(frozen=True)
class Sides:
    """Both windows and the dimensions they are cut by."""

    snapshot: Snapshot
    selection: Selection
    other: Selection
    names: tuple[str, ...]

    @property
    def scale(self) -> float:
        """Days of the window for each day of the comparison."""
        return self.selection.window.days / self.other.window.days

    def labels(self) -> tuple[tuple[str, ...], ...]:
        """Values of the dimensions."""
        return tuple(self.snapshot.values(name) for name in self.names)


def _dimensions(
    snapshot: Snapshot, sides: tuple[Selection, Selection], asked: Metric, chosen: Sequence[str] | None
) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """Names, whether one of them is wide, and sentences about those left out."""
    if chosen is not None:
        names = tuple(dict.fromkeys(dimension(name).name for name in chosen))
        return names, any(len(snapshot.values(name)) > MOST_VALUES for name in names), ()
    free = [n for n in snapshot.dimensions if len(snapshot.values(n)) > 1 and len(sides[0].values(n)) != 1]
    lines = sum(snapshot.lines_in(side.window) for side in sides)
    adds_up = all(MEASURES[name].is_additive for name in asked.measures)
    apart = [n for n in free if not adds_up and not snapshot.adds_up("orders", n)]
    wide = [n for n in free if len(snapshot.values(n)) > MOST_VALUES and n not in apart]
    many = wide if lines > MOST_WIDE_ROWS else []
    notes = [f"Not looked at, because one order can have several: {_said(apart)}."] if apart else []
    notes += [f"Not looked at over so many rows: {_said(many)}."] if many else []
    return tuple(n for n in free if n not in (*apart, *many)), bool(wide) and not many, tuple(notes)


def _said(names: Sequence[str]) -> str:
    return ", ".join(dimension(name).label.lower() for name in names)


@dataclass(frozen=True)
class Side:
    """One window over the combinations of both: totals by measure, and what each order brought to which of them."""

    values: dict[str, np.ndarray]
    brought: Brought

    def sum_of(self, rows: np.ndarray) -> np.ndarray:
        """Sums over the combinations of one figure an order and combination."""
        return np.bincount(self.brought.cell, rows, len(next(iter(self.values.values()))))


def _both(sides: Sides, measures: Sequence[str]) -> tuple[np.ndarray, Side, Side]:
    """Combinations of either window, and what each window had of them."""
    both = [sides.snapshot.cells(side, measures, sides.names, orders=True) for side in (sides.selection, sides.other)]
    sizes = tuple(map(len, sides.labels()))
    codes, place = combinations_of(np.concatenate([cells.codes for cells in both]), sizes)
    at = np.split(place, [len(both[0])])
    return codes, *(_side(cells, where, len(codes)) for cells, where in zip(both, at, strict=True))


def _side(cells: Cells, at: np.ndarray, count: int) -> Side:
    values = {name: np.bincount(at, cells.own(name), count) for name in cells.values}
    return Side(values, replace(cells.orders, cell=at[cells.orders.cell]))


def _leaves(sides: Sides, asked: Metric) -> tuple[Leaves, tuple[str, ...]]:
    """Leaves whose variance is the sum over orders of the squares of what each brought, or missed of the usual.

    Orders that outweigh all others are left out of totals: no segment did them. They are named in sentences.
    """
    codes, now, before = _both(sides, asked.measures)
    top, bottom = _quotient(asked) if asked.is_ratio else (asked, None)
    both = (now, before)
    tops = [top.value(side.values) for side in both]
    brought = [top.value(side.brought.values) for side in both]
    notes = ()
    if bottom is None:
        brought, notes = _without_huge(both, brought, asked)
        tops = [side.sum_of(rows) for side, rows in zip(both, brought, strict=True)]
    leaves = Leaves(sides.names, sides.labels(), codes, tops[0], sides.scale * tops[1])
    length, per = sides.scale, None
    # Of a ratio, what is counted are the orders that bring it about: of cancellations, those that were cancelled.
    counted = [np.ones(len(rows)) if bottom is None else (rows != 0).astype(float) for rows in brought]
    if bottom is not None:
        bottoms = [bottom.value(side.values) for side in both]
        expected, usual, length = of_sparse_ratio(leaves, (tops[0], bottoms[0]), (tops[1], bottoms[1]))
        brought = [
            x - usual[s.brought.cell] * bottom.value(s.brought.values) for x, s in zip(brought, both, strict=True)
        ]
        leaves, per = replace(leaves, expected=expected), bottoms[0]
    scales = (1.0, length)
    apart, whole = (
        sum(k**2 * f(s, x) for k, s, x in zip(scales, both, brought, strict=True)) for f in (_apart, _whole)
    )
    events = np.stack([k * side.sum_of(rows) for k, side, rows in zip(scales, both, counted, strict=True)])
    within = frozenset(name for name in sides.names if not sides.snapshot.adds_up("orders", name))
    return replace(leaves, weight=apart, whole=whole, within=within, event=1.0, events=events, per=per), notes


def _without_huge(both: tuple[Side, Side], brought: list[np.ndarray], asked: Metric) -> tuple[list, tuple[str, ...]]:
    """What orders brought, without those that are a large part of their window and many times its usual order."""
    kept, huge = [], []
    for side, rows in zip(both, brought, strict=True):
        orders = np.bincount(side.brought.order, rows)
        size = np.abs(orders)
        count = max(np.count_nonzero(np.bincount(side.brought.order)), 1)
        outweighs = (size > HUGE * size.sum()) & (size > TIMES_USUAL * size.sum() / count)
        huge += orders[outweighs].tolist()
        kept.append(np.where(outweighs[side.brought.order], 0.0, rows))
    if not huge:
        return kept, ()
    said = ", ".join(f"{value:,.0f}" for value in sorted(huge, key=abs, reverse=True)[:3])
    which = "One order is" if len(huge) == 1 else f"{len(huge)} orders are"
    return kept, (
        f"{which} left out of the search, too large to be any segment's doing ({asked.label.lower()}: {said}).",
    )


def _apart(side: Side, brought: np.ndarray) -> np.ndarray:
    """The variance of combinations where an order's parts come and go by themselves."""
    return side.sum_of(brought**2)


def _whole(side: Side, brought: np.ndarray) -> np.ndarray:
    """The variance where an order comes or goes as a whole; each part has its share of it."""
    order = side.brought.order
    return side.sum_of(brought * np.bincount(order, brought)[order])


def _quotient(asked: Metric) -> tuple[Metric, Metric]:
    """Numerator and denominator of a ratio, both as formulas of its measures."""
    tree = ast.parse(asked.formula, mode="eval").body
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)):
        raise ValueError(f"{asked.name} is no quotient on the whole: {asked.formula}")
    formulas = (ast.unparse(tree.left), ast.unparse(tree.right))
    return tuple(Metric(asked.name, asked.label, Unit.NUMBER, formula, asked.doc) for formula in formulas)


def _with_orders(sides: Sides, cause: Cause) -> Cause:
    """How many orders stand behind a cause, and the largest of them."""
    snapshot, windows = sides.snapshot, []
    for side in (sides.selection, sides.other):
        for name, value in cause.where:
            side = side.where(name, (value,))
        windows.append(side)
    known = [name for name in ("revenue", "orders") if snapshot.missing(name) is None]
    if "orders" not in known:
        return cause
    found = [snapshot.cells(side, known, (), orders=True).orders for side in windows]
    count = int(sum(np.count_nonzero(brought.values["orders"]) for brought in found))
    if "revenue" not in known:
        return replace(cause, orders=count)
    largest = max((float(brought.values["revenue"].max()) for brought in found if len(brought.order)), default=0.0)
    return replace(cause, orders=count, largest_order=largest)
