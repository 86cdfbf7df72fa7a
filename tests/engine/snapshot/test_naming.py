"""A product is read by its name, found by its code, and never mistaken for another."""

from __future__ import annotations

from datetime import date

import pytest

from engine.describe import breakdown, drill, pivot, top
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.snapshot.naming import names_to_show
from engine.store import Store

HOSTILE = "<img src=x onerror=alert(1)>"
NAMES = {"84879": "ASSORTED BIRD ORNAMENT", "22197": HOSTILE, "85123A": "HEART", "85123B": " HEART ", "99999": "UNSOLD"}
LINES = [("84879", 50.0), ("22197", 40.0), ("85123A", 30.0), ("85123B", 20.0), ("20000", 10.0), ("", 5.0)]
LABELS = ["ASSORTED BIRD ORNAMENT", HOSTILE, "HEART (85123A)", "HEART (85123B)", "20000", "(not given)"]


def _columns() -> dict:
    products, revenue = zip(*LINES, strict=True)
    return {"date": ["2024-01-01"] * len(LINES), "product": products, "region": products, "revenue": revenue}


@pytest.fixture(scope="module")
def shop() -> Snapshot:
    return Snapshot.from_columns(_columns(), products=NAMES)


def test_a_label_is_the_name_else_the_code(shop):
    assert [shop.label("product", key) for key, _ in LINES] == LABELS
    assert shop.label("region", "84879") == "84879" and shop.label("region", "") == "(not given)"
    assert shop.label("category", "health_beauty") == "Health beauty"
    assert [shop.label("category", key) for key in ("SP", "a b", "A_b", "wool")] == ["SP", "a b", "A_b", "wool"]
    assert shop.values("product") == tuple(key for key, _ in LINES)


def test_every_answer_keeps_the_code_as_key_and_reads_the_name(shop):
    selection = Selection(shop.whole())
    bars = breakdown(shop, selection, "revenue", "product").rows
    table = top(shop, selection, "product").rows
    split = drill(shop, selection, ("product", "region")).rows
    assert [row.label for row in bars] == [row.label for row in table] == [row.labels[0] for row in split] == LABELS
    keys = [key for key, _ in LINES]
    assert [row.key for row in bars] == [row.key for row in table] == [row.keys[0] for row in split] == keys
    assert [row.labels[1] for row in split][:2] == keys[:2]
    assert list(pivot(shop, selection, "revenue", "month", "product").column_labels) == LABELS


def test_a_filter_is_set_by_the_code(shop):
    only = Selection(shop.whole()).where("product", ["85123B"])
    assert shop.metrics(only, ("revenue",))["revenue"] == 20


def test_a_name_that_reads_like_another_product_s_code_is_told_apart():
    assert names_to_show(("1", "2", "3"), {"1": "2", "3": ""}) == {"1": "2 (1)"}


def test_the_store_s_names_reach_the_snapshot(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    columns = ("transaction_id", "order_id", "date", "kind", "amount_units", "revenue_units", "product")
    rows = [(str(i), str(i), "2024-01-01", "sale", 10, 10, key or None) for i, (key, _) in enumerate(LINES)]
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(columns, rows)
        load.put_products(("product", "name"), list(NAMES.items()))
        load.publish({})
    found = Snapshot.from_store(Store.open(store.path))
    assert [found.label("product", key) for key, _ in LINES] == LABELS
    assert found.first_day == date(2024, 1, 1)
    with store.writer() as writer, writer.load("b", "test", sha256="1", currency=None) as load:
        load.put_products(("product", "name"), [("84879", "Bird")])
        load.publish({})
    assert Snapshot.from_store(store).label("product", "84879") == "Bird"
