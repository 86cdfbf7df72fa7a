"""The page's answers on a shop small enough to reckon by hand."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from engine.describe import breakdown, default_grain, drill, grains, kpis, pivot, top, trend
from engine.errors import EngineError, MissingColumn, UnknownName
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

#        day           customer  order  region  segment   revenue  score
LINES = [
    ("2024-01-30 09:00", "ann", "o1", "North", "Premium", 100.0, 5.0),
    ("2024-01-30 09:00", "ann", "o1", "North", "Premium", 20.0, 5.0),
    ("2024-01-31 10:00", "bob", "o2", "South", "Regular", 30.0, np.nan),
    ("2024-02-01 11:00", "ann", "o3", "North", "Premium", 50.0, 3.0),
    ("2024-02-03 12:00", "", "o4", "", "Regular", 10.0, 4.0),
    ("2024-02-03 23:59", "cat", "o5", "South", "Budget", 40.0, np.nan),
]
FEBRUARY = Selection.of(date(2024, 2, 1), date(2024, 2, 29))
NAN = float("nan")


@pytest.fixture(scope="module")
def shop() -> Snapshot:
    days, customers, orders, regions, segments, revenue, score = zip(*LINES, strict=True)
    return Snapshot.from_columns(
        {
            "date": days,
            "customer_id": customers,
            "order_id": orders,
            "region": regions,
            "segment": segments,
            "revenue": np.array(revenue),
            "satisfaction_score": np.array(score),
        },
        currency="GBP",
    )


@pytest.fixture(scope="module")
def empty() -> Snapshot:
    return Snapshot.from_columns({"date": np.array([], "datetime64[D]")})


def test_the_cards_of_february_against_january(shop):
    found = {kpi.metric: kpi for kpi in kpis(shop, FEBRUARY)}
    assert [(k.value, k.comparison) for k in found.values()] == [(100, 150), (3, 2), (2, 2), (100 / 3, 75), (3.5, 5)]


def test_a_card_says_the_change_between_days_the_shop_has(shop):
    two_days = Selection.of(date(2024, 2, 2), date(2024, 2, 3))
    revenue, satisfaction = kpis(shop, two_days, ("revenue", "satisfaction"))
    assert (revenue.value, revenue.comparison, revenue.note) == (50, 80, None)
    assert revenue.change == pytest.approx(-3 / 8)
    assert satisfaction.change == pytest.approx(1 / 3)


def test_orders_are_counted_once_and_facts_of_the_order_too(shop):
    january = Selection.of(date(2024, 1, 1), date(2024, 1, 31))
    orders, score = kpis(shop, january, ("orders", "satisfaction"))
    assert (orders.value, score.value) == (2, 5)


def test_new_and_returning_customers(shop):
    new, returning = kpis(shop, FEBRUARY, ("new_customers", "returning_customers"))
    assert (new.value, returning.value) == (1, 1)


def test_the_spark_has_thirteen_points_up_to_the_window_s_end_and_none_before_the_shop(shop):
    (revenue,) = kpis(shop, Selection.of(date(2024, 2, 1), date(2024, 2, 7)), ("revenue",))
    assert revenue.spark_starts[-1] == date(2024, 2, 7)
    assert revenue.spark[:4] == pytest.approx([NAN] * 4, nan_ok=True)
    assert dict(zip(revenue.spark_starts, revenue.spark, strict=True))[date(2024, 1, 30)] == 120
    assert len(revenue.spark) == len(revenue.spark_starts) == 13


def test_a_comparison_before_the_shop_is_none_and_not_nought(shop):
    (revenue,) = kpis(shop, Selection(FEBRUARY.window, against=Against.YEAR), ("revenue",))
    assert (revenue.value, revenue.comparison, revenue.change, revenue.noise) == (100, None, None, None)


def test_a_trend_by_day_keeps_days_without_orders_and_ends_with_the_shop(shop):
    found = trend(shop, FEBRUARY, "revenue", "day")
    assert found.starts[0] == date(2024, 2, 1) and found.starts[-1] == date(2024, 2, 29)
    assert found.values[:3].tolist() == [50, 0, 50]
    assert np.isnan(found.values[3:]).all()
    assert found.comparison_starts[0] == date(2024, 1, 1)
    assert found.comparison[28:].tolist() == pytest.approx([NAN], nan_ok=True)
    assert not any(found.partial)


def test_a_trend_compares_by_position_and_fills_what_is_missing(shop):
    by_month = trend(shop, Selection.of(date(2024, 1, 1), date(2024, 2, 29)), "orders", "month")
    assert by_month.values.tolist() == [2, 3]
    assert np.isnan(by_month.comparison).all()
    assert by_month.partial == (False, True)


def test_weeks_cut_by_the_window_or_by_the_last_day_are_marked(shop):
    found = trend(shop, Selection.of(date(2024, 1, 24), date(2024, 2, 8)), "revenue", "week")
    assert found.starts == (date(2024, 1, 22), date(2024, 1, 29), date(2024, 2, 5))
    assert found.partial == (True, True, True)
    assert found.values[1] == 250 and np.isnan(found.values[[0, 2]]).all()


def test_bars_show_all_values_and_mark_the_chosen_one(shop):
    found = breakdown(shop, FEBRUARY.where("region", ["North"]), "revenue", "region")
    rows = [(r.key, r.label, r.value, r.comparison, r.share, r.selected) for r in found.rows]
    assert rows == [
        ("North", "North", 50, 120, 0.5, True),
        ("South", "South", 40, 30, 0.4, False),
        ("", "(not given)", 10, 0, 0.1, False),
    ]
    assert found.others is None


def test_beyond_the_limit_the_rest_is_answered_as_one_question(shop):
    found = breakdown(shop, Selection(shop.whole()), "customers", "segment", limit=1)
    assert [(row.key, row.value) for row in found.rows] == [("Premium", 1)]
    assert (found.others.label, found.others.value, found.hidden) == ("All others", 2, 2)


def test_a_single_value_beyond_the_limit_is_shown_by_its_name(shop):
    assert len(breakdown(shop, Selection(shop.whole()), "revenue", "segment", limit=2).rows) == 3


def test_a_pivot_of_month_by_segment(shop):
    found = pivot(shop, Selection.of(date(2024, 1, 1), date(2024, 2, 29)), "revenue", "month", "segment")
    assert found.row_labels == (date(2024, 1, 1), date(2024, 2, 1))
    assert found.column_labels == ("Premium", "Budget", "Regular")
    assert found.values.tolist() == [[120, 0, 30], [50, 40, 10]]


def test_a_pivot_has_no_values_outside_of_the_shop_s_days(shop):
    over = Selection.of(date(2023, 12, 1), date(2024, 3, 31))
    by_month = pivot(shop, over, "revenue", "month", "segment")
    assert np.isnan(by_month.values).all(axis=1).tolist() == [True, False, False, True]
    assert by_month.values[1].tolist() == [120, 0, 30]
    assert np.isnan(pivot(shop, over, "revenue", "segment", "month").values).all(axis=0).tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_a_pivot_of_weekday_by_hour(shop):
    found = pivot(shop, Selection(shop.whole()), "orders", "weekday", "hour")
    assert found.values.shape == (7, 24)
    assert found.row_labels[1] == "Tue" and found.values[1, 9] == 1
    assert found.values[5, 23] == 1 and found.values.sum() == 5


def test_a_top_table_is_sorted_by_the_metric_asked_for(shop):
    found = top(shop, Selection(shop.whole()), "segment", ("revenue", "orders"), sort="orders", limit=2)
    assert [(row.key, row.values) for row in found.rows] == [("Premium", (170, 2)), ("Regular", (40, 2))]
    assert found.count == 3
    with pytest.raises(UnknownName, match="Did you mean 'orders'"):
        top(shop, Selection(shop.whole()), "segment", ("revenue", "orders"), sort="order")


def test_a_drill_has_a_row_for_each_combination_that_occurs(shop):
    found = drill(shop, FEBRUARY, ("region", "segment"), "revenue")
    assert [(row.keys, row.value, row.comparison) for row in found.rows] == [
        (("North", "Premium"), 50, 120),
        (("South", "Budget"), 40, 0),
        (("", "Regular"), 10, 0),
        (("South", "Regular"), 0, 30),
    ]
    assert math.fsum(row.share for row in found.rows) == pytest.approx(1)


def test_a_drill_by_time_compares_by_position(shop):
    found = drill(shop, FEBRUARY, ("month",), "orders")
    assert [(row.keys, row.value, row.comparison) for row in found.rows] == [(("2024-02-01",), 3, 2)]


def test_a_drill_needs_axes_each_once(shop):
    for wrong in ((), ("region", "region")):
        with pytest.raises(EngineError, match="region"):
            drill(shop, FEBRUARY, wrong, "revenue")


def test_a_shop_without_data_answers_with_nothing(empty):
    assert [kpi.value for kpi in kpis(empty, FEBRUARY)] == [0, 0, 0, None, None]
    assert breakdown(empty, FEBRUARY, "revenue", "region").rows == ()
    assert drill(empty, FEBRUARY, ("region",), "revenue").rows == ()
    assert top(empty, FEBRUARY, "region").rows == ()
    assert pivot(empty, FEBRUARY, "revenue", "month", "region").values.shape == (1, 0)
    assert np.isnan(trend(empty, FEBRUARY, "revenue", "day").values).all()
    with pytest.raises(EngineError, match="no data yet"):
        empty.whole()


def test_what_the_shop_lacks_is_said_by_name(shop):
    with pytest.raises(MissingColumn, match="channel"):
        breakdown(shop, FEBRUARY, "revenue", "channel")
    with pytest.raises(MissingColumn, match="cost"):
        trend(shop, FEBRUARY, "gross_margin", "day")
    with pytest.raises(MissingColumn, match="category"):
        trend(shop, FEBRUARY.where("category", ["Toys"]), "revenue", "day")
    days = Snapshot.from_columns({"date": ["2024-01-01"], "revenue": [1.0]})
    with pytest.raises(MissingColumn, match="time of the day"):
        pivot(days, FEBRUARY, "revenue", "weekday", "hour")


def test_the_grain_follows_the_window():
    def over(days):
        return Window(date(2024, 1, 1), date.fromordinal(date(2024, 1, 1).toordinal() + days))

    assert [default_grain(over(days)) for days in (1, 92, 93, 370, 371)] == ["day", "day", "week", "week", "month"]
    assert grains(over(1)) == ("day",)
    assert grains(over(400)) == ("day", "week", "month", "quarter", "year")


def test_the_same_question_is_answered_once(shop):
    assert kpis(shop, FEBRUARY) is kpis(shop, FEBRUARY)
    assert trend(shop, FEBRUARY, "revenue") is trend(shop, FEBRUARY, "revenue", grain=None)
