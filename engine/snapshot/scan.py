"""Answer by looking at the rows: exact for every question, and the reference of the faster ways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.schema import LineKind
from engine.metrics import Grain, How, Measure
from engine.selection import Selection
from engine.snapshot.axes import Buckets
from engine.snapshot.columns import KIND_CODE, Number, Rows

# Distinct entities are marked in a table of cells x entities up to this many bytes; beyond, pairs are sorted.
LARGEST_TABLE = 32_000_000


class Scan:
    """The rows a selection is about.

    Parameters
    ----------
    rows : the shop
    selection : its window and filters; the comparison is not looked at
    """

    def __init__(self, rows: Rows, selection: Selection) -> None:
        self.rows = rows
        self.offset = days_since_first(rows, selection)
        low, high = (min(max(edge, 0), rows.days) for edge in (self.offset, self.offset + selection.window.days))
        low, high = (int(rows.starts[edge]) if len(rows) else 0 for edge in (low, max(low, high)))
        mask = None
        for name, wanted in selection.filters:
            kept = allowed(rows.labels[name], wanted)[rows.codes[name][low:high]]
            mask = kept if mask is None else mask & kept
        self.at: slice | np.ndarray = slice(low, high) if mask is None else np.flatnonzero(mask) + low
        self._parts: dict[tuple[LineKind, ...], Part] = {}

    def part(self, kinds: tuple[LineKind, ...]) -> Part:
        """The rows of these kinds."""
        if kinds not in self._parts:
            found = self.rows.kind[self.at]
            keep = np.isin(found, [KIND_CODE[k] for k in kinds]) if len(kinds) > 1 else found == KIND_CODE[kinds[0]]
            at = self.at
            if not keep.all():
                at = np.flatnonzero(keep) + at.start if isinstance(at, slice) else at[keep]
            self._parts[kinds] = Part(self.rows, at, self.offset)
        return self._parts[kinds]

    def __len__(self) -> int:
        return self.at.stop - self.at.start if isinstance(self.at, slice) else len(self.at)


class Part:
    """Rows of some kinds, ready to be counted."""

    def __init__(self, rows: Rows, at: slice | np.ndarray, offset: int) -> None:
        self.rows, self.at, self.offset = rows, at, offset

    def cells(self, axes: Sequence[str | Buckets], sizes: Sequence[int]) -> np.ndarray | None:
        """Cell of each row, in row-major order of the axes; None where there is only one cell."""
        cell = None
        for axis, size in zip(axes, sizes, strict=True):
            code = self._codes(axis)
            cell = code.astype(np.int64) if cell is None else cell * size + code
        return cell

    def _codes(self, axis: str | Buckets) -> np.ndarray:
        if isinstance(axis, Buckets):
            return axis.code[self.rows.day[self.at] - self.offset]
        return self.rows.hour[self.at] if axis == "hour" else self.rows.codes[axis][self.at]

    def total(self, measure: Measure, cell: np.ndarray | None, count: int) -> np.ndarray:
        """(count,) int64 total of a measure by cell, in units."""
        if measure.how is How.DISTINCT:
            known = None if measure.also is None else self.known(measure)
            if known is None:
                return self._distinct(measure.column, cell, count)
            return self._only(known)._distinct(measure.column, None if cell is None else cell[known], count)
        if measure.how is How.FIRST:
            return self._first(cell, count)
        if measure.how is How.REPEATED:
            return self._repeated(cell, count)
        return (
            self._by_order(measure, cell, count)
            if measure.grain is Grain.ORDER
            else self._by_line(measure, cell, count)
        )

    def _only(self, keep: np.ndarray) -> Part:
        at = np.flatnonzero(keep) + self.at.start if isinstance(self.at, slice) else self.at[keep]
        return Part(self.rows, at, self.offset)

    def _by_line(self, measure: Measure, cell: np.ndarray | None, count: int) -> np.ndarray:
        numbers = self.rows.numbers
        known = self.known(measure)
        if measure.how is How.COUNT:
            return _count(known, cell, count, self._size())
        number = numbers[measure.column]
        values = number.values[self.at]
        if known is not None:
            values = np.where(known, values, 0)
        return add_up(cell, values, count, number.sums_in_float)

    def known(self, measure: Measure) -> np.ndarray | None:
        """Which rows have what the measure needs; None where all have."""
        numbers, mask = self.rows.numbers, None
        for name in measure.needs:
            if name == "customer_id":
                found = self.rows.customer[self.at] >= 0
            elif name in numbers and numbers[name].present is not None:
                found = numbers[name].present[self.at]
            else:
                continue
            mask = found if mask is None else mask & found
        if measure.at_most is not None:
            found = numbers[measure.column].values[self.at] <= numbers[measure.at_most].values[self.at]
            mask = found if mask is None else mask & found
        return mask

    def _by_order(self, measure: Measure, cell: np.ndarray | None, count: int) -> np.ndarray:
        order, cell = self._orders(cell, count)
        known = fact_known(self.rows.facts, measure)
        if known is not None:
            keep = known[order]
            order, cell = order[keep], None if cell is None else cell[keep]
        if measure.how is How.COUNT:
            return _count(None, cell, count, len(order))
        number = self.rows.facts[measure.column]
        return add_up(cell, number.values[order], count, number.sums_in_float)

    def _orders(self, cell: np.ndarray | None, count: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Each order once a cell."""
        key = self.rows.order[self.at]
        key = key if cell is None else key.astype(np.int64) * count + cell
        key = _once(key)
        return (key, None) if cell is None else (key // count, key % count)

    def _distinct(self, column: str, cell: np.ndarray | None, count: int) -> np.ndarray:
        if column == "order_id":
            order, cell = self._orders(cell, count)
            return _count(None, cell, count, len(order))
        if column == "customer_id":
            return distinct(self.rows.customer[self.at], cell, count, self.rows.customers)
        labels = self.rows.labels[column]
        codes = self.rows.codes[column][self.at].astype(np.int64)
        return distinct(np.where(np.array(labels)[codes] == "", -1, codes), cell, count, len(labels))

    def _first(self, cell: np.ndarray | None, count: int) -> np.ndarray:
        customer = self.rows.customer[self.at]
        first = self.rows.first_orders
        fresh = (customer >= 0) & (self.rows.order[self.at] == first[customer]) if len(first) else customer >= 0
        return distinct(customer[fresh], None if cell is None else cell[fresh], count, self.rows.customers)

    def _repeated(self, cell: np.ndarray | None, count: int) -> np.ndarray:
        customer = self.rows.customer[self.at].astype(np.int64)
        order = self.rows.order[self.at].astype(np.int64)
        group = customer if cell is None else cell * self.rows.customers + customer
        known = customer >= 0
        group, order = group[known], order[known]
        if cell is not None:
            found, group = np.unique(group, return_inverse=True)
        pairs = _once(group * max(self.rows.orders, 1) + order) // max(self.rows.orders, 1)
        seen = np.bincount(pairs)
        if cell is None:
            return np.array([np.count_nonzero(seen >= 2)])
        return np.bincount(found[seen >= 2] // self.rows.customers, minlength=count)

    def _size(self) -> int:
        return self.at.stop - self.at.start if isinstance(self.at, slice) else len(self.at)


def days_since_first(rows: Rows, selection: Selection) -> int:
    """The window's first day, counted from the shop's; may be negative."""
    return int(np.datetime64(selection.window.start, "D").astype(int)) - rows.first


def allowed(labels: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """Which codes a filter lets through; values nobody has let nothing through."""
    keep = np.zeros(max(len(labels), 1), bool)
    position = {label: i for i, label in enumerate(labels)} if len(wanted) > 3 else None
    for value in wanted:
        found = position.get(value) if position is not None else labels.index(value) if value in labels else None
        if found is not None:
            keep[found] = True
    return keep


def fact_known(facts: dict[str, Number], measure: Measure) -> np.ndarray | None:
    """Which orders have what an order's measure needs; None where all have."""
    mask = None
    for name in measure.needs:
        present = facts[name].present
        if present is not None:
            mask = present if mask is None else mask & present
    if measure.at_most is not None:
        kept = facts[measure.column].values <= facts[measure.at_most].values
        mask = kept if mask is None else mask & kept
    return mask


def add_up(cell: np.ndarray | None, values: np.ndarray, count: int, in_float: bool) -> np.ndarray:
    """(count,) int64 sums by cell, exact: beyond 53 bits in two halves."""
    if cell is None:
        return np.array([values.sum(dtype=np.int64)])
    if in_float:
        return np.rint(np.bincount(cell, values, count)).astype(np.int64)
    low, high = values & 0xFFFFFF, values >> 24
    return add_up(cell, low, count, True) + (add_up(cell, high, count, True) << 24)


def distinct(entity: np.ndarray, cell: np.ndarray | None, count: int, entities: int) -> np.ndarray:
    """(count,) distinct entities by cell; codes below 0 are nobody."""
    if len(entity) and entity.min() < 0:
        known = entity >= 0
        entity, cell = entity[known], None if cell is None else cell[known]
    key = entity if cell is None else cell * entities + entity
    if count * entities <= max(8 * len(key), min(LARGEST_TABLE, 64 * len(key))):
        table = np.zeros(count * entities, bool)
        table[key] = True
        return np.count_nonzero(table.reshape(count, entities), axis=1)
    return np.bincount(_once(key) // max(entities, 1), minlength=count)


def _once(key: np.ndarray) -> np.ndarray:
    """Each key once; sorted keys are not sorted again."""
    if not len(key):
        return key
    if (key[1:] < key[:-1]).any():
        key = np.sort(key)
    fresh = np.ones(len(key), bool)
    np.not_equal(key[1:], key[:-1], out=fresh[1:])
    return key[fresh]


def _count(known: np.ndarray | None, cell: np.ndarray | None, count: int, size: int) -> np.ndarray:
    if cell is None:
        return np.array([size if known is None else np.count_nonzero(known)])
    return np.bincount(cell if known is None else cell[known], minlength=count)
