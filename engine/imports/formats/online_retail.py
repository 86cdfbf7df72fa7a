"""Online Retail (UCI): one line an invoice position of a UK gift shop, and files of that shape.

What is a sale, decided on the 541,909 lines of the file:

- Invoices that begin with C (9,288 lines) give goods back: refunds, on their own day.
- Lines without C whose quantity is not positive (1,336) move stock and cost nothing: other.
- Lines without a positive price (2,517) are free or write off a debt: other.
- Codes that name no product are other, sold or given back: POST (1,256 lines), DOT (710), M (572), C2 (144), D (77),
  S (63), BANK CHARGES (37), AMAZONFEE (34), CRUK (16), PADS (4), B (3). Gift vouchers (GIFT_0001_10 to _50,
  34 lines) are money paid ahead, not goods. Codes such as DCGS0003 or DCGSSGIRL are goods.
- Lines without a customer (135,080) are sales like any other.

A product is called what most of its sales call it; 207 codes have several descriptions there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow.compute as pc

from engine.imports.batch import Batch, Table
from engine.imports.formats._base import OTHER, PRODUCT_NAME, REFUND, SALE, Options, Plan, folded, renamed, settled
from engine.imports.ladder import less, minus, share
from engine.imports.report import Share, Step
from engine.imports.typed import Typed

HEADINGS = {
    "order_id": ("invoiceno", "invoice"),
    "product": ("stockcode",),
    PRODUCT_NAME: ("description",),
    "quantity": ("quantity",),
    "date": ("invoicedate",),
    "unit_price": ("unitprice", "price"),
    "customer_id": ("customerid",),
    "region": ("country",),
}
NO_PRODUCT = frozenset(
    ("POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "B", "ADJUST", "ADJUST2")
)
NO_PRODUCT_STARTS = ("GIFT_", "TEST0")
# Saving the file from a table of floating-point numbers turns customer 17850 into 17850.0.
FLOATED_ID = r"^(\d+)\.0$"


class OnlineRetail:
    """The UCI file, its second edition, and shops that export the same columns."""

    name = "online_retail"
    label = "an Online Retail file"
    rank = 20

    def claims(self, table: Table) -> bool:
        return set(_mapping(table)) >= {"order_id", "product", "quantity", "date", "unit_price"}

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        return [_plan(table, options) for table in tables]


def _mapping(table: Table) -> dict[str, str]:
    found = {folded(heading): heading for heading in reversed(table.header)}
    pairs = ((ours, next((found[n] for n in names if n in found), None)) for ours, names in HEADINGS.items())
    return {ours: theirs for ours, theirs in pairs if theirs}


def _plan(table: Table, options: Options) -> Plan:
    own = settled(table, options)
    mapping = {o: t for o, t in (_mapping(table) | own).items() if t}
    reasons = tuple((o, t, "you said so" if o in own else "Online Retail") for o, t in mapping.items())
    return Plan(
        name=table.name,
        sha256=table.sha256,
        target="transactions",
        mapping=reasons,
        batches=_tidied(renamed(table, mapping)),
        currency=options.currency or "GBP",
        rule=kinds,
        ladder=Cleaning(),
        rows_expected=table.rows_expected,
        notes=[] if options.currency else [f"{table.name}: money is taken as GBP, the currency of Online Retail."],
        unused=tuple(h for h in table.header if h not in mapping.values()),
        is_name=is_name,
    )


def _tidied(batches):
    def tidy() -> Iterator[Batch]:
        for batch in batches():
            columns = dict(batch.columns)
            columns["product"] = pc.utf8_upper(columns["product"])
            if "customer_id" in columns:
                columns["customer_id"] = pc.replace_substring_regex(columns["customer_id"], FLOATED_ID, r"\1")
            yield Batch(batch.source, columns, batch.lines, batch.broken)

    return tidy


def is_name(code: str, text: str) -> bool:
    """Whether a description that stands on no sale names the product: names are in capitals, remarks are not.

    19 of the 36 codes without a sale have only remarks, such as "thrown away" and "Unsaleable, destroyed.".
    """
    return is_no_product(code) or (text == text.upper() and text != text.lower())


def is_no_product(code: str | None) -> bool:
    """Whether a stock code names postage, a fee, a correction or a voucher."""
    return code is None or code in NO_PRODUCT or code.startswith(NO_PRODUCT_STARTS)


def is_cancellation(invoice: str | None) -> bool:
    return bool(invoice) and invoice[:1] in "Cc"


def _masks(typed: Typed) -> dict[str, np.ndarray]:
    code, invoice = typed.text["product"], typed.text["order_id"]
    customer = typed.text.get("customer_id")
    return {
        "no_product": code.where([is_no_product(label) for label in code.labels]),
        "cancelled": invoice.where([is_cancellation(label) for label in invoice.labels]),
        "pieces": typed.figures["quantity"].units > 0,
        "priced": typed.figures["unit_price"].units > 0,
        "named": customer.present if customer else np.zeros(typed.size, bool),
    }


def kinds(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """Which kind each line is; the rules are in this module's own words above."""
    is_ = _masks(typed)
    found = np.full(typed.size, SALE, np.int8)
    found[~is_["pieces"] | ~is_["priced"]] = OTHER
    found[is_["cancelled"]] = OTHER
    found[is_["cancelled"] & (amount < 0)] = REFUND
    found[is_["no_product"]] = OTHER
    return found


class Cleaning:
    """The usual cleaning of this file, rung by rung, and from there to what we count as sold."""

    TAKEN = (
        ("without cancellations (C invoices)", "cancelled"),
        ("without quantities of zero or less", "stock"),
        ("without prices of zero or less", "free"),
        ("without lines of unknown customers", "unnamed"),
    )

    def __init__(self) -> None:
        self._all = self._aside = self._unnamed_sold = self._no_product = self._sold = Share()
        self._taken = {key: Share() for _, key in self.TAKEN}
        self._usual: tuple[set, set] = (set(), set())
        self._ours: tuple[set, set] = (set(), set())

    def count(self, typed: Typed, amount: np.ndarray, kinds: np.ndarray) -> None:
        is_, good = _masks(typed), typed.good
        left = good.copy()
        self._all += share(amount, np.ones(typed.size, bool))
        self._aside += share(amount, ~good)
        for key, drop in (
            ("cancelled", is_["cancelled"]),
            ("stock", ~is_["pieces"]),
            ("free", ~is_["priced"]),
            ("unnamed", ~is_["named"]),
        ):
            self._taken[key] += share(amount, left & drop)
            if key == "unnamed":
                self._unnamed_sold += share(amount, left & drop)
                self._no_product += share(amount, left & is_["no_product"])
            left &= ~drop
        self._remember(self._usual, typed, left)
        self._sold += share(amount, good & (kinds == SALE))
        self._remember(self._ours, typed, good & (kinds == SALE))

    def _remember(self, sets: tuple[set, set], typed: Typed, rows: np.ndarray) -> None:
        for seen, name in zip(sets, ("order_id", "customer_id"), strict=True):
            if name in typed.text:
                column = typed.text[name]
                seen.update(column.labels[code] for code in np.unique(column.codes[rows]).tolist())
                seen.discard(None)

    def steps(self) -> list[Step]:
        left = self._all
        steps = [Step("lines in the file", None, left)]
        if self._aside.rows:
            left = less(left, self._aside)
            steps.append(Step("without lines set aside", minus(self._aside), left))
        for label, key in self.TAKEN:
            left = less(left, self._taken[key])
            steps.append(Step(label, minus(self._taken[key]), left))
        steps.append(Step("the usual cleaning", None, left, *map(len, self._usual)))
        left = left + self._unnamed_sold
        steps.append(Step("with lines of unknown customers", self._unnamed_sold, left))
        left = less(left, self._no_product)
        steps.append(Step("without codes that are no products", minus(self._no_product), left))
        return [*steps, Step("lines sold: revenue", None, self._sold, *map(len, self._ours))]


FORMAT = OnlineRetail()
