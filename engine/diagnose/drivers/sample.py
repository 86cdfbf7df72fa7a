"""The orders that drivers are looked for in, and how long after one a customer is waited for."""

from __future__ import annotations

import numpy as np

from engine.memo import memoised
from engine.selection import Selection, Window
from engine.snapshot import Snapshot
from engine.snapshot.orders import Orders

# A regression of 30 columns takes 0.3 s CPU at 200,000 orders, and they tell the demo shop's effects to 2%.
MOST_ORDERS = 200_000

# Days a customer is waited for: nine of ten returns come within it. Shorter than a month is a shop's own week;
# longer than half a year leaves few orders old enough.
SHORTEST, USUAL, LONGEST = 30, 90, 180
# Returns wanted before a shop's own rhythm is believed.
ENOUGH_RETURNS = 100

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@memoised
def horizon_of(snapshot: Snapshot) -> int:
    """Days within which nine of ten returning customers come back, in steps of 30; 90 where few ever do.

    At most a third of the shop's days, so that most orders are old enough to be judged.
    """
    gaps = snapshot.orders(Selection(snapshot.whole())).days_to_next
    gaps = gaps[np.isfinite(gaps)]
    days = USUAL
    if len(gaps) >= ENOUGH_RETURNS:
        days = int(np.ceil(np.quantile(gaps, 0.9) / 30) * 30)
    within = snapshot.whole().days // 3
    return max(1, min(max(days, SHORTEST), LONGEST, within))


@memoised
def sample_of(snapshot: Snapshot, selection: Selection, most: int = MOST_ORDERS) -> Orders:
    """The selected orders; of more than `most`, those of customers picked by a fixed rule, whole customers each."""
    orders = snapshot.orders(selection)
    if len(orders) <= most:
        return orders
    mixed = clusters(orders).astype(np.uint64) * _GOLDEN
    return orders.take((mixed >> np.uint64(11)) < np.uint64(int(most / len(orders) * 2**53)))


def until(snapshot: Snapshot, selection: Selection) -> Selection:
    """The same filters from the shop's first day up to the selection's last."""
    whole = snapshot.whole()
    end = min(selection.window.end, whole.end)
    return selection.over(Window(whole.start, end)) if end > whole.start else selection


def clusters(orders: Orders) -> np.ndarray:
    """(n,) int: who is one observation: a customer, or an order whose customer is not known."""
    return np.where(orders.customer >= 0, orders.customer.astype(np.int64), -1 - orders.order.astype(np.int64))
