"""Customers as of a day, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from engine.store import Store, customers_as_of
from tests.engine.store.sample import COLUMNS


@pytest.fixture
def store(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    sales = [
        ("1", "o1", "ann", "2024-01-10 23:59:59", "sale", 10, 10),
        ("2", "o2", "ann", "2024-03-01", "sale", 10, 10),
        ("3", "o3", "bob", "2024-01-01", "sale", 10, 10),
        ("4", "o3", "bob", "2024-02-01", "refund", -10, None),
        ("5", "o4", None, "2024-01-05", "sale", 10, 10),
        ("6", "o5", "dan", "2024-04-01", "sale", 10, 10),
    ]
    described = [("ann", "Premium", "2023-12-01"), ("cleo", "Budget", "2024-01-20"), ("eve", None, None)]
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(COLUMNS, sales)
        load.put_customers(("customer_id", "segment", "acquisition_date"), described)
        load.publish({})
    return store


def _answers(store, day, *limit):
    return {row.customer_id: tuple(row[-3:]) for row in customers_as_of(store, date.fromisoformat(day), *limit)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-01-09", {"ann": (None, None, None), "bob": ("2024-01-01", 8, False), "eve": (None, None, None)}),
        (
            "2024-01-31",
            {
                "ann": ("2024-01-10", 21, False),
                "bob": ("2024-01-01", 30, False),
                "cleo": (None, None, None),
                "eve": (None, None, None),
            },
        ),
        (
            "2024-03-31",
            {
                "ann": ("2024-03-01", 30, False),
                "bob": ("2024-01-01", 90, False),
                "cleo": (None, None, None),
                "eve": (None, None, None),
            },
        ),
    ],
)
def test_a_day_counts_whole_and_later_days_are_not_known(store, day, expected):
    assert _answers(store, day) == expected


def test_more_days_than_the_limit_without_a_purchase_is_churn(store):
    assert _answers(store, "2024-04-01")["bob"] == ("2024-01-01", 91, True)
    assert _answers(store, "2024-03-31", 89)["bob"] == ("2024-01-01", 90, True)


def test_described_customers_carry_their_values(store):
    ann = customers_as_of(store, date(2024, 1, 31))[0]
    assert (ann.customer_id, ann.segment, ann.acquisition_date) == ("ann", "Premium", "2023-12-01")


def test_the_view_for_today_agrees(store):
    today = date.fromisoformat(store.query("SELECT date('now', 'localtime') AS today")[0]["today"])
    bought = {row.customer_id: row for row in customers_as_of(store, today) if row.last_purchase_date}
    for row in store.query("SELECT * FROM customers_today"):
        mine = bought.pop(row["customer_id"])
        assert (row["last_purchase_date"], row["days_since_purchase"], bool(row["is_churned"])) == mine[-3:]
    assert bought == {}
