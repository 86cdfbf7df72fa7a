"""Customers as of some days: what was known of each strictly before such a day, and who came back after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.selection import Selection, Window
from engine.snapshot import Snapshot
from engine.snapshot.orders import Orders

# A figure that fewer of the rows have is left out; where more have it, the others get the mean.
KNOWN = 0.5
# Two years of quarters: older habits are no longer those of the shop.
MOST_CUTS = 8
# Of the customer, and where the customer mostly bought.
OF_THE_CUSTOMER = ("segment", "region", "age_group", "channel", "category")


@dataclass(frozen=True, eq=False)
class People:
    """Customers who bought in the days before a cut, one row a customer and cut.

    Parameters
    ----------
    customer : (n,) codes
    cut : (n,) index of the cut, the latest first
    gone : (n,) bool, no order in the horizon from the cut on
    numbers : by name: (n,) float, NaN where there is none
    choices : by dimension: (n,) codes of the value most of the customer's orders have
    labels : by dimension: its values
    """

    customer: np.ndarray
    cut: np.ndarray
    gone: np.ndarray
    numbers: dict[str, np.ndarray]
    choices: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def customers(self) -> int:
        """Distinct ones."""
        return len(np.unique(self.customer))


def cuts_of(snapshot: Snapshot, selection: Selection, horizon: int) -> tuple[date, ...]:
    """Days a horizon apart, the latest first: each has a horizon of the shop's days before it and after it.

    The latest is the selection's end where a whole horizon follows it. Empty where the shop has too few days.
    """
    step = timedelta(days=horizon)
    cut = min(selection.window.end, snapshot.whole().end - step)
    found = []
    while cut - step >= snapshot.first_day and len(found) < MOST_CUTS:
        found.append(cut)
        cut -= step
    return tuple(found)


def people_at(snapshot: Snapshot, selection: Selection, cuts: Sequence[date], horizon: int) -> People:
    """Customers of the selection's filters as of each cut.

    When a customer last bought chooses who is looked at and is no figure of theirs: it is what the label is made of.
    """
    parts = [_at(snapshot, selection, cut, horizon) for cut in cuts]
    return People(
        np.concatenate([p.customer for p in parts]),
        np.repeat(np.arange(len(parts)), [len(p) for p in parts]),
        np.concatenate([p.gone for p in parts]),
        {name: np.concatenate([p.numbers[name] for p in parts]) for name in parts[0].numbers},
        {name: np.concatenate([p.choices[name] for p in parts]) for name in parts[0].choices},
        parts[0].labels,
    )


def _at(snapshot: Snapshot, selection: Selection, cut: date, horizon: int) -> People:
    orders = snapshot.orders(selection.over(Window(snapshot.first_day, cut)))
    orders = orders.take(orders.customer >= 0)
    recent = orders.day >= np.datetime64(cut - timedelta(days=horizon))
    customer = np.unique(orders.customer[recent])
    after = snapshot.orders(Selection(Window(cut, cut + timedelta(days=horizon)))).customer
    orders = orders.take(np.isin(orders.customer, customer))
    at = np.searchsorted(customer, orders.customer)
    names = [name for name in OF_THE_CUSTOMER if name in snapshot.dimensions]
    return People(
        customer,
        np.zeros(len(customer), np.int64),
        ~np.isin(customer, after),
        _numbers(orders, at, len(customer), cut=np.datetime64(cut), horizon=horizon),
        {name: _most(orders.codes[name], at, len(customer), len(orders.labels[name])) for name in names},
        {name: orders.labels[name] for name in names},
    )


def _numbers(orders: Orders, at: np.ndarray, size: int, *, cut: np.datetime64, horizon: int) -> dict[str, np.ndarray]:
    """Figures of each customer, in the steps they are told in: doublings, 30 days, tenths, points, days."""
    age = (cut - orders.day).astype(np.int64)
    count = np.bincount(at, minlength=size)
    tenure = np.zeros(size)
    np.maximum.at(tenure, at, age)
    found = {"orders": np.log2(count), "tenure": tenure / 30}
    if "revenue" in orders.units:
        found["order_value"] = np.log2(np.maximum(np.bincount(at, orders.own("revenue"), size) / count, 0.01))
    if "discount" in orders.units:
        found["discounted"] = np.bincount(at, orders.units["discount"] > 0, size) / count * 10
    if orders.refunded_on is not None:
        found["refunded"] = (np.bincount(at, orders.refunded_on < cut, size) > 0).astype(float)
    # What has not arrived before the cut has no delivery days and no score yet.
    days = orders.facts.get("delivery_days")
    lately = (age <= horizon) & (np.ones(len(orders), bool) if days is None else days < age)
    for name, column in (("delivery", "delivery_days"), ("satisfaction", "satisfaction_score")):
        if column in orders.facts:
            found[name] = _mean(np.where(lately, orders.facts[column], np.nan), at, size)
    return found


def _mean(values: np.ndarray, at: np.ndarray, size: int) -> np.ndarray:
    """(size,) mean of the known values, NaN where there is none."""
    known = np.isfinite(values)
    count = np.bincount(at[known], minlength=size)
    return np.where(count > 0, np.bincount(at[known], values[known], size) / np.maximum(count, 1), np.nan)


def _most(codes: np.ndarray, at: np.ndarray, size: int, values: int) -> np.ndarray:
    """(size,) the most frequent code of each customer's orders, the first in order of revenue where two are."""
    key, count = np.unique(at.astype(np.int64) * values + codes, return_counts=True)
    best = np.zeros(size, np.int64)
    # Sorted by count, and from the last code to the first: written in that order, the most frequent stays.
    order = np.lexsort((-key, count))
    best[key[order] // values] = key[order] % values
    return best


def filled(people: People, name: str, label: str, notes: list[str]) -> np.ndarray | None:
    """A figure with the mean where there is none; None where most have none. What was done is noted."""
    values = people.numbers[name]
    known = np.isfinite(values)
    if known.all():
        return values
    if known.mean() < KNOWN:
        notes.append(f"{label} is left out: {known.mean():.0%} of the customers have it.")
        return None
    notes.append(f"{label} is the mean of all for the {1 - known.mean():.1%} of customers who have none.")
    return np.where(known, values, values[known].mean())
