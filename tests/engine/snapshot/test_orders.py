"""Orders as arrays: against pandas on the demo shop, against loops on shops in which everything varies."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo import generate
from engine.selection import Selection, Window
from engine.snapshot import Snapshot
from tests.engine.snapshot.oracle import Shop
from tests.engine.snapshot.shops import make, snapshot


@pytest.fixture(scope="module")
def demo() -> tuple[pd.DataFrame, Snapshot]:
    made = generate(15_000)
    batches = list(made.batches())
    lines = {name: np.ma.concatenate([b[name] for b in batches]) for name in batches[0]}
    plain = {
        name: values.astype(float).filled(np.nan) if np.ma.getmaskarray(values).any() else np.ma.getdata(values)
        for name, values in lines.items()
    }
    return pd.DataFrame(plain), Snapshot.from_columns(plain, customers=made.customers)


SELECTION = Selection.of(date(2024, 9, 1), date(2025, 10, 31), {"category": ["Fashion", "Home"], "region": ["West"]})


def test_amounts_and_facts_equal_pandas(demo):
    lines, shop = demo
    orders = shop.orders(SELECTION)
    kept = lines[
        (lines.kind == "sale")
        & lines.category.isin(["Fashion", "Home"])
        & (lines.region == "West")
        & (lines.date >= "2024-09-01")
        & (lines.date < "2025-11-01")
    ]
    found = kept.groupby("order_id").agg(
        date=("date", "min"),
        revenue=("revenue_units", "sum"),
        items=("quantity", "sum"),
        discount=("discount_units", "sum"),
        cost=("cost_units", "sum"),
        delivery=("delivery_days", "max"),
        promised=("promised_days", "max"),
        score=("satisfaction_score", "max"),
    )
    found = found.sort_values("date")
    assert len(orders) == len(found) > 500
    assert (orders.day == found.date.to_numpy().astype("datetime64[D]")).all()
    assert (orders.hour == found.date.dt.hour).all()
    for name, units in (("revenue", "revenue"), ("quantity", "items"), ("discount", "discount"), ("cost", "cost")):
        assert (orders.units[name] == found[units]).all()
    assert orders.own("revenue").sum() == pytest.approx(found.revenue.sum() / 10_000)
    for fact, column in (("delivery_days", "delivery"), ("promised_days", "promised"), ("satisfaction_score", "score")):
        np.testing.assert_array_equal(orders.facts[fact], found[column])
    named = np.array(orders.labels["category"])[orders.codes["category"]]
    assert set(named) == {"Fashion", "Home"}


def test_the_next_order_is_looked_for_in_the_whole_shop(demo):
    lines, shop = demo
    orders = shop.orders(SELECTION)
    sales = lines[lines.kind == "sale"].assign(day=lines.date.dt.floor("D"))
    visits = sales[["customer_id", "day"]].drop_duplicates().sort_values(["customer_id", "day"])
    visits["gap"] = visits.groupby("customer_id").day.shift(-1).sub(visits.day).dt.days
    kept = sales[
        sales.category.isin(["Fashion", "Home"])
        & (sales.region == "West")
        & (sales.day >= "2024-09-01")
        & (sales.day < "2025-11-01")
    ].sort_values("date")
    expected = kept.merge(visits, on=["customer_id", "day"]).gap
    np.testing.assert_array_equal(np.sort(orders.days_to_next), np.sort(expected))
    again = orders.again_within(90)
    told = (pd.Timestamp(shop.last_day) - kept.day).dt.days >= 90
    assert np.isfinite(again).sum() == told.sum() < len(kept)
    assert np.nansum(again) == (expected[told.to_numpy()] <= 90).sum()


def test_an_order_is_refunded_on_the_first_day_something_of_it_came_back(demo):
    lines, shop = demo
    orders = shop.orders(Selection(shop.whole()))
    back = lines[lines.kind == "refund"].groupby("order_id").date.min().dt.floor("D")
    sold = lines[lines.kind == "sale"]
    assert orders.refunded.sum() == sold.order_id.isin(back.index).sum() > 300
    expected = sold.sort_values("date").order_id.map(back).to_numpy().astype("datetime64[D]")
    np.testing.assert_array_equal(np.sort(orders.refunded_on), np.sort(expected))


def test_refunds_that_name_no_order_leave_refunded_unknown():
    shop = Snapshot.from_columns(
        {
            "date": ["2025-01-01", "2025-01-02"],
            "kind": ["sale", "refund"],
            "order_id": ["a", "b"],
            "revenue": [10.0, np.nan],
            "refund": [np.nan, 10.0],
        }
    )
    orders = shop.orders(Selection(shop.whole()))
    assert orders.refunded is None and len(orders) == 1
    assert np.isnan(orders.days_to_next).all() and np.isnan(orders.again_within(1)).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 120), first=st.integers(0, 20), days=st.integers(1, 45))
def test_orders_equal_a_loop_over_rows_where_everything_varies(seed, rows, first, days):
    table = make(seed, rows)
    shop = snapshot(table)
    start = date.fromordinal(shop.first_day.toordinal() + first)
    selection = Selection(Window(start, date.fromordinal(start.toordinal() + days)))
    orders = shop.orders(selection)
    slow = Shop(table)
    lines = defaultdict(list)
    visits = defaultdict(set)
    for row in table:
        if row["kind"] != "sale":
            continue
        if row["customer_id"]:
            visits[row["customer_id"]].add(row["date"].date())
        if selection.window.start <= row["date"].date() < selection.window.end:
            lines[row["order_id"]].append(row)
    assert len(orders) == len(lines)
    expected = []
    for order, found in lines.items():
        head = min(found, key=lambda row: row["date"].date())
        day, who = head["date"].date(), head["customer_id"]
        later = [(other - day).days for other in visits[who] if other > day] if who else []
        expected.append(
            (
                (day - date(1970, 1, 1)).days,
                len(found),
                sum(row["revenue"] for row in found),
                sum(row["quantity"] or 0 for row in found),
                slow.facts["satisfaction_score"].get(order, -1.0),
                min(later, default=-1) if len({r["customer_id"] for r in found}) == 1 else None,
            )
        )
    score = orders.facts.get("satisfaction_score", np.full(len(orders), np.nan))
    quantity = orders.units.get("quantity", np.zeros(len(orders), int))
    got = list(
        zip(
            orders.day.astype(int).tolist(),
            orders.lines.tolist(),
            orders.units["revenue"].tolist() if "revenue" in orders.units else [0] * len(orders),
            quantity.tolist(),
            np.nan_to_num(score, nan=-1.0).tolist(),
            np.nan_to_num(orders.days_to_next, nan=-1).astype(int).tolist(),
            strict=True,
        )
    )
    assert sorted(g[:5] for g in got) == sorted(e[:5] for e in expected)
    # Lines of one order that name several customers have no one next order to compare with.
    if all(e[5] is not None for e in expected):
        assert sorted(got) == sorted(expected)
