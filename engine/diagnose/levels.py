"""The totals a bridge divides, one per one of the other: their order, and what a factor of two of them is called."""

from __future__ import annotations

from engine.metrics import Unit

# Totals in order of division: each factor is a total per one of the total before it.
LEVELS = {
    "revenue": ("customers", "orders", "items", "list", "revenue"),
    "net_revenue": ("customers", "orders", "items", "list", "revenue", "net"),
    "orders": ("customers", "orders"),
    "aov": ("items", "list", "revenue"),
}
NEEDS = {"customers": "customer_id", "orders": "order_id", "items": "quantity", "list": "discount"}
WORDS = {"customers": "Customers", "orders": "Orders", "items": "Items", "list": "List value", "revenue": "Revenue"}
_ONE = {"customers": "customer", "orders": "order", "items": "item"}
_SPECIAL = {
    ("items", "list"): ("list_price", "List price per item"),
    ("items", "revenue"): ("price", "Price per item"),
    ("items", "net"): ("net_price", "Net price per item"),
    ("list", "revenue"): ("kept_after_discounts", "Share kept after discounts"),
    ("list", "net"): ("kept", "Share kept after discounts and refunds"),
    ("revenue", "net"): ("kept_after_refunds", "Share kept after refunds"),
}


def named(over: str, total: str) -> tuple[str, str]:
    """Name and label of a total per one of another; of the total alone where the other is 1."""
    if (over, total) in _SPECIAL:
        return _SPECIAL[over, total]
    word = WORDS.get(total, "Net revenue")
    name = word.lower().replace(" ", "_")
    return (f"{name}_per_{_ONE[over]}", f"{word} per {_ONE[over]}") if over in _ONE else (name, word)


def unit_of(over: str, total: str) -> Unit:
    """How the factor of two totals is written."""
    if total in ("list", "revenue", "net"):
        return Unit.RATE if over in ("list", "revenue") else Unit.MONEY
    return Unit.COUNT if over == "one" else Unit.NUMBER


def lacks(level: str) -> str:
    """Why two factors are one, in a sentence."""
    without = f"This shop has no column {NEEDS[level]}"
    return {
        "customers": f"{without}, so orders are not told by customers.",
        "orders": f"{without}, so orders are not told from what is in them.",
        "items": f"{without}, so items per order and the price per item are one factor.",
        "list": f"{without}, so the price per item is the one after discounts.",
    }[level]
