"""Olist's side files, each brought to one value an order, person or product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from engine.errors import ImportRefused
from engine.imports import dates
from engine.imports.batch import Table
from engine.imports.dates import SECONDS_A_DAY, Moments
from engine.imports.numbers import read_one

PURCHASE, DELIVERED, PROMISED = (
    "order_purchase_timestamp",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
)


@dataclass
class Orders:
    """All orders, once each.

    Parameters
    ----------
    place : order id -> row of the columns
    columns : (orders + 1,) object; the last entry is the empty order of items that have none
    """

    place: dict[str, int]
    columns: dict[str, np.ndarray]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, tables: Sequence[Table], day_first: bool | None, ask: str) -> Orders:
        """The orders of all files; of an order in two files, the one whose times have seconds counts."""
        parts = [_Part.read(table, day_first, ask) for table in tables]
        parts.sort(key=lambda part: not part.exact)
        place: dict[str, int] = {}
        rows: dict[str, list] = {name: [] for name in ("customer", "status", "date", "delivery_days", "promised_days")}
        notes, twice, differ = [], 0, 0
        for part in parts:
            for at, order in enumerate(part.ids):
                if order in place:
                    twice += 1
                    differ += part.columns["date"][at][:16] != rows["date"][place[order]][:16]
                    continue
                place[order] = len(rows["date"])
                for name, values in rows.items():
                    values.append(part.columns[name][at])
        if twice:
            agree = (
                "all agree to the minute"
                if not differ
                else f"{differ:,} disagree about the time; the first read counts"
            )
            notes.append(f"{twice:,} orders are in two files of orders and count once; {agree}.")
        columns = {name: np.array([*values, ""], object) for name, values in rows.items()}
        return cls(place, columns, notes)

    def customer(self, places: np.ndarray) -> list[str]:
        """customer_id of the orders at these places."""
        return self.columns["customer"][places].tolist()


@dataclass
class _Part:
    ids: list[str]
    columns: dict[str, list[str]]
    exact: bool

    @classmethod
    def read(cls, table: Table, day_first: bool | None, ask: str) -> _Part:
        wanted = ["order_id", "customer_id", "order_status", PURCHASE, DELIVERED, PROMISED]
        found = {name: [] for name in wanted}
        for batch in table.batches(wanted):
            for name in wanted:
                values = batch.columns[name].to_pylist() if name in batch.columns else [""] * len(batch)
                found[name] += values
            _refuse_broken(table, batch)
        proof = sum(
            (dates.order(pa.array(found[name], pa.string())) for name in (PURCHASE, DELIVERED, PROMISED)), dates.Order()
        )
        if day_first is None and proof.answer is None and proof.unproven:
            raise ImportRefused(f"{table.name}: is {proof.unproven!r} day/month or month/day? No date proves it. {ask}")
        order = proof.answer if day_first is None else day_first
        bought, got, due = (
            dates.read(pa.array(found[name], pa.string()), order) for name in (PURCHASE, DELIVERED, PROMISED)
        )
        return cls(
            found["order_id"],
            {
                "customer": found["customer_id"],
                "status": found["order_status"],
                "date": [iso or text for iso, text in zip(bought.text.tolist(), found[PURCHASE], strict=True)],
                "delivery_days": _days(bought, got),
                "promised_days": _days(bought, due),
            },
            exact=any(text and not text.endswith(":00") for text in bought.text.tolist()),
        )


def _days(start: Moments, end: Moments) -> list[str]:
    """Days from one moment to the other, to four decimals; empty where one is missing."""
    days = np.round((end.seconds - start.seconds) / SECONDS_A_DAY, 4)
    known = (start.present & end.present).tolist()
    return [f"{value:.4f}" if there else "" for value, there in zip(days.tolist(), known, strict=True)]


def _refuse_broken(table: Table, batch) -> None:
    for row in batch.broken:
        raise ImportRefused(f"{table.name}, line {row.line:,}: {row.reason}. Export the file again.")


def lookup(tables: Iterable[Table], key: str, values: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """key -> values of a side file; the first row of a key counts."""
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for batch in table.batches([key, *values]):
            _refuse_broken(table, batch)
            columns = [batch.columns[name].to_pylist() for name in (key, *values)]
            for row in zip(*columns, strict=True):
                found.setdefault(row[0], row[1:])
    return found


def largest_payment(tables: Iterable[Table]) -> dict[str, str]:
    """order id -> the payment type that paid most of it; on a tie the one used first."""
    paid: dict[str, dict[str, tuple]] = {}
    for table in tables:
        for batch in table.batches(["order_id", "payment_sequential", "payment_type", "payment_value"]):
            _refuse_broken(table, batch)
            names = ("order_id", "payment_type", "payment_sequential", "payment_value")
            for order, kind, turn, value in zip(*(batch.columns[n].to_pylist() for n in names), strict=True):
                money, number = read_one(value, "."), read_one(turn, ".")
                before, first = paid.setdefault(order, {}).get(kind, (0, 10**9))
                sum_ = before + (0 if money is None or isinstance(money, str) else money)
                paid[order][kind] = (sum_, min(first, int(number) if number and not isinstance(number, str) else first))
    return {order: max(kinds, key=lambda k: (kinds[k][0], -kinds[k][1])) for order, kinds in paid.items()}


def last_review(tables: Iterable[Table], day_first: bool | None) -> dict[str, str]:
    """order id -> the score of the review answered last."""
    latest: dict[str, tuple[int, str]] = {}
    for table in tables:
        for batch in table.batches(["order_id", "review_score", "review_answer_timestamp"]):
            _refuse_broken(table, batch)
            answered = batch.columns.get("review_answer_timestamp")
            order = day_first
            when = [0] * len(batch)
            if answered is not None:
                order = dates.order(answered).answer if day_first is None else day_first
                when = dates.read(answered, order).seconds.tolist()
            names = (batch.columns["order_id"].to_pylist(), batch.columns["review_score"].to_pylist())
            for moment, order_id, score in zip(when, *names, strict=True):
                if order_id not in latest or moment >= latest[order_id][0]:
                    latest[order_id] = (moment, score)
    return {order: score for order, (_, score) in latest.items()}
