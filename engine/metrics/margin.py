"""What is left after the goods are paid, where the shop knows their cost."""

from engine.metrics._base import Measure, Metric, Unit

ORDER = 4

MEASURES = (
    Measure("costs", "cost"),
    Measure("costed_revenue", "revenue", also="cost"),
)

METRICS = (
    Metric(
        "gross_margin",
        "Gross margin",
        Unit.MONEY,
        "costed_revenue - costs",
        "Revenue less the cost of goods, over the lines whose cost is known.",
        family="Margin",
    ),
    Metric(
        "gross_margin_rate",
        "Gross margin rate",
        Unit.RATE,
        "(costed_revenue - costs) / costed_revenue",
        "Share of revenue left after the cost of goods, over the lines whose cost is known.",
        family="Margin",
    ),
)
