"""Customers: how many, how new, how often."""

from data.schema import LineKind
from engine.metrics._base import How, Measure, Metric, Unit

ORDER = 2

MEASURES = (
    Measure("customers", "customer_id", How.DISTINCT),
    Measure("known_revenue", "revenue", also="customer_id"),
    Measure("known_orders", "order_id", How.DISTINCT, also="customer_id"),
    Measure("known_items", "quantity", also="customer_id"),
    Measure("known_discounts", "discount", also="customer_id"),
    Measure("known_refunds", "refund", kinds=(LineKind.SALE, LineKind.REFUND), also="customer_id"),
    Measure("new_customers", "customer_id", How.FIRST),
    Measure("repeat_customers", "customer_id", How.REPEATED),
)

METRICS = (
    Metric(
        "customers", "Customers", Unit.COUNT, "customers", "Distinct known customers who bought.", family="Customers"
    ),
    Metric(
        "new_customers",
        "New customers",
        Unit.COUNT,
        "new_customers",
        "Customers whose first order ever is in these days.",
        family="Customers",
    ),
    Metric(
        "returning_customers",
        "Returning customers",
        Unit.COUNT,
        "customers - new_customers",
        "Customers who bought and had bought before these days.",
        family="Customers",
    ),
    Metric(
        "returning_share",
        "Returning share",
        Unit.RATE,
        "(customers - new_customers) / customers",
        "Share of buying customers who had bought before.",
        family="Customers",
    ),
    Metric(
        "repeat_rate",
        "Repeat rate",
        Unit.RATE,
        "repeat_customers / customers",
        "Share of buying customers with two or more orders in these days.",
        family="Customers",
    ),
    Metric(
        "revenue_per_customer",
        "Revenue per customer",
        Unit.MONEY,
        "known_revenue / customers",
        "Revenue from known customers per known customer.",
        family="Customers",
    ),
)
