"""Money and orders."""

from data.schema import LineKind
from engine.metrics._base import How, Measure, Metric, Unit

ORDER = 1

MEASURES = (
    Measure("revenue", "revenue"),
    Measure("orders", "order_id", How.DISTINCT),
    Measure("items", "quantity"),
    Measure("discounts", "discount"),
    Measure("shipping", "shipping"),
    Measure("refunds", "refund", kinds=(LineKind.SALE, LineKind.REFUND)),
    Measure("refunded_orders", "order_id", How.DISTINCT, kinds=(LineKind.REFUND,)),
    Measure("cancelled_orders", "order_id", How.DISTINCT, kinds=(LineKind.CANCELLED,), told_by="status"),
)

METRICS = (
    Metric(
        "revenue",
        "Revenue",
        Unit.MONEY,
        "revenue",
        "Price times quantity after discount of all lines sold, without shipping and tax; cancelled orders are out.",
        family="Sales",
    ),
    Metric("orders", "Orders", Unit.COUNT, "orders", "Distinct orders with at least one line sold.", family="Sales"),
    Metric("aov", "Average order value", Unit.MONEY, "revenue / orders", "Revenue per order.", family="Sales"),
    Metric("items_per_order", "Items per order", Unit.NUMBER, "items / orders", "Pieces per order.", family="Sales"),
    Metric(
        "net_revenue",
        "Net revenue",
        Unit.MONEY,
        "revenue - refunds",
        "Revenue less the money given back in the same days.",
        family="Sales",
    ),
    Metric(
        "discount_rate",
        "Discount rate",
        Unit.RATE,
        "discounts / (revenue + discounts)",
        "Share of the full price that was taken off.",
        up_is_good=None,
        family="Sales",
    ),
    Metric(
        "refund_rate",
        "Refund rate",
        Unit.RATE,
        "refunds / revenue",
        "Money given back in these days, per unit of revenue in these days.",
        up_is_good=False,
        family="Sales",
    ),
    Metric(
        "cancellation_rate",
        "Cancellation rate",
        Unit.RATE,
        "cancelled_orders / (orders + cancelled_orders)",
        "Share of orders placed that were cancelled or could not be supplied.",
        up_is_good=False,
        family="Sales",
    ),
)
