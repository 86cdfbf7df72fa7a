"""What is known of customers as of a day: computed from their lines, never stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine.store.store import Store

# The seed tables' own rule: a customer who has not bought for more than 90 days has left.
CHURN_AFTER_DAYS = 90


class CustomerAsOf(NamedTuple):
    """A customer as of a day; the last three are None before the first purchase."""

    customer_id: str
    segment: str | None
    region: str | None
    acquisition_date: str | None
    age_group: str | None
    last_purchase_date: str | None
    days_since_purchase: int | None
    is_churned: bool | None


def customers_as_of(store: Store, day: date, churn_after_days: int = CHURN_AFTER_DAYS) -> list[CustomerAsOf]:
    """The customers known at the end of a day, by id.

    Parameters
    ----------
    store : where their lines are
    day : the whole of it counts; later purchases and later won customers are not known yet
    churn_after_days : whoever has bought nothing for more days than this has left

    Returns
    -------
    everybody who is described or named by a line, and was won or bought by then
    """
    with store.reading() as reading:
        bought = reading.last_purchases(day + timedelta(days=1))
        described = {
            row[0]: row
            for batch in reading.customers(("customer_id", "segment", "region", "acquisition_date", "age_group"))
            for row in batch
        }
    known = {key for key, row in described.items() if key in bought or (row[3] or "") <= day.isoformat()}
    return [
        _as_of(described.get(key, (key, None, None, None, None)), bought.get(key), day, churn_after_days)
        for key in sorted(known | bought.keys())
    ]


def _as_of(row: tuple, last: str | None, day: date, churn_after_days: int) -> CustomerAsOf:
    if last is None:
        return CustomerAsOf(*row, None, None, None)
    since = (day - date.fromisoformat(last)).days
    return CustomerAsOf(*row, last, since, since > churn_after_days)
