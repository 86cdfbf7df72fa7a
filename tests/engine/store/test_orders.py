"""Order lines of a selection: the filtered ones, in order, by pages, through the index of dates."""

from __future__ import annotations

import random
import sqlite3
from datetime import date

import pytest

from engine.errors import MissingColumn, UnknownName
from engine.selection import Selection
from engine.store import Listing, Store
from tests.engine.store.sample import COLUMNS, line, lines, take_in

YEAR = Selection.of(date(2024, 1, 1), date(2024, 12, 31))
NAMED = (*COLUMNS, "region", "product")


def _of(number, region, product, *, customer=None):
    return (*line(number, customer=customer), region, product)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "shop.db")


def _put(store, columns, rows, *, customers=(), products=()):
    with store.writer() as writer, writer.load("sample", "test", sha256="0" * 64, currency="EUR") as load:
        load.put_lines(columns, rows)
        if customers:
            load.put_customers(("customer_id", "region"), customers)
        if products:
            load.put_products(("product", "name"), products)
        load.publish({})


def _ids(store, selection, listing=None, limit=1_000, offset=0):
    with store.reading() as reading:
        found = reading.orders(selection, listing)
        at = found.columns.index("transaction_id")
        return [row[at] for row in found.page(limit, offset)]


def _counts(store, selection, listing=None):
    with store.reading() as reading:
        counts = reading.orders(selection, listing).count()
    return counts.rows, counts.orders, counts.revenue_units


def test_lines_come_by_day_or_by_money_and_by_pages(store):
    take_in(store, lines(range(300)))
    rows = lines(range(300))
    by_day = [row[0] for _, row in sorted(enumerate(rows), key=lambda r: (r[1][3], r[0]), reverse=True)]
    by_money = [row[0] for _, row in sorted(enumerate(rows), key=lambda r: (r[1][6], r[1][3], r[0]), reverse=True)]
    assert _ids(store, YEAR) == by_day
    assert _ids(store, YEAR, Listing(sort="revenue")) == by_money
    assert _ids(store, YEAR, limit=20, offset=295) == by_day[295:]
    assert [i for at in range(0, 300, 37) for i in _ids(store, YEAR, limit=37, offset=at)] == by_day
    with store.reading() as reading:
        batches = list(reading.orders(YEAR, Listing(sort="revenue")).batches(64))
    assert [len(batch) for batch in batches] == [64, 64, 64, 64, 44]
    assert [row[0] for batch in batches for row in batch] == by_money


def test_the_last_day_counts_whole_and_the_next_not_at_all(store):
    days = ["2024-02-28 23:59:59", "2024-02-29", "2024-02-29 23:59:59", "2024-03-01", "2024-03-01 00:00:00"]
    take_in(store, [(*line(n)[:3], day, *line(n)[4:]) for n, day in enumerate(days)])
    assert _ids(store, Selection.of(date(2024, 2, 29), date(2024, 2, 29))) == ["t2", "t1"]


def test_the_empty_value_means_rows_that_have_none(store):
    rows = [_of(1, "West", "A"), _of(2, "", "A"), _of(3, None, "B"), _of(4, "East", "B"), _of(5, "'; --", "C")]
    _put(store, NAMED, rows)
    assert set(_ids(store, YEAR.where("region", [""]))) == {"t2", "t3"}
    assert set(_ids(store, YEAR.where("region", ["", "West"]))) == {"t1", "t2", "t3"}
    assert set(_ids(store, YEAR.where("region", ["West", "East"]).where("product", ["B"]))) == {"t4"}
    assert _ids(store, YEAR.where("region", ["'; --"])) == ["t5"]
    assert _ids(store, YEAR.where("region", ["%"])) == []


def test_only_sales_unless_other_kinds_are_asked_for(store):
    refund = (*line(7)[:4], "refund", -5_000_000, None)
    other = (*line(8)[:4], "other", 10_000, None)
    take_in(store, [line(1), refund, other])
    assert _ids(store, YEAR) == ["t1"]
    assert _ids(store, YEAR, Listing(("sale", "refund"), "revenue")) == ["t7", "t1"]
    assert _ids(store, YEAR, Listing(("cancelled",))) == []
    assert _counts(store, YEAR, Listing(("sale", "refund", "other"))) == (3, 2, 20_000)
    with pytest.raises(UnknownName, match="Did you mean 'refund'"):
        Listing(("refunds",))
    with pytest.raises(UnknownName, match="No order of rows named 'revenu'. Did you mean 'revenue'"):
        Listing(sort="revenu")


def test_what_lines_lack_is_taken_from_the_customers_newest_value_first(store):
    _put(store, COLUMNS, [line(n) for n in range(21)], customers=[("c1", "West"), ("c2", "West"), ("c3", None)])
    _put(store, COLUMNS, [line(30, customer="c9")], customers=[("c1", "East"), ("c2", None)])
    expected = dict(store.query("SELECT customer_id, region FROM published_customers")[n].values() for n in range(3))
    assert expected == {"c1": "East", "c2": "West", "c3": None}
    with store.reading() as reading:
        found = reading.orders(YEAR)
        whose, region = found.columns.index("customer_id"), found.columns.index("region")
        assert {row[whose]: row[region] for row in found.page(100)} == {
            f"c{n}": None for n in (0, 4, 5, 6, 9)
        } | expected
    assert set(_ids(store, YEAR.where("region", ["East"]))) == {"t1", "t8", "t15"}
    assert _counts(store, YEAR.where("region", [""]))[0] == 22 - 6


def test_lines_own_values_are_never_replaced_by_the_customers(store):
    _put(store, NAMED, [_of(1, "North", "A"), _of(2, None, "A", customer="c1")], customers=[("c1", "West")])
    assert _ids(store, YEAR.where("region", ["West"])) == []
    assert _ids(store, YEAR.where("region", [""])) == ["t2"]


def test_products_have_their_newest_name_beside_the_code(store):
    _put(store, NAMED, [_of(1, None, "A"), _of(2, None, "B")], products=[("A", "Old"), ("B", "Bowl")])
    _put(store, NAMED, [_of(3, None, "C")], products=[("A", "Mug"), ("B", "")])
    with store.reading() as reading:
        found = reading.orders(YEAR)
        code = found.columns.index("product")
        assert found.columns[code + 1] == "product_name" and "region" not in found.columns
        assert {row[code : code + 2] for row in found.page(9)} == {("A", "Mug"), ("B", "Bowl"), ("C", None)}


def test_a_filter_on_a_column_the_shop_lacks_is_named(store):
    take_in(store, lines(range(5)))
    with pytest.raises(MissingColumn, match="Channel needs the column channel"):
        _ids(store, YEAR.where("channel", ["Web"]))


def test_what_is_not_published_is_not_there(store):
    take_in(store, lines(range(10)))
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(COLUMNS, lines(range(10, 20)))
        load.put_customers(("customer_id", "region"), [("c1", "West")])
        assert _counts(store, YEAR)[0] == 10 and len(_ids(store, YEAR)) == 10
    with store.writer() as writer:
        writer.undo(1)
    assert _counts(store, YEAR) == (0, 0, 0)


def test_random_questions_equal_the_same_lines_counted_by_hand(store):
    draw = random.Random(4)
    regions, products = ["West", "East", "", None], ["A", "B", None]
    rows = [_of(n, draw.choice(regions), draw.choice(products)) for n in range(600)]
    _put(store, NAMED, rows)
    for _ in range(40):
        first, last = sorted(date(2024, draw.randrange(1, 12), draw.randrange(1, 29)) for _ in range(2))
        chosen = draw.sample(["West", "East", ""], draw.randrange(1, 3))
        selection = Selection.of(first, last, {"region": chosen, "product": ["A", ""]})
        kept = [r for r in rows if str(first) <= r[3] <= str(last) and (r[7] or "") in chosen and r[8] in ("A", None)]
        assert _counts(store, selection) == (len(kept), len({r[1] for r in kept}), sum(r[6] for r in kept))
        assert sorted(_ids(store, selection)) == sorted(r[0] for r in kept)


@pytest.mark.parametrize("name", ["region", "segment"])
def test_a_page_is_found_through_the_index_of_dates(store, name):
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(NAMED, [_of(n, "West", "A") for n in range(500)])
        load.put_customers(("customer_id", "segment"), [(f"c{n}", "P") for n in range(7)])
        load.publish({})
    with store.reading() as reading:
        found = reading.orders(YEAR.where(name, ["West", "P"]))
        by_money = reading.orders(YEAR, Listing(sort="revenue"))
    plan = _plan(store, found._numbers(), (*found._values, 50, 0))
    assert "SEARCH t USING INDEX transactions_date (date>? AND date<?)" in plan
    assert "TEMP B-TREE" not in plan and ("customers_customer_id" in plan) == (name == "segment")
    assert "transactions_date (date>? AND date<?)" in _plan(store, by_money._numbers(), (*by_money._values, 50, 0))


def _plan(store, sql, values):
    connection = sqlite3.connect(store.path)
    try:
        return "\n".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, values))
    finally:
        connection.close()
