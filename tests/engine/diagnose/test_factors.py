"""A bridge sums to the change exactly, is made of the right totals, and says what it could not tell apart."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.factors import BRIDGED, factors
from engine.errors import MissingColumn
from engine.metrics import METRICS
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot
from tests.engine.diagnose.autumn import online_retail
from tests.engine.snapshot import shops

MAY, APRIL = Window(date(2024, 5, 1), date(2024, 6, 1)), Window(date(2024, 4, 1), date(2024, 5, 1))


def shop(**columns) -> Snapshot:
    return Snapshot.from_columns(columns)


def by_hand(**other) -> Snapshot:
    """April: Ann 2 orders, Bob 1; May: Ann 1 order, and one of nobody."""
    columns = {
        "date": np.array(["2024-04-01", "2024-04-03", "2024-04-03", "2024-04-30", "2024-05-01", "2024-05-31"], "M8[D]"),
        "order_id": ["1", "2", "2", "3", "4", "5"],
        "customer_id": ["Ann", "Ann", "Ann", "Bob", "Ann", ""],
        "quantity": [1.0, 2.0, 1.0, 4.0, 3.0, 1.0],
        "revenue": [9.0, 20.0, 5.0, 36.0, 24.0, 7.77],
        "discount": [1.0, 0.0, 5.0, 4.0, 6.0, 0.0],
        "refund": [0.0, 0.0, 5.0, 0.0, 12.0, 0.0],
    }
    return shop(**(columns | other))


MONTH = Selection(MAY)


def values(found) -> dict[str, tuple]:
    return {part.name: (part.comparison, part.value) for part in found.parts}


def test_five_orders_worked_by_hand():
    found = factors(by_hand(), MONTH, "net_revenue")
    assert values(found) == {
        "customers": (2, 1),
        "orders_per_customer": (1.5, 1),
        "items_per_order": (8 / 3, 3),
        "list_price": (10, 10),
        "kept_after_discounts": (70 / 80, 24 / 30),
        "kept_after_refunds": (65 / 70, 0.5),
        "without_customer": (0, 7.77),
    }
    assert (found.comparison, found.value, found.change) == (65, 19.77, -45.23)
    assert found.part("without_customer").contribution == 7.77
    assert found.part("list_price").contribution == 0
    assert exact_sum(found) == Decimal("-45.23")


def exact_sum(found) -> Decimal:
    return sum((Decimal(str(part.contribution)) for part in found.parts), Decimal(0))


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 11),
    days=st.tuples(st.integers(8, 20), st.integers(1, 9)),
    metric=st.sampled_from(BRIDGED),
    where=st.sampled_from([{}, {"region": ["N"]}, {"category": ["X", "Y"]}, {"channel": [""]}, {"region": ["?"]}]),
)
def test_the_parts_sum_to_the_change_on_random_tables(seed, days, metric, where):
    snapshot = SHOPS[seed]
    first = snapshot.first_day
    start = first + timedelta(days=days[0])
    selection = Selection(Window(start, start + timedelta(days=days[1])), custom=Window(first, start))
    for name, wanted in where.items():
        selection = selection.where(name, wanted)
    found = factors(snapshot, selection, metric)
    now, before = (snapshot.metrics(s, (metric,))[metric] for s in (selection, selection.comparison()))
    if found.note:
        assert not found.parts and np.isnan(now + before)
        return
    digits = Decimal("0.0001")
    assert exact_sum(found) == Decimal(str(found.change))
    expected = Decimal(str(float(now))) - Decimal(str(float(before)))
    assert abs(Decimal(str(found.change)) - expected) <= (digits if METRICS[metric].is_ratio else 0)
    shares = [part.share for part in found.parts]
    assert sum(shares) == pytest.approx(1) if found.change else shares == [None] * len(shares)


def _sparse(seed: int) -> Snapshot:
    return shops.snapshot(shops.make(seed, 40 if seed % 3 else 400, tidy=seed % 2 == 0))


SHOPS = [_sparse(seed) for seed in range(12)]


@pytest.mark.parametrize("metric", ["revenue", "net_revenue"])
def test_the_product_of_the_factors_is_the_revenue_of_known_customers(metric):
    found = factors(SHOPS[0], Selection(Window(shops.FIRST + timedelta(20), shops.FIRST + timedelta(40))), metric)
    known = [part for part in found.parts if part.name not in ("without_customer", "refunds_alone")]
    alone = found.part("without_customer")
    assert np.prod([part.value for part in known]) == pytest.approx(found.value - alone.value)
    assert np.prod([part.comparison for part in known]) == pytest.approx(found.comparison - alone.comparison)


def test_what_is_given_back_where_nothing_was_sold_stands_beside_the_product():
    snapshot = by_hand(kind=["sale"] * 4 + ["refund"] * 2, revenue=[9.0, 20.0, 5.0, 36.0, np.nan, np.nan])
    found = factors(snapshot, MONTH, "net_revenue")
    assert found.part("refunds_alone").contribution == -12
    assert found.part("customers").value == 0 and found.part("list_price").value is None
    assert found.change == -77 and exact_sum(found) == -77


def test_from_nothing_all_of_it_is_the_customers():
    custom = Selection(MAY, custom=Window(date(2024, 4, 4), date(2024, 4, 10)))
    found = factors(by_hand(customer_id=list("AAABAC")), custom)
    assert found.part("customers").contribution == found.change == 31.77
    assert {part.contribution for part in found.parts[1:]} == {0}


WITHOUT = {
    "customer_id": (["orders", "items_per_order", "list_price", "kept_after_discounts"], "no column customer_id"),
    "quantity": (
        ["customers", "orders_per_customer", "list_value_per_order", "kept_after_discounts", "without_customer"],
        "no column quantity",
    ),
    "discount": (
        ["customers", "orders_per_customer", "items_per_order", "price", "without_customer"],
        "no column discount",
    ),
}


@pytest.mark.parametrize("column", WITHOUT)
def test_a_missing_column_merges_its_factor_and_is_named(column):
    names, sentence = WITHOUT[column]
    full = by_hand()
    found = factors(by_hand(**{column: [None] * 6 if column == "customer_id" else [np.nan] * 6}), MONTH)
    assert [part.name for part in found.parts] == names
    assert len(found.merged) == 1 and sentence in found.merged[0]
    assert found.change == factors(full, MONTH).change and exact_sum(found) == Decimal(str(found.change))


def test_net_revenue_needs_refunds():
    with pytest.raises(MissingColumn, match="refund"):
        factors(by_hand(refund=[np.nan] * 6), MONTH, "net_revenue")


def test_pieces_that_are_nought_in_one_period_are_left_out():
    found = factors(by_hand(quantity=[1.0, 2.0, 1.0, 4.0, 0.0, 0.0]), MONTH)
    assert "list_value_per_order" in values(found) and "Items are nought" in found.merged[0]
    assert exact_sum(found) == Decimal(str(found.change))


@pytest.mark.parametrize("against", [Against.PREVIOUS, Against.NONE])
def test_periods_the_shop_does_not_have_whole_tell_no_change(against):
    early = Selection(APRIL, against=against)
    found = factors(by_hand(), early)
    assert found.parts == () and found.change is None and found.note
    assert found.value == 70


def test_a_metric_that_is_no_product_has_no_bridge():
    shop = by_hand()
    asked = [name for name in METRICS if shop.missing(name) is None]
    assert {name for name in asked if factors(shop, MONTH, name) is not None} == set(BRIDGED)
    assert len(asked) > len(BRIDGED)


@pytest.mark.parametrize("name", ["demo", "online_retail"])
def test_totals_equal_pandas(name, request):
    """The same factors from the stored rows by pandas alone."""
    import sqlite3

    from engine.snapshot import current

    db = request.getfixturevalue("shop_db") if name == "demo" else _imported(request)
    selection = Selection(Window(date(2025, 11, 3), date(2025, 11, 24)) if name == "demo" else _AUTUMN)
    with sqlite3.connect(db) as connection:
        lines = pd.read_sql("select * from transactions where kind in ('sale', 'refund')", connection)
    found = factors(current(db), selection, "net_revenue")
    for window, side in ((selection.window, "value"), (selection.comparison().window, "comparison")):
        part = lines[(lines.date >= str(window.start)) & (lines.date < str(window.end))]
        known = part[part.customer_id.fillna("") != ""]
        sold = known[known.kind == "sale"]
        money, pieces, orders = sold.revenue_units.sum(), sold.quantity.sum(), sold.order_id.nunique()
        expected = {
            "customers": sold.customer_id.nunique(),
            "orders_per_customer": orders / sold.customer_id.nunique(),
            "items_per_order": pieces / orders,
            "kept_after_refunds": 1 - known.refund_units.sum() / money,
        }
        assert {n: getattr(found.part(n), side) for n in expected} == pytest.approx(expected, rel=1e-12)
        unknown = part[part.customer_id.fillna("") == ""]
        rest = found.part("without_customer")
        rest_units = unknown[unknown.kind == "sale"].revenue_units.sum() - unknown.refund_units.sum()
        assert (0 if rest is None else round(getattr(rest, side) * 10_000)) == rest_units


_AUTUMN = Window(date(2011, 11, 7), date(2011, 11, 21))


def _imported(request):
    base = request.getfixturevalue("tmp_path_factory").getbasetemp()
    return online_retail(request.getfixturevalue("data_folder"), base)
