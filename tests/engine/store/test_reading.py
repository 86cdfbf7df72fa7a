"""Reading: one moment, any thread, only questions, and not for ever."""

from __future__ import annotations

import threading

import pytest

from engine.errors import StoreError
from engine.store import Store
from tests.engine.store.children import is_whole
from tests.engine.store.sample import COLUMNS, contents, line, lines, take_in


@pytest.fixture
def store(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    take_in(store, lines(range(1000)))
    return store


def test_a_reading_stays_at_its_moment(store):
    with store.reading() as reading:
        assert reading.data_version() == 1
        take_in(store, lines(range(1000, 1500)))
        assert sum(len(batch) for batch in reading.lines(COLUMNS)) == 1000
        assert reading.data_version() == 1 and store.data_version() == 2
    assert len(contents(store)) == 1500


def test_lines_begun_before_a_publish_end_without_it(store):
    reading = store.lines(["transaction_id"], batch=10)
    first = next(reading)
    take_in(store, lines(range(1000, 1500)))
    assert len(first) + sum(len(batch) for batch in reading) == 1000


def test_every_thread_may_ask(store):
    answers, errors = [], []

    def ask():
        try:
            answers.append((store.data_version(), len(contents(store)), store.currency()))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and answers == [(1, 1000, "EUR")] * 8


def test_a_question_gives_dictionaries_and_takes_parameters(store):
    rows = store.query("SELECT transaction_id, revenue FROM transactions WHERE revenue_units > ? LIMIT 1", (960_000,))
    assert rows == [{"transaction_id": "t96", "revenue": 97.0}]
    assert store.query("SELECT :a + 1 AS b", {"a": 1}) == [{"b": 2}]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM transactions",
        "UPDATE shop SET data_version = 7",
        "DROP VIEW transactions",
        "PRAGMA writable_schema = ON",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 5",
        "SELECT load_extension('x')",
        "CREATE TEMP TABLE t (a)",
        "BEGIN",
        "SELECT 1; SELECT 2",
        "SELECT no_such_column FROM transactions",
        "SELEC 1",
        "SELECT ?",
        "",
        "SELECT zeroblob(1000000000)",
    ],
)
def test_what_is_no_question_is_refused_in_a_sentence(store, sql):
    with pytest.raises(StoreError) as caught:
        store.query(sql)
    assert str(caught.value).rstrip(".") and "\n" not in str(caught.value)
    assert len(contents(store)) == 1000


@pytest.mark.parametrize("sql", ["ATTACH '{}' AS other", "VACUUM INTO '{}'"])
def test_a_question_makes_no_file(store, tmp_path, sql):
    (tmp_path / "other").mkdir()
    with pytest.raises(StoreError, match="only SELECT is possible"):
        store.query(sql.format(tmp_path / "other" / "new.db"))
    assert list((tmp_path / "other").iterdir()) == []


def test_a_question_without_end_is_stopped_and_the_store_goes_on(store):
    with pytest.raises(StoreError, match="took longer than 0.2 s and was stopped"):
        store.query(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", seconds=0.2
        )
    assert store.query("SELECT count(*) AS n FROM transactions") == [{"n": 1000}]


def test_a_question_sees_only_what_is_published(store):
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(COLUMNS, [line(5000)])
        load.put_customers(("customer_id",), [("new",)])
        for table, count in (("transactions", 1000), ("customers", 0), ("spend", 0), ("published_transactions", 1000)):
            assert store.query(f"SELECT count(*) AS n FROM {table}") == [{"n": count}]


def test_a_store_whose_file_is_gone_says_so(store):
    assert store.data_version() == 1
    store.path.unlink()
    with pytest.raises(StoreError, match="There is no database"):
        store.data_version()


def test_a_store_whose_file_was_replaced_reads_the_new_one(store, tmp_path):
    assert store.data_version() == 1
    other = Store.create(tmp_path / "other.db")
    for number in range(3):
        take_in(other, [line(number)])
    other.path.replace(store.path)
    assert store.data_version() == 3 and len(contents(store)) == 3


def test_a_database_made_anew_owes_nothing_to_the_log_of_a_deleted_one(store):
    with store.reading() as reading:
        reading.data_version()
        take_in(store, lines(range(1000, 1200)))
        assert store.path.with_name("shop.db-wal").stat().st_size
        store.path.unlink()
    anew = Store.create(store.path)
    assert anew.data_version() == 0 and contents(anew) == []
    take_in(anew, [line(1)])
    assert store.data_version() == 1 and is_whole(store.path)


def test_columns_that_are_empty_are_not_present(store):
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines((*COLUMNS, "region", "channel"), [(*line(2000), None, "web"), (*line(2001), None, None)])
        load.put_customers(("customer_id", "region"), [("ann", "North")])
        load.publish({})
    assert "channel" in store.present_columns() and "region" not in store.present_columns()
    assert store.present_columns("customers") == {"customer_id", "region"}
