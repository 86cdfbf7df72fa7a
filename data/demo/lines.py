"""From codes to the stored columns of the schema, and from columns to rows for a database."""

from __future__ import annotations

import numpy as np

from data.demo.calendar import day_axis
from data.demo.catalogue import PRODUCTS
from data.demo.customers import Customers, customer_ids
from data.demo.effects import Truth
from data.demo.orders import DAY_SECONDS, KINDS, REFUND, SALE, Lines
from data.demo.text import moments, numbered
from data.schema import MONEY_SCALE, TRANSACTIONS

CURRENCY = "EUR"
STATUS = ("delivered", "refunded", "cancelled")

# Orders below 60 EUR pay for shipping; Premium customers never do.
SHIPPING = round(4.90 * MONEY_SCALE)
FREE_FROM = 60 * MONEY_SCALE

STORED = tuple(c.stored_name for c in TRANSACTIONS)


class Labeller:
    """Turns codes into stored columns, for one shop.

    Parameters
    ----------
    truth : names of regions, segments, channels and so on
    customers : whom the lines belong to
    rows : lines in all, for the width of the ids
    """

    def __init__(self, truth: Truth, customers: Customers, rows: int):
        self.customers = customers
        self.width = max(7, len(str(rows)))
        self.first = day_axis(truth)[0].astype("datetime64[s]")
        self.products = np.array([p.name for p in PRODUCTS])
        self.categories = np.array([p.category for p in PRODUCTS])
        self.costs = np.round(np.array([p.cost for p in PRODUCTS]) * MONEY_SCALE).astype(np.int64)
        self.channels = np.array(list(truth.choice.channels))
        self.payments = np.array(list(truth.choice.payments))
        self.segments = np.array(list(truth.people.segments))
        self.regions = np.array(list(truth.people.regions))
        self.ages = np.array(truth.people.ages)

    def columns(self, lines: Lines) -> dict[str, np.ndarray]:
        """All stored columns in schema order; a masked value is an empty one."""
        made = self._facts(lines) | self._money(lines) | self._labels(lines) | _service(lines)
        return {name: made[name] for name in STORED}

    def _facts(self, lines: Lines) -> dict[str, np.ndarray]:
        return {
            "transaction_id": numbered("T", lines["number"] + 1, width=self.width),
            "order_id": numbered("T", lines["order"] + 1, width=self.width),
            "customer_id": customer_ids(lines["customer"], len(self.customers)),
            "date": self.first + (lines["day"] * DAY_SECONDS + lines["second"]).astype("timedelta64[s]"),
            "kind": np.array(KINDS)[lines["kind"]],
            "status": np.array(STATUS)[lines["kind"]],
            "currency": np.full(len(lines["day"]), CURRENCY),
            "quantity": lines["quantity"],
        }

    def _money(self, lines: Lines) -> dict[str, np.ndarray]:
        kind, pieces = lines["kind"], lines["quantity"]
        discount = pieces * lines["piece_discount"]
        amount = pieces * lines["unit_price"] - discount
        premium = self.segments[self.customers.segment[lines["customer"]]] == "Premium"
        pays_shipping = (kind == SALE) & (amount < FREE_FROM) & ~premium
        return {
            "amount_units": amount,
            "revenue_units": np.ma.array(amount, mask=kind != SALE),
            "unit_price_units": lines["unit_price"],
            "discount_units": discount,
            "refund_units": np.ma.array(-amount, mask=kind != REFUND),
            "shipping_units": np.where(pays_shipping, SHIPPING, 0),
            "cost_units": np.ma.array(pieces * self.costs[lines["product"]], mask=kind != SALE),
        }

    def _labels(self, lines: Lines) -> dict[str, np.ndarray]:
        who = lines["customer"]
        return {
            "product": self.products[lines["product"]],
            "category": self.categories[lines["product"]],
            "channel": self.channels[lines["channel"]],
            "payment_method": self.payments[lines["payment"]],
            "segment": self.segments[self.customers.segment[who]],
            "region": self.regions[self.customers.region[who]],
            "age_group": self.ages[self.customers.age[who]],
        }


def to_rows(batch: dict[str, np.ndarray]) -> tuple[tuple[str, ...], list[tuple]]:
    """A batch as (stored column names, rows of plain Python values) for `put_lines`.

    Dates become text, `YYYY-MM-DD HH:MM:SS`; masked values become None.
    """
    values = [(moments(v) if name == "date" else v).tolist() for name, v in batch.items()]
    return tuple(batch), list(zip(*values, strict=True))


def _service(lines: Lines) -> dict[str, np.ndarray]:
    """Facts of the delivery; empty for refunds and orders that were never sent."""
    never_sent = lines["kind"] != SALE
    return {
        name: np.ma.array(lines[code].astype(float), mask=never_sent)
        for name, code in (
            ("delivery_days", "delivery"),
            ("promised_days", "promised"),
            ("satisfaction_score", "score"),
        )
    }
