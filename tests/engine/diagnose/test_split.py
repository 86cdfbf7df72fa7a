"""A split adds up to the change, to the cent, for every metric and axis; and says what cannot be compared."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.split import page_family, split
from engine.errors import MissingColumn
from engine.metrics import METRICS
from engine.selection import Against, Selection
from engine.snapshot import Snapshot, current

#        day           customer  order  region  category  revenue  score
LINES = [
    ("2024-01-05 09:00", "ann", "o1", "North", "Toys", 100.0, 5.0),
    ("2024-01-05 09:00", "ann", "o1", "North", "Home", 20.0, 5.0),
    ("2024-01-31 10:00", "bob", "o2", "South", "Toys", 30.0, 2.0),
    ("2024-02-01 11:00", "ann", "o3", "North", "Toys", 50.0, 3.0),
    ("2024-02-03 12:00", "ann", "o4", "North", "Home", 10.0, 4.0),
    ("2024-02-29 23:59", "cat", "o5", "South", "Toys", 40.01, 1.0),
]
FEBRUARY = Selection.of(date(2024, 2, 1), date(2024, 2, 29))
NAMES = ("date", "customer_id", "order_id", "region", "category", "revenue", "satisfaction_score")


@pytest.fixture(scope="module")
def shop() -> Snapshot:
    """With a day more before and after, so that January and February are whole."""
    edges = [
        ("2023-12-01", "dan", "o0", "North", "Toys", 1.0, 5.0),
        ("2024-03-31", "dan", "o9", "North", "Toys", 1.0, 5.0),
    ]
    columns = dict(zip(NAMES, map(list, zip(*LINES, *edges, strict=True)), strict=True))
    return Snapshot.from_columns(columns | {"revenue": np.array(columns["revenue"])})


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def test_each_part_adds_its_difference(shop):
    found = split(shop, FEBRUARY, "revenue", "region")
    assert [(p.label, p.value, p.comparison, p.contribution) for p in found.parts] == [
        ("North", 60.0, 120.0, -60.0),
        ("South", 40.01, 30.0, 10.01),
    ]
    assert (found.change, found.overlap) == (-49.99, 0.0)
    assert found.parts[0].share == pytest.approx(60 / 49.99)


def test_a_customer_of_two_categories_is_overlap(shop):
    found = split(shop, FEBRUARY, "customers", "category")
    # January: ann in both, bob in Toys. February: ann in both, cat in Toys.
    assert [(p.label, p.value, p.comparison) for p in found.parts] == [("Toys", 2, 2), ("Home", 1, 1)]
    assert (found.value, found.comparison, found.change, found.overlap) == (2, 2, 0, 0)
    orders = split(shop, FEBRUARY, "orders", "category")
    # January: one of two orders is in both categories; February: none of three is.
    assert [p.contribution for p in orders.parts] == [0, 0]
    assert (orders.change, orders.overlap) == (1, 1)


def test_a_ratio_s_parts_have_rate_and_mix(shop):
    found = split(shop, FEBRUARY, "aov", "region")
    # North 120/1 -> 60/2, South 30/1 -> 40.01/1; weights 1/2, 1/2 -> 2/3, 1/3; the whole 75 -> 33.34 (mean 54.17).
    north, south = found.parts
    assert (north.rate, south.rate) == pytest.approx((-90 * (1 / 2 + 2 / 3) / 2, 10.01 * (1 / 2 + 1 / 3) / 2))
    middle = (75 + 100.01 / 3) / 2
    assert (north.mix, south.mix) == pytest.approx((1 / 6 * (75 - middle), -1 / 6 * (35.005 - middle)))
    assert found.rate + found.mix == pytest.approx(100.01 / 3 - 75)


def test_time_is_compared_by_position(shop):
    found = split(shop, Selection.of(date(2024, 2, 1), date(2024, 2, 29)), "revenue", "day")
    assert len(found.parts) == 31
    assert (found.parts[0].label, found.parts[0].compared_with) == ("1 Feb 2024", "1 Jan 2024")
    assert (found.parts[4].value, found.parts[4].comparison, found.parts[4].contribution) == (0, 120, -120)
    last = found.parts[30]
    assert (last.label, last.value, last.compared_with, last.comparison, last.contribution) == (
        "", None, "31 Jan 2024", 30.0, -30.0,
    )  # fmt: skip
    assert sum(round(p.contribution * 100) for p in found.parts) == -4999


def test_periods_that_are_not_whole_have_values_and_no_changes(shop):
    found = split(shop, Selection.of(date(2024, 3, 1), date(2024, 4, 30)), "revenue", "region")
    assert "ends on 31 Mar 2024" in found.note
    assert found.parts[0].value == 1.0
    assert {(p.contribution, p.share, p.moved, p.tag) for p in found.parts} == {(None, None, None, None)}
    assert (found.change, found.overlap, found.moved) == (None, None, None)
    assert page_family(found) == (found,)


def test_without_a_comparison_there_are_values_only(shop):
    found = split(shop, Selection.of(date(2024, 2, 1), date(2024, 2, 29), against=Against.NONE), "aov", "region")
    assert [p.value for p in found.parts] == [30, 40.01] or [p.value for p in found.parts] == [40.01, 30]
    assert {(p.comparison, p.contribution) for p in found.parts} == {(None, None)}


def test_a_missing_column_is_named(shop):
    with pytest.raises(MissingColumn, match="channel"):
        split(shop, FEBRUARY, "revenue", "channel")
    with pytest.raises(MissingColumn, match="delivery_days"):
        split(shop, FEBRUARY, "delivery_days", "region")


@st.composite
def tables(draw) -> pd.DataFrame:
    """Lines of two months; orders may have several categories."""
    count = draw(st.integers(2, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    order = np.sort(rng.integers(0, max(count // 2, 1), count))
    day = rng.integers(0, 60, count)[order]
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in order],
            "date": np.datetime64("2023-03-02") + day,
            "customer_id": [f"c{i}" for i in rng.integers(0, 8, count)[order]],
            "region": rng.choice(["a", "b", "c"], count)[order],
            "category": rng.choice(["x", "y", "z", "w"], count),
            "quantity": rng.integers(1, 5, count),
            "revenue": rng.integers(0, 10**6, count) / 10_000,
            "satisfaction_score": rng.integers(1, 6, count)[order].astype(float),
        }
    )


@settings(max_examples=30, deadline=None)
@given(tables(), st.sampled_from(["revenue", "orders", "customers", "aov", "satisfaction", "returning_share"]))
def test_any_table_s_parts_add_up_to_the_change_that_pandas_has(table, metric):
    edges = pd.DataFrame({"date": pd.to_datetime(["2023-03-01", "2023-05-01"]), "order_id": ["first", "last"]})
    columns = pd.concat([table, edges]).to_dict("list")
    shop = Snapshot.from_columns({name: np.array(v) if name == "revenue" else v for name, v in columns.items()})
    asked = Selection.of(date(2023, 4, 1), date(2023, 4, 30))
    asked = Selection(asked.window, custom=Selection.of(date(2023, 3, 2), date(2023, 3, 31)).window)
    for axis, limit in (("region", None), ("category", 2), ("week", None), ("weekday", None)):
        found = split(shop, asked, metric, axis, limit=limit)
        if found.change is None:
            continue
        adds = [p.contribution for p in found.rows]
        assert sum(adds) + found.overlap == pytest.approx(found.change, rel=1e-9, abs=1e-9)
        if metric in ("revenue", "orders", "customers"):
            assert sum(round(a * 10_000) for a in (*adds, found.overlap)) == round(found.change * 10_000)
        if metric == "revenue":
            months = table.groupby(table.date >= "2023-04-01").revenue.sum()
            assert found.change == pytest.approx(months.get(True, 0) - months.get(False, 0), abs=1e-6)


@pytest.mark.parametrize("axis", ["region", "category", "product", "month", "weekday"])
def test_every_metric_of_the_demo_shop_adds_up(demo, axis):
    asked = Selection.of(date(2025, 7, 1), date(2025, 9, 30)).where("segment", ["Premium", "Regular"])
    for name, metric in METRICS.items():
        if demo.missing(name):
            continue
        found = split(demo, asked, name, axis, limit=5)
        left = found.change - sum(p.contribution for p in found.rows) - found.overlap
        assert abs(left) <= 1e-9 * max(abs(found.value), abs(found.comparison), abs(found.change)), name
        assert (found.rate is None) == (not metric.is_ratio)
        assert all(isinstance(p.moved.p, float | None) for p in found.rows)


def test_the_others_are_what_is_left(demo):
    asked = Selection.of(date(2025, 7, 1), date(2025, 9, 30))
    found, whole = (split(demo, asked, "revenue", "product", limit=limit) for limit in (5, None))
    assert [p.key for p in found.parts] == [p.key for p in whole.parts[:5]]
    assert found.hidden == len(whole.parts) - 5
    rest = whole.parts[5:]
    assert found.others.value == pytest.approx(sum(p.value for p in rest))
    assert found.others.contribution == pytest.approx(sum(p.contribution for p in rest))
    assert len(found.unseen) == found.hidden


def test_what_is_unusual_is_what_the_common_change_does_not_say(demo):
    asked = Selection.of(date(2025, 11, 3), date(2025, 11, 23), against=Against.YEAR)
    found = split(demo, asked, "orders", "region")
    for part in found.parts:
        alike = part.comparison * found.value / found.comparison
        assert part.unusual.difference == pytest.approx(part.value - alike)
    assert sum(p.unusual.difference for p in found.parts) == pytest.approx(0, abs=1e-6)


def test_a_part_of_time_that_fell_alone_is_unusual():
    rng = np.random.default_rng(8)
    day = np.repeat(np.arange(112), rng.poisson(40, 112))
    kept = (day < 98) | (day >= 105) | (rng.random(len(day)) > 0.5)
    first = date(2023, 1, 2)
    shop = Snapshot.from_columns({"date": np.datetime64(first) + day[kept], "revenue": np.full(kept.sum(), 20.0)})
    asked = Selection.of(first + timedelta(days=84), first + timedelta(days=111))
    tags = [part.unusual.tag for part in split(shop, asked, "orders", "week").parts]
    assert tags == ["noise", "noise", "signal", "noise"]
