"""Loads: what is new, what is known, what becomes visible and what can be taken back."""

from __future__ import annotations

import random
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError, StoreError
from engine.store import Outcome, Store
from tests.engine.store.sample import COLUMNS, contents, line, lines, revenue, take_in


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "shop.db")


def test_a_load_is_invisible_until_it_is_published(store):
    with store.writer() as writer, writer.load("a.csv", "csv", sha256="x", currency="EUR") as load:
        load.put_lines(COLUMNS, lines(range(100)))
        assert contents(store) == [] and revenue(store) == 0 and store.data_version() == 0
        assert store.present_columns() == frozenset() and store.currency() is None
        assert load.publish({"rows_read": 120}) == 1
        assert contents(store) == sorted(lines(range(100)))
    assert store.data_version() == 1 and store.currency() == "EUR"
    (entry,) = store.loads()
    assert (entry.status, entry.rows_read, entry.rows_stored, entry.report) == (
        "published",
        120,
        100,
        {"rows_read": 120},
    )
    assert store.present_columns() == {"transaction_id", "order_id", "customer_id", "date", "kind", "amount", "revenue"}


def test_a_load_left_without_publishing_leaves_nothing(store):
    with store.writer() as writer, writer.load("a.csv", "csv", sha256="x", currency=None) as load:
        load.put_lines(COLUMNS, lines(range(5000)))
    assert _raw(store, "SELECT count(*) FROM transactions") == 0
    assert _raw(store, "SELECT count(*) FROM batches") == 0
    assert store.data_version() == 0 and store.loads()[0].status == "undone"


def test_a_load_that_fails_is_taken_back_and_the_reason_stays(store):
    with (
        pytest.raises(ZeroDivisionError),
        store.writer() as writer,
        writer.load("a.csv", "csv", sha256="x", currency=None) as load,
    ):
        load.put_lines(COLUMNS, lines(range(10)))
        raise ZeroDivisionError
    assert _raw(store, "SELECT count(*) FROM transactions") == 0


def test_importing_twice_is_importing_once(store):
    take_in(store, lines(range(3000)))
    _, again = take_in(store, lines(range(3000)))
    assert (again.stored, again.known, again.different) == (0, 3000, 0)
    assert again.known_units == sum(row[5] for row in lines(range(3000)))
    assert contents(store) == sorted(lines(range(3000)))


def test_the_same_id_with_other_content_is_counted_and_shown_and_the_stored_line_stays(store):
    take_in(store, lines(range(10)))
    other = line(3, units=1)
    _, outcome = take_in(store, [other, line(11), line(4)])
    assert outcome == Outcome(1, 1, 1, other, line(11)[5], line(4)[5], 1)
    assert contents(store) == sorted([*lines(range(10)), line(11)])


def test_a_line_that_says_more_than_the_stored_one_is_different(store):
    take_in(store, [line(1)])
    with store.writer() as writer, writer.load("b", "test", sha256="1", currency=None) as load:
        outcome = load.put_lines((*COLUMNS, "region"), [(*line(1), "North")])
    assert outcome.different == 1


def test_an_id_twice_in_one_load_is_stored_once(store):
    rows = [line(1), line(2), line(1), line(2, units=5), line(3)]
    _, outcome = take_in(store, rows)
    assert (outcome.stored, outcome.known, outcome.different, outcome.example) == (3, 1, 1, line(2, units=5))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_split_of_any_rows_stores_what_one_load_stores(tmp_path_factory, data):
    numbers = data.draw(st.lists(st.integers(0, 40), min_size=1, max_size=60))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(numbers)), max_size=3)))
    store = Store.create(tmp_path_factory.mktemp("split") / "shop.db")
    total = Outcome()
    for start, end in zip([0, *cuts], [*cuts, len(numbers)], strict=True):
        total += take_in(store, lines(numbers[start:end]))[1]
    assert contents(store) == sorted(lines(set(numbers)))
    assert total.stored == len(set(numbers)) and total.rows == len(numbers) and total.different == 0
    assert total.stored_units + total.known_units == sum(row[5] for row in lines(numbers))


def test_batches_of_any_size_are_cut_into_short_transactions(store):
    holds = []
    with (
        store.writer(on_hold=lambda what, _: holds.append(what)) as writer,
        writer.load("a", "test", sha256="0", currency=None) as load,
    ):
        load.put_lines(COLUMNS, lines(range(30_000)))
        load.publish({})
    assert holds.count("put transactions") >= 2
    assert len(contents(store)) == 30_000


def test_two_loads_at_once_with_the_same_lines_store_them_once(store):
    with (
        store.writer() as first,
        store.writer() as second,
        first.load("a", "test", sha256="0", currency=None) as one,
        second.load("b", "test", sha256="0", currency=None) as two,
    ):
        assert one.put_lines(COLUMNS, lines(range(3000))).stored == 3000
        rows = [*lines(range(2000, 5000)), line(7, units=1)]
        assert two.put_lines(COLUMNS, rows).stored == 3001
        one.publish({})
        final = two.settle()["transactions"]
        assert (final.stored, final.known, final.different) == (2000, 1000, 1)
        assert final.example[:1] == ("t7",)
        assert final.stored_units + final.known_units + final.different_units == sum(row[5] for row in rows)
        two.publish(lambda outcome: {"stored": outcome["transactions"].stored})
    assert contents(store) == sorted(lines(range(5000)))
    assert [(load.rows_stored, load.report) for load in store.loads()] == [(2000, {"stored": 2000}), (3000, {})]


def test_two_loads_at_once_keep_the_lines_when_one_is_given_up(store):
    with (
        store.writer() as first,
        store.writer() as second,
        second.load("b", "test", sha256="0", currency=None) as two,
    ):
        with first.load("a", "test", sha256="0", currency=None) as one:
            one.put_lines(COLUMNS, lines(range(100)))
            assert two.put_lines(COLUMNS, lines(range(100))).stored == 100
        two.publish({})
    assert contents(store) == sorted(lines(range(100)))


def test_undo_takes_back_exactly_one_load_at_once(store):
    first, _ = take_in(store, lines(range(2500)))
    second, _ = take_in(store, lines(range(2000, 6000)))
    with store.writer() as writer:
        assert writer.undo(second) == 3
    assert contents(store) == sorted(lines(range(2500)))
    assert _raw(store, "SELECT count(*) FROM transactions") == 2500
    with store.writer() as writer:
        assert writer.undo(first) == 4
    assert contents(store) == [] and store.currency() is None and store.present_columns() == frozenset()
    _, again = take_in(store, lines(range(2500)), currency="GBP")
    assert again.stored == 2500 and store.currency() == "GBP"


def test_undo_says_why_it_cannot(store):
    load_id, _ = take_in(store, lines(range(3)))
    with store.writer() as writer:
        with pytest.raises(StoreError, match="There is no load 99. Published loads: 1"):
            writer.undo(99)
        writer.undo(load_id)
        with pytest.raises(StoreError, match="Load 1 is undone already. Published loads: none"):
            writer.undo(load_id)
        with (
            writer.load("a", "test", sha256="0", currency=None) as load,
            pytest.raises(StoreError, match="still being imported"),
        ):
            writer.undo(load.load_id)


def test_customers_of_an_undone_load_stay_when_other_lines_name_them(store):
    first, _ = take_in(
        store, [line(0, customer="ann"), line(1, customer="bob")], customers=[("ann", "A"), ("bob", "B")]
    )
    second, _ = take_in(store, [line(2, customer="ann")])
    with store.writer() as writer:
        writer.undo(first)
    assert _customers(store) == [("ann", "A")]
    with store.writer() as writer:
        writer.undo(second)
    assert _customers(store) == [] and _raw(store, "SELECT count(*) FROM customers") == 0


def test_a_customer_has_the_newest_values_that_are_not_empty(store):
    columns = ("customer_id", "segment", "region")
    said = [("ann", "Budget", "North"), ("ann", "Premium", None), ("ann", None, "North"), ("ann", "Premium", "North")]
    stored = []
    for row in said:
        with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
            stored.append(load.put_customers(columns, [row]).stored)
            load.publish({})
    assert stored == [1, 1, 0, 0]
    assert [row for batch in store.customers(columns) for row in batch] == [("ann", "Premium", "North")]
    with store.writer() as writer:
        writer.undo(2)
    assert [row for batch in store.customers(columns) for row in batch] == [("ann", "Budget", "North")]


def test_spend_is_known_by_day_and_channel(store):
    columns = ("date", "channel", "spend_units")
    rows = [("2024-01-01", "mail", 5), ("2024-01-01", "search", 7)]
    for expected in (Outcome(2, 0, 0, None, 12, 0, 0), Outcome(0, 2, 0, None, 0, 12, 0)):
        with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
            assert load.put_spend(columns, rows) == expected
            load.publish({})
    assert [row for batch in store.spend(columns) for row in batch] == rows


def test_a_load_in_another_currency_is_refused(store):
    take_in(store, lines(range(3)), currency="GBP")
    with pytest.raises(StoreError, match="This shop's money is in GBP, the load's is in EUR"):
        take_in(store, lines(range(5)), currency="EUR")
    take_in(store, lines(range(5)), currency=None)
    assert store.currency() == "GBP" and len(contents(store)) == 5


def test_of_two_first_loads_in_two_currencies_the_later_one_is_refused(store):
    with (
        store.writer() as first,
        store.writer() as second,
        pytest.raises(StoreError, match="in EUR, the load's is in USD"),
        second.load("b", "test", sha256="0", currency="USD") as two,
    ):
        two.put_lines(COLUMNS, lines(range(5)))
        with first.load("a", "test", sha256="0", currency="EUR") as one:
            one.publish({})
        two.publish({})
    assert contents(store) == [] and store.currency() == "EUR"


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((None, "o", "c", "2024-01-01", "sale", 1, 1), id="no id"),
        pytest.param(("t", "o", "c", "2024-01-01", "gift", 1, None), id="unknown kind"),
        pytest.param(("t", "o", "c", "2024-01-01", "refund", -1, 1), id="revenue of a refund"),
        pytest.param(("t", "o", "c", "1/1/2024", "sale", 1, 1), id="date in another form"),
        pytest.param(("t", "o", "c", 20240101, "sale", 1, 1), id="date that is no text"),
        pytest.param(("t", "o", "c", None, "sale", 1, 1), id="no date"),
        pytest.param(("t", "o", "c", "2024-01-01", "sale", 1.5, 1), id="money that is not whole"),
        pytest.param(("t", "o", "c", "2024-01-01", "sale", 2**63, 1), id="money beyond 64 bits"),
        pytest.param(("t", "o", "\udc80", "2024-01-01", "sale", 1, 1), id="half a character"),
        pytest.param(("t", "o", "c", "2024-01-01", "sale", 1, object()), id="no value at all"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_takes_its_load_along(store, bad):
    with pytest.raises(StoreError):
        take_in(store, [line(1), bad])
    assert _raw(store, "SELECT count(*) FROM transactions") == 0


def test_the_line_that_does_not_fit_is_named(store):
    for bad, sentence in (
        (("t9", "o", "c", "2024-01-01", "gift", 1, None), "Line 't9' has the kind 'gift'; kinds are sale, refund"),
        (("t9", "o", "c", "1/1/2024", "sale", 1, 1), "Line 't9' has the date '1/1/2024'; write YYYY-MM-DD"),
        (("t9", "o", "c", "2024-01-01", "refund", -1, 1), r"Line 't9' is no sale \(refund\)"),
    ):
        with pytest.raises(StoreError, match=sentence):
            take_in(store, [line(1), bad])
    with (
        store.writer() as writer,
        writer.load("a", "test", sha256="0", currency=None) as load,
        pytest.raises(StoreError, match="cannot be stored without order_id, date, kind, amount_units"),
    ):
        load.put_lines(("transaction_id",), [("t",)])


def test_an_unknown_column_is_named(store):
    with pytest.raises(EngineError, match="Did you mean 'revenue_units'"):
        next(store.lines(["revenue"]))


def test_lines_come_by_date_and_then_as_they_came(store):
    rows = lines(range(2000))
    random.Random(4).shuffle(rows)
    take_in(store, rows)
    read = [row for batch in store.lines(COLUMNS, batch=300) for row in batch]
    assert read == sorted(rows, key=lambda row: row[3])
    assert {len(batch) for batch in store.lines(COLUMNS, batch=300)} == {300, 200}


def _customers(store):
    return [row for batch in store.customers(("customer_id", "segment")) for row in batch]


def _raw(store, sql):
    connection = sqlite3.connect(store.path)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()
