"""The columns of a regression: what is looked at, and what is held while looking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.regress import products
from engine.dimensions import DIMENSIONS
from engine.snapshot.orders import Orders

# Dimensions that are held; a product is too narrow, its category is held instead.
HELD = ("region", "segment", "category", "channel", "payment_method", "age_group")

# A value of a dimension has a column of its own where it has so many orders, and not more than these do.
FEWEST_ORDERS = 30
MOST_VALUES = 12

# The share of a column that others do not tell; below, it is left out as told by them.
OWN_SHARE = 1e-6


@dataclass(frozen=True, eq=False)
class Design:
    """Columns of a regression, each with mean 0, without the constant.

    Parameters
    ----------
    columns : (n, k) float
    names : k names: what it is of, and the value where it is one of several
    """

    columns: np.ndarray
    names: tuple[tuple[str, str], ...]

    def of(self, what: str) -> list[int]:
        """Positions of the columns of one dimension or quantity."""
        return [at for at, (name, _) in enumerate(self.names) if name == what]

    @property
    def held(self) -> tuple[str, ...]:
        """What a person reads of all that is in it."""
        return tuple(dict.fromkeys(_WORDS.get(name, name) for name, _ in self.names))


_WORDS = {
    **{name: dimension.label.lower() for name, dimension in DIMENSIONS.items()},
    "revenue": "basket size",
    "items": "basket size",
    "quarter": "quarter",
}


def held(orders: Orders) -> Design:
    """The confounders of a question about one or more orders: dimensions, size of the basket, quarter of the order."""
    found: dict[tuple[str, str], np.ndarray] = {}
    for name in HELD:
        if name in orders.codes:
            found |= {(name, value): mark for value, mark in _values(orders.codes[name], orders.labels[name])}
    if "revenue" in orders.units:
        found["revenue", ""] = np.log1p(orders.own("revenue"))
    if "quantity" in orders.units:
        found["items", ""] = np.log1p(np.maximum(orders.own("quantity"), 0))
    block = (orders.day - orders.day.min()).astype(np.int64) // 91
    found |= {("quarter", value): mark for value, mark in _values(block, [str(b) for b in range(block.max() + 1)])}
    return design(found, len(orders))


def design(columns: Mapping[tuple[str, str], np.ndarray], size: int) -> Design:
    """Centred columns, without those that are constant or told by the ones before."""
    if not columns or not size:
        return Design(np.zeros((size, 0)), ())
    table = np.column_stack([np.asarray(values, float) for values in columns.values()])
    table -= table.mean(axis=0)
    kept = _independent(products(table, table))
    return Design(table[:, kept], tuple(name for name, keep in zip(columns, kept, strict=True) if keep))


def _values(codes: np.ndarray, labels: Sequence[str]) -> list[tuple[str, np.ndarray]]:
    """A column for each frequent value but the most frequent, which all are measured against; the rare are one."""
    counts = np.bincount(codes, minlength=len(labels))
    frequent = [int(c) for c in np.argsort(-counts, kind="stable")[:MOST_VALUES] if counts[c] >= FEWEST_ORDERS]
    marks = [(labels[c], codes == c) for c in frequent[1:]]
    rest = ~np.isin(codes, frequent)
    return [*marks, (REST, rest)] if frequent and np.count_nonzero(rest) >= FEWEST_ORDERS else marks


# The name of all rare values of a dimension together.
REST = "(others)"


def beside(first: np.ndarray, controls: Design) -> np.ndarray:
    """Columns that come first whatever they tell, and the controls that they do not tell."""
    table = np.column_stack([first, controls.columns])
    kept = _independent(products(table, table))
    kept[: first.shape[1]] = True
    return table[:, kept]


def last(controls: Design, *columns: np.ndarray) -> np.ndarray:
    """A constant, the controls, and centred columns that are looked at with them held.

    Raises
    ------
    ArithmeticError
        where the controls, and the columns before it, tell one of the columns exactly
    """
    table = np.column_stack([controls.columns, *(column - column.mean() for column in columns)])
    kept = _independent(products(table, table))
    if not kept[len(controls.names) :].all():
        raise ArithmeticError("what is held tells what is looked at")
    return np.column_stack([np.ones(len(table)), table])


def _independent(gram: np.ndarray) -> np.ndarray:
    """(k,) bool: columns that have something the kept ones before do not tell, by Gram-Schmidt on the products."""
    left = gram.copy()
    kept = np.zeros(len(gram), bool)
    for at in range(len(gram)):
        if left[at, at] <= OWN_SHARE * max(gram[at, at], 1e-300) or gram[at, at] <= 1e-12:
            continue
        kept[at] = True
        left -= np.outer(left[:, at], left[at]) / left[at, at]
    return kept
