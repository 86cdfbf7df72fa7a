"""Every measure and metric in SQL, written apart from the engine: the outside truth for a stored shop."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from data.schema import MONEY_SCALE
from engine.metrics import METRICS
from engine.selection import Selection

SALE = "kind = 'sale'"

# By measure: (what is counted, which lines, further condition), over lines that match the selection.
LINES = {
    "revenue": ("coalesce(sum(revenue_units), 0)", SALE),
    "items": ("coalesce(sum(quantity), 0)", SALE),
    "discounts": ("coalesce(sum(discount_units), 0)", SALE),
    "shipping": ("coalesce(sum(shipping_units), 0)", SALE),
    "refunds": ("coalesce(sum(refund_units), 0)", "kind IN ('sale', 'refund')"),
    "costs": ("coalesce(sum(cost_units), 0)", SALE),
    "costed_revenue": ("coalesce(sum(revenue_units), 0)", f"{SALE} AND cost_units IS NOT NULL"),
    "known_revenue": ("coalesce(sum(revenue_units), 0)", f"{SALE} AND customer_id <> ''"),
    "known_orders": ("count(DISTINCT order_id)", f"{SALE} AND customer_id <> ''"),
    "known_items": ("coalesce(sum(quantity), 0)", f"{SALE} AND customer_id <> ''"),
    "known_discounts": ("coalesce(sum(discount_units), 0)", f"{SALE} AND customer_id <> ''"),
    "known_refunds": ("coalesce(sum(refund_units), 0)", "kind IN ('sale', 'refund') AND customer_id <> ''"),
    "orders": ("count(DISTINCT order_id)", SALE),
    "refunded_orders": ("count(DISTINCT order_id)", "kind = 'refund'"),
    "cancelled_orders": ("count(DISTINCT order_id)", "kind = 'cancelled'"),
    "customers": ("count(DISTINCT nullif(customer_id, ''))", SALE),
}
ORDERS = {
    "scores": ("coalesce(sum(satisfaction_score), 0)", "1"),
    "scored_orders": ("count(satisfaction_score)", "1"),
    "delivery_day_sum": ("coalesce(sum(delivery_days), 0)", "1"),
    "delivered_orders": ("count(delivery_days)", "1"),
    "on_time_orders": ("count(*)", "delivery_days <= promised_days"),
    "promised_orders": ("count(promised_days)", "delivery_days IS NOT NULL"),
}
MONEY = (
    *("revenue", "discounts", "shipping", "refunds", "costs", "costed_revenue"),
    *("known_revenue", "known_discounts", "known_refunds"),
)


class Truth:
    """A stored shop asked by sqlite3 alone.

    Parameters
    ----------
    path : the database; it holds one published load
    """

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute("ATTACH ? AS shop", (str(path),))
        self.db.executescript(
            """
            CREATE TABLE t AS SELECT * FROM shop.transactions ORDER BY date, row_id;
            CREATE INDEX t_date ON t(date);
            CREATE TABLE o AS SELECT order_id, min(date) AS began, max(satisfaction_score) AS satisfaction_score,
                max(delivery_days) AS delivery_days, max(promised_days) AS promised_days, min(rowid) AS place
                FROM t GROUP BY order_id;
            CREATE UNIQUE INDEX o_id ON o(order_id);
            CREATE TABLE f AS SELECT customer_id, order_id FROM (
                SELECT customer_id, order_id, row_number() OVER (PARTITION BY customer_id ORDER BY began, place) AS turn
                FROM (SELECT DISTINCT customer_id, order_id FROM t WHERE kind = 'sale' AND customer_id <> '')
                JOIN o USING (order_id)) WHERE turn = 1;
            CREATE UNIQUE INDEX f_id ON f(customer_id);
            """
        )

    def measures(self, selection: Selection) -> dict[str, float]:
        """All measures; money in units."""
        where, values = _where(selection)

        def one(text: str) -> float:
            return self.db.execute(text, values).fetchone()[0]

        found = {n: one(f"SELECT {what} FROM t WHERE {where} AND {lines}") for n, (what, lines) in LINES.items()}
        seen = f"order_id IN (SELECT order_id FROM t WHERE {where} AND {SALE})"
        found |= {n: one(f"SELECT {what} FROM o WHERE {seen} AND {only}") for n, (what, only) in ORDERS.items()}
        found["new_customers"] = one(
            f"SELECT count(DISTINCT customer_id) FROM t JOIN f USING (customer_id, order_id) WHERE {where} AND {SALE}"
        )
        found["repeat_customers"] = one(
            f"SELECT count(*) FROM (SELECT 1 FROM t WHERE {where} AND {SALE} AND customer_id <> '' "
            "GROUP BY customer_id HAVING count(DISTINCT order_id) >= 2)"
        )
        return found

    def metric(self, name: str, measures: dict[str, float]) -> float | None:
        """A metric of measures, None where it divides by nothing."""
        own = {n: v / MONEY_SCALE if n in MONEY else v for n, v in measures.items()}
        try:
            return eval(METRICS[name].formula, {}, own)
        except ZeroDivisionError:
            return None


def _where(selection: Selection) -> tuple[str, list]:
    parts, values = ["date >= ? AND date < ?"], [str(selection.window.start), str(selection.window.end)]
    for name, wanted in selection.filters:
        parts.append(f"coalesce({name}, '') IN ({', '.join('?' * len(wanted))})")
        values += wanted
    return " AND ".join(parts), values
