"""The orders of a selection as arrays: what questions about an order, or about who comes back, are asked of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.schema import MONEY_SCALE, ORDER_LEVEL, Kind, LineKind, column
from engine.selection import Selection
from engine.snapshot.columns import KIND_CODE, REAL_SCALE, Number, Rows
from engine.snapshot.scan import Scan, add_up

# Facts of the lines that are added up to the order.
AMOUNTS = ("revenue", "quantity", "discount", "cost", "shipping")


@dataclass(frozen=True, eq=False)
class Orders:
    """One row an order with a line sold among the selected ones, in order of time.

    Parameters
    ----------
    order : (n,) the shop's code of the order
    day : (n,) datetime64[D] of its first selected line
    hour : (n,) hour of that line, None where the shop has days only
    customer : (n,) code of the customer, -1 where not known
    lines : (n,) selected lines
    units : by column: (n,) int64 totals of the selected lines, money in stored units
    facts : by column: (n,) float in the column's own unit, NaN where there is none
    codes, labels : by dimension: (n,) index in the labels, of the first selected line
    refunded_on : (n,) datetime64[D], first day on which something of the order was given back, NaT where nothing
        was; None where the shop's refunds do not say which order they are of
    cancelled : (n,) bool, whether a line of it was cancelled; None where the shop has no states
    days_to_next : (n,) float, days to the same customer's next day with an order, among all the shop's
        orders; NaN where there is none until the shop's last day, or the customer is not known
    days_seen : (n,) int, days from the order to the shop's last day
    """

    order: np.ndarray
    day: np.ndarray
    hour: np.ndarray | None
    customer: np.ndarray
    lines: np.ndarray
    units: dict[str, np.ndarray]
    facts: dict[str, np.ndarray]
    codes: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]
    refunded_on: np.ndarray | None
    cancelled: np.ndarray | None
    days_to_next: np.ndarray
    days_seen: np.ndarray

    def __len__(self) -> int:
        return len(self.order)

    def own(self, name: str) -> np.ndarray:
        """(n,) float totals of a column in its own unit, money in currency."""
        money = column("transactions", name).kind is Kind.MONEY
        return self.units[name] / MONEY_SCALE if money else self.units[name].astype(float)

    @cached_property
    def refunded(self) -> np.ndarray | None:
        """(n,) bool: whether something was given back up to the shop's last day; None where that is not known."""
        return None if self.refunded_on is None else ~np.isnat(self.refunded_on)

    def again_within(self, days: int) -> np.ndarray:
        """(n,) float: 1 where the customer ordered on a later day within `days`, 0 where not.

        NaN where it cannot be told: the customer is not known, or the order is younger than that at the
        shop's last day, whether the customer has come back already or not.
        """
        told = (self.customer >= 0) & (self.days_seen >= days)
        return np.where(told, self.days_to_next <= days, np.nan)

    def take(self, kept: np.ndarray) -> Orders:
        """The orders at these positions, or where this mask is true."""
        arrays = ("order", "day", "hour", "customer", "lines", "refunded_on", "cancelled", "days_to_next", "days_seen")
        plain = {name: None if (found := getattr(self, name)) is None else found[kept] for name in arrays}
        tables = {n: {k: v[kept] for k, v in getattr(self, n).items()} for n in ("units", "facts", "codes")}
        return Orders(labels=self.labels, **plain, **tables)


def orders_of(rows: Rows, selection: Selection, columns: frozenset[str]) -> Orders:
    """The selected orders; see `Snapshot.orders`.

    Parameters
    ----------
    columns : the schema's columns that the shop has
    """
    at = _positions(Scan(rows, selection).part((LineKind.SALE,)).at, rows)
    order, heads, place = _together(rows.order[at])
    first, count = at[heads], len(heads)
    facts = {name: _fact(rows.facts[name], order) for name in ORDER_LEVEL if name in rows.facts}
    visits = _Visits(rows)
    return Orders(
        order=order,
        day=(rows.first + rows.day[first].astype(np.int64)).astype("datetime64[D]"),
        hour=None if rows.hour is None else rows.hour[first],
        customer=rows.customer[first],
        lines=np.bincount(place, minlength=count),
        units={n: _total(rows.numbers[n], at, place, count) for n in AMOUNTS if n in columns and n in rows.numbers},
        facts={name: values for name, values in facts.items() if name in columns},
        codes={name: code[first] for name, code in rows.codes.items()},
        labels=dict(rows.labels),
        refunded_on=_refunded_on(rows, order),
        cancelled=_marked(rows, LineKind.CANCELLED)[order] if "status" in columns else None,
        days_to_next=visits.to_next(rows.customer[first], rows.day[first]),
        days_seen=rows.days - 1 - rows.day[first].astype(np.int64),
    )


def _positions(at: slice | np.ndarray, rows: Rows) -> np.ndarray:
    return np.arange(len(rows))[at] if isinstance(at, slice) else at


def _together(order: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each order once in ascending order, the position of its first line, and the order's row for each line."""
    if (order[1:] >= order[:-1]).all():
        fresh = np.ones(len(order), bool)
        np.not_equal(order[1:], order[:-1], out=fresh[1:])
        heads = np.flatnonzero(fresh)
        return order[heads], heads, np.cumsum(fresh) - 1
    return np.unique(order, return_index=True, return_inverse=True)


def _total(number: Number, at: np.ndarray, place: np.ndarray, count: int) -> np.ndarray:
    return add_up(place, number.values[at], count, number.sums_in_float)


def _fact(number: Number, order: np.ndarray) -> np.ndarray:
    values = number.values[order] / REAL_SCALE
    return values if number.present is None else np.where(number.present[order], values, np.nan)


def _marked(rows: Rows, kind: LineKind) -> np.ndarray:
    """(orders,) bool: whether an order has a line of that kind."""
    found = np.zeros(rows.orders, bool)
    found[rows.order[rows.kind == KIND_CODE[kind]]] = True
    return found


def _refunded_on(rows: Rows, order: np.ndarray) -> np.ndarray | None:
    """First day of a refund by order; None where no refund is of an order that has a line sold."""
    back = rows.kind == KIND_CODE[LineKind.REFUND]
    if "refund" in rows.numbers:
        back |= (rows.numbers["refund"].values > 0) & (rows.kind == KIND_CODE[LineKind.SALE])
    at = np.flatnonzero(back)[::-1]
    day = np.full(rows.orders, np.datetime64("NaT"), "datetime64[D]")
    # Rows are sorted by day: written backwards, the earliest stays.
    day[rows.order[at]] = (rows.first + rows.day[at].astype(np.int64)).astype("datetime64[D]")
    if np.isnat(day[_marked(rows, LineKind.SALE)]).all():
        return None
    return day[order]


class _Visits:
    """The days on which each known customer ordered, over the whole shop."""

    def __init__(self, rows: Rows) -> None:
        sold = (rows.kind == KIND_CODE[LineKind.SALE]) & (rows.customer >= 0)
        self._days = max(rows.days, 1)
        key = rows.customer[sold].astype(np.int64) * self._days + rows.day[sold]
        key.sort()
        fresh = np.ones(len(key), bool)
        np.not_equal(key[1:], key[:-1], out=fresh[1:])
        self._keys = key[fresh]

    def to_next(self, customer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """(n,) float days to the customer's next day with an order; NaN where there is none."""
        result = np.full(len(customer), np.nan)
        if not len(self._keys):
            return result
        key = customer.astype(np.int64) * self._days + day
        after = np.searchsorted(self._keys, key, side="right")
        found = self._keys[np.minimum(after, len(self._keys) - 1)]
        known = (customer >= 0) & (after < len(self._keys)) & (found // self._days == customer)
        result[known] = (found - key)[known]
        return result
