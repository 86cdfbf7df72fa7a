"""From values to columns: nothing invented, nothing lost, whatever the order and the holes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.metrics import MEASURES
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.snapshot import gather as gathering
from engine.snapshot.encode import NOBODY, Amounts, Keys, Moments, Words
from engine.store import Store
from tests.engine.snapshot import shops


def test_words_are_numbered_across_batches_and_nothing_is_the_empty_word():
    words = Words()
    words.put(["b", None, "a"])
    words.put(np.array(["a", "c", ""]))
    words.put_coded(np.array([1, 0]), ["a", "b"])
    codes, labels = words.finish()
    assert [labels[code] for code in codes] == ["b", "", "a", "a", "c", "", "b", "a"]
    assert codes.dtype == np.uint8


def test_more_words_than_a_byte_holds_take_two():
    words = Words()
    words.put([f"w{i}" for i in range(200)])
    words.put([f"w{i}" for i in range(300)])
    codes, labels = words.finish()
    assert codes.dtype == np.uint16
    assert [labels[code] for code in codes] == [f"w{i}" for i in (*range(200), *range(300))]


def test_keys_tell_equal_from_different_and_nobody_from_all():
    keys = Keys()
    keys.put(["007", "7", None])
    keys.put(["", "007"])
    zero, seven, none, empty, again = keys.finish().tolist()
    assert zero == again != seven
    assert none == empty == NOBODY


def test_amounts_are_exact_and_know_what_is_missing():
    amounts = Amounts(10_000)
    amounts.put([0.1, None, 19.99])
    amounts.put(np.array([np.nan, 9e7]))
    values, present = amounts.finish()
    assert values.tolist() == [1_000, 0, 199_900, 0, 900_000_000_000]
    assert present.tolist() == [True, False, True, False, True]
    whole = Amounts()
    whole.put(np.array([1, 2]))
    assert whole.finish()[1] is None


def test_days_and_moments_mix():
    moments = Moments()
    moments.put(["2024-01-01", "2024-01-01 00:00:07"])
    assert np.diff(moments.finish()).tolist() == [7]


@pytest.mark.parametrize("stride", [1, 7, 1_000])
def test_lines_in_any_order_and_any_batches_make_the_same_shop(stride, monkeypatch):
    monkeypatch.setattr(gathering, "STRIDE", stride)
    rows = shops.make(41, 120)
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    one, two = shops.snapshot(rows), shops.snapshot(shuffled)
    whole = Selection(one.whole())
    assert whole == Selection(two.whole())
    names = [name for name in MEASURES if name != "new_customers"]  # ties of first orders follow the given order
    for by in ((), ("region", "day"), ("weekday", "hour")):
        first, second = one.totals(whole, names, by), two.totals(whole, names, by)
        for name in names:
            np.testing.assert_array_equal(first.values[name], second.values[name], err_msg=name)


def test_values_are_ranked_by_revenue_and_the_empty_one_is_last():
    snapshot = Snapshot.from_columns(
        {"date": ["2024-01-01"] * 4, "region": ["a", "", "b", "c"], "revenue": [1.0, 99.0, 5.0, 5.0]}
    )
    assert snapshot.values("region") == ("b", "c", "a", "")


def test_what_only_the_customers_table_knows_is_lent_to_the_lines():
    snapshot = Snapshot.from_columns(
        {"date": ["2024-01-01"] * 4, "customer_id": ["a", "b", None, "x"], "revenue": [1.0, 2.0, 4.0, 8.0]},
        customers={"customer_id": ["b", "a"], "segment": ["Premium", "Budget"], "region": [None, None]},
    )
    assert snapshot.dimensions == ("segment",)
    grid = snapshot.totals(Selection(snapshot.whole()), ("revenue",), ("segment",))
    found = dict(zip(grid.axes[0].labels, grid.values["revenue"].tolist(), strict=True))
    assert found == {"Premium": 20_000, "Budget": 10_000, "": 120_000}


def test_a_store_lends_them_too_and_only_present_columns_are_read(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    columns = ("transaction_id", "order_id", "customer_id", "date", "kind", "amount_units", "revenue_units")
    rows = [(f"t{i}", f"o{i}", f"c{i}", "2024-01-05", "sale", 10_000, 10_000) for i in range(3)]
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency="EUR") as load:
        load.put_lines(columns, rows)
        load.put_customers(("customer_id", "segment"), [("c0", "Premium"), ("c2", "Budget")])
        load.publish({})
    snapshot = Snapshot.from_store(store)
    assert (snapshot.rows, snapshot.currency, snapshot.data_version, snapshot.has_hours) == (3, "EUR", 1, False)
    assert snapshot.dimensions == ("segment",)
    assert snapshot.values("segment") == ("Budget", "Premium", "")
    assert "quantity" in snapshot.missing("items_per_order")


def test_an_order_s_fact_is_the_largest_of_its_lines_and_half_days_stay_exact():
    snapshot = Snapshot.from_columns(
        {
            "date": ["2024-01-01", "2024-01-01", "2024-01-02"],
            "order_id": ["o", "o", "p"],
            "delivery_days": [np.nan, 2.25, 0.125],
            "revenue": [1.0, 1.0, 1.0],
        }
    )
    grid = snapshot.totals(Selection(snapshot.whole()), ("delivery_day_sum", "delivered_orders"))
    assert (float(grid.values["delivery_day_sum"]), int(grid.values["delivered_orders"])) == (2.375, 2)


def test_a_shop_of_dates_alone_and_one_of_nothing():
    days = Snapshot.from_columns({"date": ["2024-02-29"]})
    assert (days.rows, days.first_day, days.last_day) == (1, date(2024, 2, 29), date(2024, 2, 29))
    assert int(days.totals(Selection(days.whole()), ("orders",)).values["orders"]) == 1
    empty = Snapshot.from_columns({"date": []})
    assert (empty.rows, empty.first_day, empty.dimensions, empty.columns) == (0, None, (), frozenset())


def test_a_column_without_any_value_counts_as_absent():
    snapshot = Snapshot.from_columns(
        {"date": ["2024-01-01"], "region": [""], "revenue": [1.0], "satisfaction_score": np.array([np.nan])}
    )
    assert snapshot.dimensions == ()
    assert "satisfaction_score" in snapshot.missing("satisfaction")
    assert snapshot.missing("revenue") is None


def test_answers_cannot_be_written_to():
    snapshot = shops.snapshot(shops.make(1, 20))
    grid = snapshot.totals(Selection(snapshot.whole()), ("revenue",), ("region",))
    with pytest.raises(ValueError, match="read-only"):
        grid.values["revenue"][0] = 1
