"""The tables of a shop, in one place: columns, units, limits and meaning.

A transaction row is an order line. A shop that has only one line an order (the plain two-table
layout) has `order_id` equal to `transaction_id`. A column a shop does not have stays absent: no
importer invents a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Money is kept as whole ten-thousandths of the currency, so that sums are exact in any order.
# Two decimals are not enough: the Online Retail file prices buttons at 0.001 and its lines add up
# to 9,747,747.934. 64-bit integers then still hold 922 trillion currency units.
MONEY_SCALE = 10_000


class Kind(StrEnum):
    """How the values of a column are read and stored."""

    TEXT = "text"
    MONEY = "money"
    INTEGER = "integer"
    REAL = "real"
    DATE = "date"
    MOMENT = "moment"


class LineKind(StrEnum):
    """What an order line is; only sales count as revenue."""

    SALE = "sale"
    REFUND = "refund"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : the word used everywhere: database, code, command line, export
    kind : how it is read and stored; money is stored in the column `<name>_units`
    doc : what it means, with its unit
    low, high : inclusive limits a value must keep, in the column's own unit
    required : whether a row without it is set aside
    """

    name: str
    kind: Kind
    doc: str
    low: float | None = None
    high: float | None = None
    required: bool = False

    @property
    def stored_name(self) -> str:
        """Name of the stored column: money is kept in whole units beside its readable twin."""
        return f"{self.name}_units" if self.kind is Kind.MONEY else self.name


# A single line of 100 million is beyond any shop we know of (Online Retail's largest is 168,470)
# and keeps a sum of a billion such lines inside 64 bits.
LARGEST_MONEY = 1e8

TRANSACTIONS: tuple[Column, ...] = (
    Column("transaction_id", Kind.TEXT, "The order line's own id.", required=True),
    Column("order_id", Kind.TEXT, "The order the line belongs to.", required=True),
    Column("customer_id", Kind.TEXT, "Who bought; empty where the shop does not know."),
    Column("date", Kind.MOMENT, "When it was ordered, in the shop's own clock.", required=True),
    Column("kind", Kind.TEXT, "sale, refund, cancelled or other (no sale of goods).", required=True),
    Column(
        "amount",
        Kind.MONEY,
        "Money of the line as the file has it, signed, without shipping and tax.",
        -LARGEST_MONEY,
        LARGEST_MONEY,
        required=True,
    ),
    Column(
        "revenue",
        Kind.MONEY,
        "amount where the line is a sale, else empty: its sum is the shop's revenue.",
        0,
        LARGEST_MONEY,
    ),
    Column("quantity", Kind.INTEGER, "Pieces on the line.", -1e7, 1e7),
    Column("unit_price", Kind.MONEY, "Price of one piece before discount.", -LARGEST_MONEY, LARGEST_MONEY),
    Column("discount", Kind.MONEY, "Money taken off the line; amount is already without it.", 0, LARGEST_MONEY),
    Column(
        "refund", Kind.MONEY, "Money given back, as a positive figure, on the day it was given back.", 0, LARGEST_MONEY
    ),
    Column("shipping", Kind.MONEY, "Shipping charged with the line.", 0, LARGEST_MONEY),
    Column("cost", Kind.MONEY, "What the line's goods cost the shop.", 0, LARGEST_MONEY),
    Column("product", Kind.TEXT, "Product code or name."),
    Column("category", Kind.TEXT, "Product category."),
    Column("channel", Kind.TEXT, "Where the order came from."),
    Column("payment_method", Kind.TEXT, "How it was paid."),
    Column("segment", Kind.TEXT, "The customer's segment."),
    Column("region", Kind.TEXT, "Where it was sold to."),
    Column("age_group", Kind.TEXT, "The customer's age group."),
    Column("status", Kind.TEXT, "The order's status in the shop's own words."),
    Column("currency", Kind.TEXT, "Three-letter currency of the money columns."),
    Column("delivery_days", Kind.REAL, "Days from order to delivery; one value an order.", 0, 3650),
    Column("promised_days", Kind.REAL, "Days from order to the promised delivery; one value an order.", 0, 3650),
    Column("satisfaction_score", Kind.REAL, "The customer's score from 1 to 5; one value an order.", 1, 5),
)

CUSTOMERS: tuple[Column, ...] = (
    Column("customer_id", Kind.TEXT, "The customer's id.", required=True),
    Column("segment", Kind.TEXT, "Segment, such as Premium, Regular or Budget."),
    Column("region", Kind.TEXT, "Where the customer lives."),
    Column("acquisition_date", Kind.DATE, "Day the customer was won."),
    Column("age_group", Kind.TEXT, "Age group, such as 25-34."),
)

SPEND: tuple[Column, ...] = (
    Column("date", Kind.DATE, "The day the money was spent.", required=True),
    Column("channel", Kind.TEXT, "The channel it was spent on, in the words of the transactions.", required=True),
    Column("spend", Kind.MONEY, "Money spent.", 0, LARGEST_MONEY, required=True),
)

PRODUCTS: tuple[Column, ...] = (
    Column("product", Kind.TEXT, "The product's code, as the transactions have it.", required=True),
    Column("name", Kind.TEXT, "What the shop calls it."),
)

# Derived as of a date, never taken from a file: a file's own values age on the day it is written.
DERIVED_CUSTOMER_COLUMNS = ("last_purchase_date", "days_since_purchase", "is_churned")

# Facts of the order, repeated on each of its lines: averaged over orders, never over lines.
ORDER_LEVEL = ("delivery_days", "promised_days", "satisfaction_score")

TABLES: dict[str, tuple[Column, ...]] = {
    "transactions": TRANSACTIONS,
    "customers": CUSTOMERS,
    "spend": SPEND,
    "products": PRODUCTS,
}


def column(table: str, name: str) -> Column:
    """The column of that name; KeyError where the table has none."""
    for found in TABLES[table]:
        if found.name == name:
            return found
    raise KeyError(f"{table} has no column {name!r}")


def names(table: str) -> tuple[str, ...]:
    """Names of a table's columns, in stored order."""
    return tuple(c.name for c in TABLES[table])
