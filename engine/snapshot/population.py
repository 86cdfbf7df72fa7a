"""Lines of some kinds, and what is the same on all lines of an order or of a customer."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from data.schema import LineKind
from engine.snapshot.columns import KIND_CODE, Rows


class Population:
    """The lines of some kinds.

    Parameters
    ----------
    rows : the shop
    kinds : which lines count
    """

    def __init__(self, rows: Rows, kinds: tuple[LineKind, ...]) -> None:
        self.rows = rows
        mask = np.isin(rows.kind, [KIND_CODE[kind] for kind in kinds])
        self.mask = None if mask.all() else mask
        self._order: dict[str, bool] = {}
        self._customer: dict[str, bool] = {}
        self._values: dict[str, np.ndarray] = {}

    def of(self, array: np.ndarray) -> np.ndarray:
        """An array's values on these lines."""
        return array if self.mask is None else array[self.mask]

    @cached_property
    def one_day_orders(self) -> bool:
        """Whether no order has lines on two days."""
        order = self.of(self.rows.order)
        again = order[1:] == order[:-1]
        day = self.of(self.rows.day)
        return bool((order[1:] >= order[:-1]).all() and (day[1:][again] == day[:-1][again]).all())

    @cached_property
    def heads(self) -> np.ndarray:
        """(n,) bool: the first of an order's lines; of use where orders have one day."""
        order = self.of(self.rows.order)
        first = np.ones(len(order), bool)
        np.not_equal(order[1:], order[:-1], out=first[1:])
        return self._spread(first)

    @cached_property
    def one_customer_orders(self) -> bool:
        """Whether all lines of an order have the same customer."""
        order, customer = self.of(self.rows.order), self.of(self.rows.customer)
        return self.one_day_orders and not ((order[1:] == order[:-1]) & (customer[1:] != customer[:-1])).any()

    def constant_in_order(self, name: str) -> bool:
        """Whether a dimension, or the hour, is the same on all lines of each order."""
        if name not in self._order:
            self._order[name] = self.one_day_orders and self._same(name, self.rows.order)
        return self._order[name]

    def _same(self, name: str, order: np.ndarray) -> bool:
        order, code = self.of(order), self.of(self.rows.code(name))
        return not ((order[1:] == order[:-1]) & (code[1:] != code[:-1])).any()

    def constant_in_customer(self, name: str) -> bool:
        """Whether a dimension is the same on all lines of each known customer."""
        if name not in self._customer:
            value = self.customer_values(name)
            customer = self.of(self.rows.customer)
            known = customer >= 0
            self._customer[name] = bool((value[customer[known]] == self.of(self.rows.code(name))[known]).all())
        return self._customer[name]

    def customer_values(self, name: str) -> np.ndarray:
        """(customers,) code of a dimension on one of each customer's lines."""
        if name not in self._values:
            code = self.rows.code(name)
            value = np.zeros(self.rows.customers + 1, code.dtype)
            value[self.of(self.rows.customer)] = self.of(code)  # nobody, -1, writes into the last place
            self._values[name] = value[:-1]
        return self._values[name]

    def heads_by(self, names: tuple[str, ...]) -> np.ndarray:
        """(n,) bool: the first of an order's lines that have the same values of these dimensions."""
        if all(self.constant_in_order(name) for name in names):
            return self.heads
        key = self.of(self.rows.order).astype(np.int64)
        for name in names:
            key = key * self.rows.size(name) + self.of(self.rows.code(name))
        _, first = np.unique(key, return_index=True)
        mask = np.zeros(len(key), bool)
        mask[first] = True
        return self._spread(mask)

    def _spread(self, mask: np.ndarray) -> np.ndarray:
        if self.mask is None:
            return mask
        result = np.zeros(len(self.rows), bool)
        result[self.mask] = mask
        return result
