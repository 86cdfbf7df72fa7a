"""Delivery and satisfaction: facts of the order, averaged over orders."""

from engine.metrics._base import Grain, How, Measure, Metric, Unit

ORDER = 3

MEASURES = (
    Measure("scores", "satisfaction_score", How.SUM, grain=Grain.ORDER),
    Measure("scored_orders", "satisfaction_score", How.COUNT, grain=Grain.ORDER),
    Measure("delivery_day_sum", "delivery_days", How.SUM, grain=Grain.ORDER),
    Measure("delivered_orders", "delivery_days", How.COUNT, grain=Grain.ORDER),
    Measure("on_time_orders", "delivery_days", How.COUNT, grain=Grain.ORDER, at_most="promised_days"),
    Measure("promised_orders", "promised_days", How.COUNT, grain=Grain.ORDER, also="delivery_days"),
)

METRICS = (
    Metric(
        "satisfaction",
        "Satisfaction",
        Unit.SCORE,
        "scores / scored_orders",
        "Average score from 1 to 5 over the orders that have one.",
        family="Service",
    ),
    Metric(
        "delivery_days",
        "Delivery time",
        Unit.DAYS,
        "delivery_day_sum / delivered_orders",
        "Average days from order to delivery over delivered orders.",
        up_is_good=False,
        family="Service",
    ),
    Metric(
        "on_time_rate",
        "On time",
        Unit.RATE,
        "on_time_orders / promised_orders",
        "Share of delivered orders that came no later than promised.",
        family="Service",
    ),
)
