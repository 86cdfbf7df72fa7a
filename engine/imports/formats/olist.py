"""Olist's export of nine files, whichever of them are there.

A line is an order item: its price is the amount, its freight the shipping. The people are
`customer_unique_id`; `customer_id` is a new number for each order. Decided here, where the files leave a choice:

- several payments an order: the method that paid most of it (on a tie the first in payment order);
- several reviews an order: the one answered last, which is the customer's last word;
- an order is cancelled where its status is canceled or unavailable; all others count as placed;
- two files of orders (a sample and its re-save by a spreadsheet overlap in 383 orders): the first one
  read counts, and of two spellings the one with seconds is read first;
- items of orders without a row in any orders file have no date: they are set aside and counted;
- orders without items have no money of goods: they are counted in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import ImportRefused
from engine.imports.batch import Batch, Table
from engine.imports.formats._base import CANCELLED, OTHER, SALE, Options, Plan
from engine.imports.formats._olist_join import Orders, largest_payment, last_review, lookup
from engine.imports.scout import ASK_DATES
from engine.imports.typed import Typed

HEADERS = {
    "orders": {"order_id", "customer_id", "order_status", "order_purchase_timestamp"},
    "items": {"order_id", "order_item_id", "product_id", "price", "freight_value"},
    "payments": {"order_id", "payment_sequential", "payment_type", "payment_value"},
    "reviews": {"review_id", "order_id", "review_score"},
    "customers": {"customer_id", "customer_unique_id", "customer_state"},
    "products": {"product_id", "product_category_name"},
    "translation": {"product_category_name", "product_category_name_english"},
    "sellers": {"seller_id", "seller_zip_code_prefix"},
    "geolocation": {"geolocation_zip_code_prefix", "geolocation_lat"},
}
UNUSED = ("sellers", "geolocation")
MAPPING = (
    ("transaction_id", "order_id + order_item_id", "one line an item"),
    ("order_id", "order_id", "Olist"),
    ("customer_id", "customer_unique_id", "the person; customer_id is new for each order"),
    ("date", "order_purchase_timestamp", "Olist"),
    ("revenue", "price", "without freight"),
    ("shipping", "freight_value", "Olist"),
    ("quantity", "(one an item)", "Olist writes one row a piece"),
    ("product", "product_id", "Olist"),
    ("category", "product_category_name_english", "translated; the Portuguese name where there is no translation"),
    ("payment_method", "payment_type", "the one that paid most of the order"),
    ("region", "customer_state", "Olist"),
    ("status", "order_status", "Olist"),
    ("delivery_days", "order_delivered_customer_date - order_purchase_timestamp", "days"),
    ("promised_days", "order_estimated_delivery_date - order_purchase_timestamp", "days"),
    ("satisfaction_score", "review_score", "the review answered last"),
)
NEEDS = {
    "customer_id": "customers",
    "region": "customers",
    "category": "products",
    "payment_method": "payments",
    "satisfaction_score": "reviews",
}
DEAD = ("canceled", "unavailable")


def part_of(table: Table) -> str | None:
    """Which of the nine files this is, by its header."""
    header = set(table.header)
    for part, needed in HEADERS.items():
        if needed <= header and not (part == "customers" and "order_id" in header):
            return part
    return None


class Olist:
    """The Brazilian marketplace's public data set."""

    name = "olist"
    label = "an Olist export"
    rank = 10

    def claims(self, table: Table) -> bool:
        return part_of(table) is not None

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        if options.mapping:
            raise ImportRefused("The columns of an Olist export are known: leave --map out.")
        parts: dict[str, list[Table]] = {}
        for table in tables:
            parts.setdefault(part_of(table) or "", []).append(table)
        for needed in ("orders", "items"):
            if needed not in parts:
                have = ", ".join(t.name for t in tables)
                raise ImportRefused(
                    f"Of an Olist export, the file of {needed} is missing (found: {have}). Give the folder that has "
                    f"olist_orders_dataset and olist_order_items_dataset, or list all files."
                )
        return [_plan(table, parts, options) for table in parts["items"]]


def _plan(table: Table, parts: dict[str, list[Table]], options: Options) -> Plan:
    have = {ours for ours, _, _ in MAPPING if NEEDS.get(ours, "orders") in parts}
    join = Join(table, parts, options)
    names = [t.name for part, found in parts.items() if part not in (*UNUSED, "items") for t in found]
    notes = [f"{table.name} was joined with {', '.join(names)}."]
    notes += [f"{t.name} holds nothing the shop's lines need." for part in UNUSED for t in parts.get(part, ())]
    missing = sorted({NEEDS[ours] for ours, _, _ in MAPPING if ours not in have})
    if missing:
        notes.append(f"Without Olist's file of {' and of '.join(missing)}, what it tells is empty.")
    return Plan(
        name=table.name,
        sha256=_combined(parts),
        target="transactions",
        mapping=tuple(m for m in MAPPING if m[0] in have),
        batches=join.batches,
        currency=options.currency or "BRL",
        rule=kinds,
        rows_expected=table.rows_expected,
        notes=notes,
        closing=join.closing,
        wording={"date is empty": "its order is in no file of orders, so it has no date"},
    )


def _combined(parts: dict[str, list[Table]]) -> str:
    from hashlib import sha256

    return sha256("".join(sorted(t.sha256 for found in parts.values() for t in found)).encode()).hexdigest()


def kinds(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """Lines of orders canceled or unavailable never became sales."""
    found = np.full(typed.size, SALE, np.int8)
    found[amount == 0] = OTHER
    status = typed.text["status"]
    found[status.where([label in DEAD for label in status.labels])] = CANCELLED
    return found


@dataclass
class Join:
    """The items with what the other files say about their order, product and customer."""

    items: Table
    parts: dict[str, list[Table]]
    options: Options

    def __post_init__(self) -> None:
        self._orders: Orders | None = None
        self._seen: set[str] = set()

    def batches(self) -> Iterator[Batch]:
        """The items under our names, dates in ISO spelling."""
        self._prepare()
        columns = ["order_id", "order_item_id", "product_id", "price", "freight_value"]
        for batch in self.items.batches(columns):
            yield self._joined(batch)

    def closing(self) -> tuple[list[str], list]:
        """Orders that no item belongs to."""
        orders = self._orders
        lost = [order for order in orders.place if order not in self._seen] if orders else []
        if not lost:
            return orders.notes if orders else [], []
        words: dict[str, int] = {}
        for order in lost:
            status = str(orders.columns["status"][orders.place[order]])
            words[status] = words.get(status, 0) + 1
        told = ", ".join(f"{count:,} {status}" for status, count in sorted(words.items(), key=lambda w: -w[1]))
        return [
            *orders.notes,
            f"{len(lost):,} orders have no items and so no lines: {told}; for example {lost[0]}.",
        ], []

    def _prepare(self) -> None:
        if self._orders is not None:
            return
        self._orders = Orders.read(self.parts["orders"], self.options.day_first, ASK_DATES)
        people = lookup(self.parts.get("customers", ()), "customer_id", ("customer_unique_id", "customer_state"))
        english = lookup(self.parts.get("translation", ()), "product_category_name", ("product_category_name_english",))
        goods = lookup(self.parts.get("products", ()), "product_id", ("product_category_name",))
        self._category = {p: english.get(name, (name,))[0] for p, (name,) in goods.items()}
        self._people = people
        self._payment = largest_payment(self.parts.get("payments", ()))
        self._review = last_review(self.parts.get("reviews", ()), self.options.day_first)

    def _joined(self, batch: Batch) -> Batch:
        orders = self._orders
        ids = batch.columns["order_id"].to_pylist()
        self._seen.update(ids)
        places = np.array([orders.place.get(order, -1) for order in ids], np.int64)
        columns = {
            "transaction_id": pc.binary_join_element_wise(
                batch.columns["order_id"], batch.columns["order_item_id"], "-"
            ),
            "order_id": batch.columns["order_id"],
            "revenue": batch.columns["price"],
            "shipping": batch.columns["freight_value"],
            "quantity": pa.array(["1"] * len(ids), pa.string()),
            "product": batch.columns["product_id"],
        }
        for name in ("date", "status", "delivery_days", "promised_days"):
            columns[name] = pa.array(orders.columns[name][places], pa.string())
        self._add(
            columns, "customers", "customer_id", [self._people.get(c, ("", ""))[0] for c in orders.customer(places)]
        )
        self._add(columns, "customers", "region", [self._people.get(c, ("", ""))[1] for c in orders.customer(places)])
        products = batch.columns["product_id"].to_pylist()
        self._add(columns, "products", "category", [self._category.get(p, "") for p in products])
        self._add(columns, "payments", "payment_method", [self._payment.get(o, "") for o in ids])
        self._add(columns, "reviews", "satisfaction_score", [self._review.get(o, "") for o in ids])
        return Batch(batch.source, columns, batch.lines, batch.broken)

    def _add(self, columns: dict[str, pa.Array], part: str, name: str, values: list[str]) -> None:
        if part in self.parts:
            columns[name] = pa.array(values, pa.string())


FORMAT = Olist()
