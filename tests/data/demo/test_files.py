"""The demo shop as files in the plain two-table layout."""

import csv
from decimal import Decimal

import numpy as np
import pytest

from data.demo import generate, write_csv

TRANSACTIONS = (
    "transaction_id,customer_id,date,revenue,category,channel,payment_method,delivery_days,"
    "satisfaction_score,segment,region,age_group"
)
CUSTOMERS = "customer_id,segment,region,acquisition_date,age_group,last_purchase_date,days_since_purchase,is_churned"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    demo = generate(3_000, batch=700)
    paths = write_csv(demo, tmp_path_factory.mktemp("shop") / "new" / "folder")
    return demo, [list(csv.DictReader(p.open(encoding="utf-8"))) for p in paths], paths


def test_headers_are_the_layout_s(written):
    _, _, paths = written
    assert [p.name for p in paths] == ["transactions.csv", "customers.csv", "spend.csv"]
    assert [p.open().readline().strip() for p in paths] == [TRANSACTIONS, CUSTOMERS, "date,channel,spend"]


def test_revenue_is_the_shop_s_to_the_cent(written):
    demo, (transactions, _, spend), _ = written
    revenue = sum(int(b["revenue_units"].sum()) for b in demo.batches())
    assert sum(Decimal(t["revenue"]) for t in transactions) * 10_000 == revenue
    assert sum(Decimal(s["spend"]) for s in spend) * 10_000 == int(demo.spend["spend_units"].sum())


def test_only_sales_are_written_and_every_field_is_filled(written):
    demo, (transactions, _, _), _ = written
    sales = [i for b in demo.batches() for i in b["transaction_id"][b["kind"] == "sale"]]
    assert [t["transaction_id"] for t in transactions] == sales
    assert all(value for t in transactions for value in t.values())
    assert {t["satisfaction_score"] for t in transactions} == set("12345")


def test_last_purchase_and_churn_follow_from_the_transactions(written):
    demo, (transactions, customers, _), _ = written
    last = {t["customer_id"]: t["date"][:10] for t in transactions}
    assert [c["customer_id"] for c in customers] == demo.customers["customer_id"].tolist()
    for customer in customers:
        bought = last.get(customer["customer_id"], "")
        assert customer["last_purchase_date"] == bought
        ago = (np.datetime64("2025-12-31") - np.datetime64(bought)).astype(int) if bought else ""
        assert customer["days_since_purchase"] == str(ago)
        assert customer["is_churned"] == str(int(not bought or ago > 90))


def test_files_are_the_same_bytes_each_time(written, tmp_path):
    demo, _, paths = written
    assert [p.read_bytes() for p in write_csv(demo, tmp_path)] == [p.read_bytes() for p in paths]
