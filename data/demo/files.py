"""The demo shop as CSV files: the plain two-table layout, and spend."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from data.demo.calendar import day_axis
from data.demo.generate import Demo
from data.demo.text import moments
from data.schema import MONEY_SCALE

TRANSACTION_COLUMNS = (
    "transaction_id",
    "customer_id",
    "date",
    "revenue",
    "category",
    "channel",
    "payment_method",
    "delivery_days",
    "satisfaction_score",
    "segment",
    "region",
    "age_group",
)
CUSTOMER_COLUMNS = ("customer_id", "segment", "region", "acquisition_date", "age_group")
DERIVED_COLUMNS = ("last_purchase_date", "days_since_purchase", "is_churned")

# What the plain layout calls churned: no purchase in this many days before the end of the data.
CHURNED_AFTER = 90


def write_csv(demo: Demo, folder: Path | str) -> tuple[Path, Path, Path]:
    """Write transactions.csv, customers.csv and spend.csv; returns their paths.

    The plain layout has no word for refunds and cancelled orders: transactions.csv holds the sales,
    which are all of the revenue. The last three columns of customers.csv are facts of the data's last
    day; a customer who never bought has them empty, and counts as churned.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    last = np.full(len(demo.plan.customers), np.datetime64("NaT"), dtype="datetime64[D]")
    transactions = folder / "transactions.csv"
    _write(transactions, TRANSACTION_COLUMNS, _sales(demo, last))
    customers = folder / "customers.csv"
    _write(customers, CUSTOMER_COLUMNS + DERIVED_COLUMNS, _customers(demo, last))
    spend = folder / "spend.csv"
    money = _money(demo.spend["spend_units"])
    _write(spend, ("date", "channel", "spend"), zip(demo.spend["date"], demo.spend["channel"], money, strict=True))
    return transactions, customers, spend


def _sales(demo: Demo, last: np.ndarray) -> Iterable[tuple]:
    """Rows of transactions.csv; notes each customer's last purchase on the way."""
    for batch in demo.batches():
        sold = batch["kind"] == "sale"
        sales = {name: np.ma.getdata(values)[sold] for name, values in batch.items()}
        # Lines come in date order, so the last write of a customer is the latest.
        last[np.searchsorted(demo.customers["customer_id"], sales["customer_id"])] = sales["date"]
        sales["revenue"] = _money(sales["revenue_units"])
        sales["date"] = moments(sales["date"])
        for name in ("delivery_days", "satisfaction_score"):
            sales[name] = sales[name].astype(int)
        yield from zip(*(sales[name].tolist() for name in TRANSACTION_COLUMNS), strict=True)


def _customers(demo: Demo, last: np.ndarray) -> Iterable[tuple]:
    end = day_axis(demo.plan.truth)[-1]
    bought = ~np.isnat(last)
    ago = (end - np.where(bought, last, end)).astype(int)
    said = np.where(bought, last.astype(str), "")
    churned = np.where(bought & (ago <= CHURNED_AFTER), 0, 1)
    columns = [demo.customers[name] for name in CUSTOMER_COLUMNS]
    return zip(*columns, said, np.where(bought, ago.astype(str), ""), churned, strict=True)


def _money(units: np.ndarray) -> np.ndarray:
    """Units as currency with two decimals; the demo shop has no smaller coin."""
    cents = units // (MONEY_SCALE // 100)
    return np.char.mod("%.2f", cents / 100)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
