"""The stored tables are the schema's, and the questions asked of them use an index."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

import engine.store
from data.schema import MONEY_SCALE, TABLES, Kind
from engine.store import Store
from engine.store.putting import Putting
from engine.store.sql import KEYS
from tests.engine.store.sample import line, lines, take_in


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "shop.db")


@pytest.mark.parametrize("table", TABLES)
def test_each_table_stores_the_columns_of_the_schema(store, table):
    found = {row["name"]: row["type"] for row in store.query(f"PRAGMA table_xinfo('{table}')")}
    types = {Kind.MONEY: "INTEGER", Kind.INTEGER: "INTEGER", Kind.REAL: "REAL"}
    expected = {column.stored_name: types.get(column.kind, "TEXT") for column in TABLES[table]}
    expected |= {column.name: "REAL" for column in TABLES[table] if column.kind is Kind.MONEY}
    connection = sqlite3.connect(store.path)
    stored = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_xinfo({table})")}
    connection.close()
    assert stored == {"row_id": "INTEGER", "load_id": "INTEGER", **expected}
    assert set(found) == set(stored)


def test_money_reads_in_currency_beside_its_units(store):
    take_in(store, [line(1, units=123_456), line(2, units=1)])
    assert store.query("SELECT revenue, revenue_units, amount FROM transactions ORDER BY row_id") == [
        {"revenue": 12.3456, "revenue_units": 123_456, "amount": 12.3456},
        {"revenue": 0.0001, "revenue_units": 1, "amount": 0.0001},
    ]
    assert MONEY_SCALE == 10_000


def test_the_indexes_of_the_plain_tables_are_there(store):
    connection = sqlite3.connect(store.path)
    indexed = {
        (table, tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index[1]})")))
        for table in TABLES
        for index in connection.execute(f"PRAGMA index_list({table})")
    }
    connection.close()
    assert {("transactions", ("date",)), ("transactions", ("customer_id",))} <= indexed
    assert ("customers", ("customer_id", "load_id")) in indexed


PLANS = [
    ("SELECT sum(revenue) FROM transactions WHERE date >= '2024-02-01' AND date < '2024-03-01'", "transactions_date"),
    ("SELECT * FROM transactions WHERE customer_id = 'c1'", "transactions_customer_id"),
    ("SELECT * FROM transactions WHERE transaction_id = 't1'", "transactions_transaction_id"),
    ("SELECT * FROM customers WHERE customer_id = 'c1'", "customers_customer_id"),
    ("SELECT * FROM published_transactions WHERE date = '2024-02-01'", "transactions_date"),
    ("SELECT * FROM spend WHERE date = '2024-02-01' AND channel = 'mail'", "spend_date_channel"),
    ("SELECT date FROM transactions ORDER BY date, row_id", "transactions_date"),
    ("SELECT load_id FROM batches WHERE load_id = 1 AND table_name = 'spend' AND last_row > 5", "PRIMARY KEY"),
]


@pytest.mark.parametrize(("sql", "index"), PLANS, ids=[index for _, index in PLANS])
def test_the_question_uses_its_index(store, sql, index):
    take_in(store, lines(range(500)))
    assert index in _plan(store, sql)
    assert "TEMP B-TREE" not in _plan(store, sql)


@pytest.mark.parametrize("table", KEYS)
def test_what_is_known_is_found_by_its_key(store, table):
    putting = Putting(table, [column.stored_name for column in TABLES[table]], 1)
    marks = "(" + ", ".join("?" for _ in KEYS[table]) + ")"
    for where in (putting._in_published, putting._in_this_load):
        plan = _plan(store, putting._find + marks + where, ["x"] * len(KEYS[table]))
        assert re.search(rf"SEARCH {table} USING INDEX {table}_", plan), plan


def _plan(store, sql, values=()):
    connection = sqlite3.connect(store.path)
    try:
        return "\n".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, values))
    finally:
        connection.close()


def test_only_the_writers_files_begin_transactions():
    """One writer: a write transaction begun anywhere else could meet SQLite's lock or its log's bug."""
    root = Path(engine.store.__file__).parents[2]
    begins = re.compile(r"\bBEGIN\b|isolation_level|sqlite3\.connect|wal_checkpoint")
    found = {
        str(path.relative_to(root)): set(begins.findall(path.read_text(encoding="utf-8")))
        for floor in ("data", "engine", "components", "dashboards")
        for path in (root / floor).rglob("*.py")
        if begins.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "engine/store/connect.py": {"isolation_level", "sqlite3.connect"},
        "engine/store/writer.py": {"BEGIN", "wal_checkpoint"},
        "engine/store/versions.py": {"BEGIN", "wal_checkpoint"},
        "engine/store/operations.py": {"BEGIN"},
    }
    for name in ("writer.py", "versions.py", "operations.py"):
        text = (root / "engine/store" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"\bBEGIN\b(?: \w+)?", text)) == {"BEGIN IMMEDIATE"}
