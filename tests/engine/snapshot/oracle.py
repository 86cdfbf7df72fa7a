"""The slow truth: every measure by looping over the rows of a plain list, one cell after another."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from engine.metrics import MEASURES, Grain, How

FACTS = ("delivery_days", "promised_days", "satisfaction_score")


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


KEY_OF = {
    "day": lambda row: row["date"].date(),
    "week": lambda row: monday(row["date"].date()),
    "month": lambda row: row["date"].date().replace(day=1),
    "quarter": lambda row: row["date"].date().replace(day=1, month=(row["date"].month - 1) // 3 * 3 + 1),
    "year": lambda row: row["date"].date().replace(day=1, month=1),
    "weekday": lambda row: row["date"].weekday(),
    "hour": lambda row: row["date"].hour,
}


class Shop:
    """Rows as dictionaries in stored order; missing values are None, missing words empty."""

    def __init__(self, rows: list[dict]) -> None:
        self.rows = rows
        began = {}
        for position, row in enumerate(rows):
            order = row["order_id"]
            began[order] = min(began.get(order, (row["date"], position)), (row["date"], position))
        self.facts = {name: self._facts(name) for name in FACTS}
        self.first = {}
        for row in rows:
            if row["kind"] == "sale" and row["customer_id"]:
                known = self.first.get(row["customer_id"])
                if known is None or began[row["order_id"]] < began[known]:
                    self.first[row["customer_id"]] = row["order_id"]

    def _facts(self, name: str) -> dict:
        found = defaultdict(list)
        for row in self.rows:
            if row[name] is not None:
                found[row["order_id"]].append(row[name])
        return {order: max(values) for order, values in found.items()}

    def totals(self, selection, names, by) -> dict[str, dict[tuple, float]]:
        """By measure: totals by key, keys without rows left out."""
        cells = defaultdict(list)
        for row in self.rows:
            if not selection.window.start <= row["date"].date() < selection.window.end:
                continue
            if all(row[name] in values for name, values in selection.filters):
                cells[tuple(KEY_OF[b](row) if b in KEY_OF else row[b] for b in by)].append(row)
        return {name: {key: self.measure(name, rows) for key, rows in cells.items()} for name in names}

    def measure(self, name: str, rows: list[dict]) -> float:
        asked = MEASURES[name]
        rows = [row for row in rows if row["kind"] in asked.kinds]
        if asked.how is How.FIRST:
            return len({r["customer_id"] for r in rows if self.first.get(r["customer_id"]) == r["order_id"]})
        if asked.how is How.REPEATED:
            seen = defaultdict(set)
            for row in rows:
                seen[row["customer_id"]].add(row["order_id"])
            return sum(len(orders) >= 2 for customer, orders in seen.items() if customer)
        if asked.how is How.DISTINCT:
            return len({row[asked.column] for row in rows if row[asked.column] and (not asked.also or row[asked.also])})
        if asked.grain is Grain.ORDER:
            return self._of_orders(asked, {row["order_id"] for row in rows})
        has = [row for row in rows if all(row[column] not in (None, "") for column in asked.needs)]
        return len(has) if asked.how is How.COUNT else sum(row[asked.column] for row in has)

    def _of_orders(self, asked, orders: set) -> float:
        has = [order for order in orders if all(order in self.facts[column] for column in asked.needs)]
        if asked.at_most:
            has = [o for o in has if self.facts[asked.column][o] <= self.facts[asked.at_most][o]]
        return len(has) if asked.how is How.COUNT else sum(self.facts[asked.column][order] for order in has)
