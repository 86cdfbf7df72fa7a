"""Shopify's export of orders: one row an item, the order's own figures on its first row only.

- The order's discount is what its items lack to the Subtotal (so a discount of the shipping stays out);
  items' own discounts are taken first, the rest is shared out by value, exact to the ten-thousandth.
- Refunded Amount is shared out over the items the same way, never more than they were worth, on the day
  of the order: the export does not say when it was given back.
- Cancelled and voided orders are cancelled; gift cards and orders of the test gateway are no sales of goods.
- Shipping stands on the first item; taxes are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import pyarrow as pa

from data.schema import MONEY_SCALE
from engine.errors import ImportRefused
from engine.imports.batch import Batch, Table
from engine.imports.edges import whole_orders
from engine.imports.formats._base import CANCELLED, DEAD, OTHER, PRODUCT_NAME, SALE, Options, Plan
from engine.imports.numbers import Numbers, read
from engine.imports.typed import Typed

ITEM = ("Lineitem quantity", "Lineitem name", "Lineitem price")
NEEDED = {"Name", "Financial Status", "Created at", *ITEM}
WANTED = (
    *("Name", "Email", "Financial Status", "Created at", "Currency", "Subtotal", "Shipping", "Discount Amount"),
    *("Lineitem discount", "Lineitem sku", "Refunded Amount", "Cancelled at", "Payment Method", "Source"),
    *("Shipping Country", "Shipping Province", *ITEM),
)
MAPPING = (
    ("order_id", "Name"),
    ("customer_id", "Email"),
    ("date", "Created at"),
    ("quantity", "Lineitem quantity"),
    ("unit_price", "Lineitem price"),
    ("discount", "Subtotal, Lineitem discount"),
    ("refund", "Refunded Amount"),
    ("shipping", "Shipping"),
    ("product", "Lineitem sku, Lineitem name"),
    (PRODUCT_NAME, "Lineitem name"),
    ("channel", "Source"),
    ("payment_method", "Payment Method"),
    ("region", "Shipping Country, Shipping Province"),
    ("status", "Financial Status, Cancelled at"),
    ("currency", "Currency"),
)
TEST_GATEWAYS = ("bogus", "test")


class Shopify:
    """Orders as the admin exports them."""

    name = "shopify"
    label = "a Shopify export of orders"
    rank = 15

    def claims(self, table: Table) -> bool:
        return set(table.header) >= NEEDED

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        if options.mapping:
            raise ImportRefused("The columns of a Shopify export are known: leave --map out.")
        return [_plan(table, options) for table in tables]


def _plan(table: Table, options: Options) -> Plan:
    unfolding = Unfolding(table)
    return Plan(
        name=table.name,
        sha256=table.sha256,
        target="transactions",
        mapping=tuple((ours, theirs, "Shopify") for ours, theirs in MAPPING),
        batches=unfolding.batches,
        currency=options.currency or unfolding.currency(),
        rule=kinds,
        rows_expected=table.rows_expected,
        closing=unfolding.closing,
        unused=tuple(h for h in table.header if h not in WANTED),
    )


def kinds(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """What each item is, from the order's status, its gateway and its name."""
    found = np.full(typed.size, SALE, np.int8)
    found[amount <= 0] = OTHER
    status, product = typed.text["status"], typed.text["product"]
    found[status.where([(label or "").split(" ")[0] in DEAD for label in status.labels])] = CANCELLED
    found[product.where(["gift card" in (label or "").lower() for label in product.labels])] = OTHER
    gateway = typed.text["payment_method"]
    found[gateway.where([(label or "").lower() in TEST_GATEWAYS for label in gateway.labels])] = OTHER
    refund = typed.figures.get("refund")
    if refund is not None:
        refund.present[found != SALE] = False
    return found


class Unfolding:
    """The rows with the order's figures brought to each of its items."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._uneven: dict[str, int] = {}

    def currency(self) -> str | None:
        for batch in self._table.batches(["Currency"]):
            for value in batch.columns["Currency"].to_pylist() if "Currency" in batch.columns else ():
                if value:
                    return value.upper()
        return None

    def batches(self) -> Iterator[Batch]:
        """The items under our names, whole orders at a time."""
        for batch, _ in whole_orders(self._named()):
            yield Batch(batch.source, self._unfolded(batch), batch.lines, batch.broken)

    def closing(self) -> tuple[list[str], list]:
        if not self._uneven:
            return [], []
        name, units = next(iter(self._uneven.items()))
        return [
            f"{len(self._uneven):,} orders have items worth less than their Subtotal, for example {name} by "
            f"{units / MONEY_SCALE:,.2f}: the items count."
        ], []

    def _named(self) -> Iterator[Batch]:
        for batch in self._table.batches(list(WANTED)):
            empty = pa.array([""] * len(batch), pa.string())
            columns = {name: batch.columns.get(name, empty) for name in WANTED}
            columns["order_id"] = columns.pop("Name")
            yield Batch(batch.source, columns, batch.lines, batch.broken)

    def _unfolded(self, batch: Batch) -> dict[str, pa.Array]:
        cells = {name: column.to_pylist() for name, column in batch.columns.items()}
        figures = {name: read(batch.columns[name], ".") for name in ITEM[::2]}
        extra = ("Subtotal", "Shipping", "Discount Amount", "Refunded Amount", "Lineitem discount")
        figures |= {name: read(batch.columns[name], ".") for name in extra}
        discount, refund = [""] * len(batch), [""] * len(batch)
        shipping = [""] * len(batch)
        first = list(range(len(batch)))
        for _, group in groupby(range(len(batch)), key=cells["order_id"].__getitem__):
            rows = list(group)
            for row in rows:
                first[row] = rows[0]
            self._share_out(rows, figures, cells, discount=discount, refund=refund)
            shipping[rows[0]] = cells["Shipping"][rows[0]]
        head = {n: [cells[n][cells_row] for cells_row in first] for n in _OF_THE_ORDER}
        columns = {
            "order_id": cells["order_id"],
            "customer_id": [email.lower() for email in head["Email"]],
            "date": [own or of for own, of in zip(cells["Created at"], head["Created at"], strict=True)],
            "quantity": cells["Lineitem quantity"],
            "unit_price": cells["Lineitem price"],
            "discount": discount,
            "refund": refund,
            "shipping": shipping,
            "product": [
                name if "gift card" in name.lower() else sku or name
                for sku, name in zip(cells["Lineitem sku"], cells["Lineitem name"], strict=True)
            ],
            PRODUCT_NAME: cells["Lineitem name"],
            "channel": head["Source"],
            "payment_method": head["Payment Method"],
            "region": [
                "-".join(filter(None, place))
                for place in zip(head["Shipping Country"], head["Shipping Province"], strict=True)
            ],
            "status": [
                f"cancelled ({paid})" if gone else paid
                for gone, paid in zip(head["Cancelled at"], head["Financial Status"], strict=True)
            ],
            "currency": head["Currency"],
        }
        return {name: pa.array(values, pa.string()) for name, values in columns.items()}

    def _share_out(
        self, rows: list[int], figures: dict[str, Numbers], cells: dict[str, list], *, discount: list, refund: list
    ) -> None:
        """Discount and refund of an order onto its items."""
        pieces, prices = figures["Lineitem quantity"], figures["Lineitem price"]
        worth = [int(prices.units[r]) * int(pieces.units[r]) // MONEY_SCALE for r in rows]
        own = [min(int(figures["Lineitem discount"].units[r]), w) for r, w in zip(rows, worth, strict=True)]
        top, subtotal = rows[0], figures["Subtotal"]
        off = (
            sum(worth) - int(subtotal.units[top])
            if subtotal.present[top]
            else int(figures["Discount Amount"].units[top])
        )
        if off < 0:
            self._uneven[cells["order_id"][top]] = -off
        left = [w - o for w, o in zip(worth, own, strict=True)]
        rest = shared(min(max(0, off - sum(own)), sum(left)), left)
        back = shared(
            min(int(figures["Refunded Amount"].units[top]), sum(left) - sum(rest)),
            [a - b for a, b in zip(left, rest, strict=True)],
        )
        for row, mine, more, given in zip(rows, own, rest, back, strict=True):
            discount[row] = _text(mine + more)
            refund[row] = _text(given)


_OF_THE_ORDER = (
    *("Email", "Created at", "Source", "Payment Method", "Shipping Country", "Shipping Province"),
    *("Cancelled at", "Financial Status", "Currency"),
)


def shared(total: int, weights: list[int]) -> list[int]:
    """A whole number shared out by weight, exactly: the largest remainders get the last units."""
    whole = sum(weights)
    if total <= 0 or whole <= 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in rests[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _text(units: int) -> str:
    return f"{units // MONEY_SCALE}.{units % MONEY_SCALE:04d}" if units else ""


FORMAT = Shopify()
