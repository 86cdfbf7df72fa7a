"""The quantities that may go together: of an order, and of a customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.snapshot.orders import Orders


@dataclass(frozen=True)
class Quantity:
    """What is measured of each order or of each customer.

    Parameters
    ----------
    name : the word in code and export
    label : what a person reads
    of : "order" or "customer"
    kin : quantities it is made of, or that are made of the same: going together is no finding
    """

    name: str
    label: str
    of: str = "order"
    kin: tuple[str, ...] = ()


QUANTITIES = (
    Quantity("revenue", "order value", kin=("items", "margin_rate")),
    Quantity("items", "items"),
    Quantity("discount_rate", "discount rate", kin=("revenue", "margin_rate")),
    Quantity("margin_rate", "margin rate"),
    Quantity("delivery_days", "delivery days", kin=("promised_days", "days_late")),
    Quantity("promised_days", "promised days", kin=("days_late",)),
    Quantity("days_late", "days later than promised"),
    Quantity("satisfaction", "satisfaction"),
    Quantity("refunded", "being refunded"),
    Quantity("repeat", "coming back"),
    Quantity("orders", "orders of the customer", "customer", kin=("days_between", "repeat")),
    Quantity("days_between", "days between orders", "customer", kin=("repeat",)),
)

# Days after which few refunds are still to come: the demo shop's last ones come 35 days after the order.
SETTLED = 60


def measured(orders: Orders, horizon: int) -> dict[str, np.ndarray]:
    """(n,) floats by name for each order, NaN where there is none; without what the shop does not have at all.

    What is of a customer is repeated on each of the customer's orders.
    """
    found = {
        name: orders.own(column)
        for name, column in (("revenue", "revenue"), ("items", "quantity"))
        if column in orders.units
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        if {"discount", "revenue"} <= orders.units.keys():
            full = orders.own("revenue") + orders.own("discount")
            found["discount_rate"] = np.where(full > 0, orders.own("discount") / full, np.nan)
        if {"cost", "revenue"} <= orders.units.keys():
            sold = orders.own("revenue")
            found["margin_rate"] = np.where(sold > 0, 1 - orders.own("cost") / sold, np.nan)
    facts = orders.facts
    names = (
        ("delivery_days", "delivery_days"),
        ("promised_days", "promised_days"),
        ("satisfaction_score", "satisfaction"),
    )
    found |= {name: facts[column] for column, name in names if column in facts}
    if {"delivery_days", "promised_days"} <= facts.keys():
        found["days_late"] = facts["delivery_days"] - facts["promised_days"]
    if orders.refunded is not None:
        found["refunded"] = np.where(orders.days_seen >= SETTLED, orders.refunded, np.nan)
    if (orders.customer >= 0).any():
        found["repeat"] = orders.again_within(horizon)
        found["orders"], found["days_between"] = _rhythm(orders)
    return found


def _rhythm(orders: Orders) -> tuple[np.ndarray, np.ndarray]:
    """Orders of the customer, and mean days between its days with an order; both NaN where they are not known."""
    known = orders.customer >= 0
    count = np.bincount(orders.customer[known], minlength=int(orders.customer.max(initial=0)) + 1)
    day = orders.day.astype(np.int64)
    visits = np.unique(np.column_stack([orders.customer[known].astype(np.int64), day[known]]), axis=0)
    days = np.bincount(visits[:, 0], minlength=len(count))
    first, last = np.full(len(count), np.iinfo(np.int64).max), np.full(len(count), np.iinfo(np.int64).min)
    np.minimum.at(first, visits[:, 0], visits[:, 1])
    np.maximum.at(last, visits[:, 0], visits[:, 1])
    gap = np.where(days > 1, (last - first) / np.maximum(days - 1, 1), np.nan)
    mine = np.where(known, orders.customer, 0)
    return np.where(known, count[mine], np.nan), np.where(known, gap[mine], np.nan)
