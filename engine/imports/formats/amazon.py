"""Amazon's report of all orders (Seller Central): one row an item, the money of all its pieces on it.

- `item-price` is what the item's pieces cost together, so it is not multiplied by the quantity; the item's
  promotion discount comes off it. Prices hold the tax where Amazon sells with it (Europe).
- An order that is pending has no price yet: its row is set aside, and taken by a later import.
- Cancelled rows have no price either; they count as cancelled orders of no money.
- The report names no customers. One with `buyer-email` in it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyarrow as pa

from engine.errors import ImportRefused
from engine.imports.batch import Batch, Table
from engine.imports.formats._base import DEAD, PRODUCT_NAME, Options, Plan
from engine.imports.numbers import read_one

NEEDED = {"amazon-order-id", "purchase-date", "order-status", "quantity", "item-price", "sku"}
PLAIN = {
    "order_id": "amazon-order-id",
    "customer_id": "buyer-email",
    "date": "purchase-date",
    "quantity": "quantity",
    "shipping": "shipping-price",
    "discount": "item-promotion-discount",
    "product": "sku",
    PRODUCT_NAME: "product-name",
    "channel": "sales-channel",
    "region": "ship-country",
    "status": "order-status",
    "currency": "currency",
}
PRICE, DISCOUNT, STATUS = "item-price", "item-promotion-discount", "order-status"
PENDING = "it has no price yet, as orders that are pending"


class Amazon:
    """All orders, as Seller Central reports them."""

    name = "amazon"
    label = "an Amazon report of orders"
    rank = 16

    def claims(self, table: Table) -> bool:
        return set(table.header) >= NEEDED

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        if options.mapping:
            raise ImportRefused("The columns of an Amazon report are known: leave --map out.")
        return [_plan(table, options) for table in tables]


def _plan(table: Table, options: Options) -> Plan:
    taken = {ours: theirs for ours, theirs in PLAIN.items() if theirs in table.header}
    money = PRICE if DISCOUNT not in table.header else f"{PRICE} - {DISCOUNT}"
    unnamed = [] if "customer_id" in taken else [f"{table.name}: the report names no customers."]
    return Plan(
        name=table.name,
        sha256=table.sha256,
        target="transactions",
        mapping=(*((ours, theirs, "Amazon") for ours, theirs in taken.items()), ("revenue", money, "Amazon")),
        batches=lambda: _batches(table, taken),
        currency=options.currency or _currency(table),
        rows_expected=table.rows_expected,
        notes=unnamed,
        unused=tuple(h for h in table.header if h not in (*taken.values(), PRICE)),
        wording={"revenue is empty": PENDING},
    )


def _batches(table: Table, taken: dict[str, str]) -> Iterator[Batch]:
    for batch in table.batches(sorted({*taken.values(), PRICE})):
        columns = {ours: batch.columns[theirs] for ours, theirs in taken.items()}
        columns["revenue"] = pa.array(_money(batch), pa.string())
        yield Batch(batch.source, columns, batch.lines, batch.broken)


def _money(batch: Batch) -> list[str]:
    """The money of each row after its discount; nothing for cancelled rows, empty where there is no price."""
    prices, status = batch.columns[PRICE].to_pylist(), batch.columns[STATUS].to_pylist()
    off = batch.columns[DISCOUNT].to_pylist() if DISCOUNT in batch.columns else [""] * len(prices)
    return [_after(*row) for row in zip(prices, off, status, strict=True)]


def _after(price: str, off: str, status: str) -> str:
    worth, cut = read_one(price, "."), read_one(off, ".")
    if worth is None and status.lower() in DEAD:
        return "0"
    if not isinstance(worth, Decimal) or isinstance(cut, str):
        return price
    return f"{worth - abs(cut or 0):f}"


def _currency(table: Table) -> str | None:
    for batch in table.batches(["currency"]):
        for value in batch.columns["currency"].to_pylist() if "currency" in batch.columns else ():
            if value:
                return value.upper()
    return None


FORMAT = Amazon()
