"""The arrays a snapshot is made of: one row an order line, sorted by day, then by order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.schema import LineKind

KINDS: tuple[LineKind, ...] = tuple(LineKind)
KIND_CODE: dict[str, int] = {kind.value: code for code, kind in enumerate(KINDS)}

# Facts with decimals (days, scores) are kept as whole millionths: six decimals are exact, sums do not
# depend on their order, and ten million orders of 3,650 days still fit 64 bits.
REAL_SCALE = 1_000_000

# What is made to answer faster may take this many cells a row: 15 thousand rows are looked at in 0.1 ms, and are
# not worth tables of 60 MB. A million cells are afforded by any shop.
CELLS_A_ROW = 40
FEW_CELLS = 1_000_000

# A sum of whole numbers in floating point is exact below this.
EXACT_FLOAT = 2**53


@dataclass(frozen=True, eq=False)
class Number:
    """A column of numbers as whole units.

    Parameters
    ----------
    values : (n,) int, 0 where there is none
    present : (n,) bool, or None where every row has a value
    divisor : units in one of the column's own unit, where totals are given in the latter; None where they stay whole
    """

    values: np.ndarray
    present: np.ndarray | None = None
    divisor: int | None = None
    sums_in_float: bool = field(init=False)

    def __post_init__(self) -> None:
        largest = float(np.abs(self.values, dtype=float).sum()) if self.values.size else 0.0
        object.__setattr__(self, "sums_in_float", largest < EXACT_FLOAT)


@dataclass(frozen=True, eq=False)
class Rows:
    """A shop's order lines, as arrays of one length, and its orders' facts.

    Parameters
    ----------
    first : the first day, in days since 1970; 0 where there are no rows
    starts : (days + 1,) the row at which each day begins, and the number of rows
    day : (n,) days since the first
    kind : (n,) index in KINDS
    order, customer : (n,) codes from 0; customer is -1 where it is not known
    hour : (n,) hour of the day, or None where the shop has days only
    orders, customers : how many codes there are
    codes, labels : by dimension: (n,) index in the labels; labels have the largest revenue first, empty last
    numbers : by column: facts of the line
    facts : by column: facts of the order, by order code
    """

    first: int
    starts: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    order: np.ndarray
    customer: np.ndarray
    hour: np.ndarray | None
    orders: int
    customers: int
    codes: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]
    numbers: dict[str, Number]
    facts: dict[str, Number]

    def __len__(self) -> int:
        return len(self.order)

    @property
    def days(self) -> int:
        """Days from the first to the last, both counted."""
        return len(self.starts) - 1

    @property
    def nbytes(self) -> int:
        """Memory of all arrays."""
        arrays = [self.starts, self.day, self.kind, self.order, self.customer, self.hour, *self.codes.values()]
        for number in (*self.numbers.values(), *self.facts.values()):
            arrays += [number.values, number.present]
        return sum(a.nbytes for a in arrays if a is not None)

    def size(self, name: str) -> int:
        """Number of values of a dimension, or of hours."""
        return 24 if name == "hour" else len(self.labels[name])

    def code(self, name: str) -> np.ndarray:
        """(n,) codes of a dimension, or the hour."""
        return self.hour if name == "hour" else self.codes[name]

    @cached_property
    def first_orders(self) -> np.ndarray:
        """(customers,) the first order of each customer in which a line was sold; -2 where there is none."""
        first = np.full(self.customers, -2, np.int32)
        sold = np.flatnonzero((self.kind == KIND_CODE[LineKind.SALE]) & (self.customer >= 0))[::-1]
        # Orders are numbered in time and rows sorted by day and order: written backwards, the earliest stays.
        first[self.customer[sold]] = self.order[sold]
        return first

    def affords(self, cells: int, largest: int) -> bool:
        """Whether a structure of so many cells is in proportion to the rows, and within an upper limit."""
        return cells <= min(max(CELLS_A_ROW * len(self), FEW_CELLS), largest)
