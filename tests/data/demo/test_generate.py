"""The generator's promises: exact size, same bytes for the same seed, bounded batches, values inside the schema."""

import dataclasses
import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.demo import TRUTH, generate, to_rows
from data.schema import CUSTOMERS, MONEY_SCALE, SPEND, TRANSACTIONS, Kind


def digest(demo) -> str:
    """Of all rows of all tables."""
    seen = hashlib.sha256()
    for batch in demo.batches():
        seen.update(repr(to_rows(batch)[1]).encode())
    for table in (demo.customers, demo.spend):
        seen.update(repr([c.tolist() for c in table.values()]).encode())
    return seen.hexdigest()


def whole(demo) -> dict[str, np.ndarray]:
    batches = list(demo.batches())
    return {name: np.ma.concatenate([b[name] for b in batches]) for name in batches[0]}


def test_the_same_seed_makes_the_same_shop():
    assert digest(generate(3_000, seed=11)) == digest(generate(3_000, seed=11))


def test_another_seed_makes_another_shop():
    assert digest(generate(3_000, seed=11)) != digest(generate(3_000, seed=12))


def test_batches_can_be_read_twice():
    demo = generate(2_000)
    assert digest(demo) == digest(demo)


@pytest.mark.parametrize("batch", [1, 7, 999, 1_000, 5_000])
def test_the_batch_size_changes_no_line(batch):
    rows = [r for b in generate(1_000, batch=batch).batches() for r in to_rows(b)[1]]
    assert rows == [r for b in generate(1_000).batches() for r in to_rows(b)[1]]


def test_batches_are_full_but_the_last():
    assert [len(b["date"]) for b in generate(2_500, batch=1_000).batches()] == [1_000, 1_000, 500]


def test_prices_and_spend_plan_do_not_depend_on_size():
    small, large = generate(1_000), generate(20_000)
    assert (small.plan.demand.prices.listed == large.plan.demand.prices.listed).all()
    assert (small.plan.demand.spend["Search"] == large.plan.demand.spend["Search"]).all()


def test_customers_scale_with_rows():
    assert len(generate(15_000).customers["customer_id"]) == 2_000
    assert len(generate(150_000).customers["customer_id"]) == 20_000
    assert len(generate(15_000, customers=33).customers["customer_id"]) == 33


@pytest.mark.parametrize(("name", "value"), [("rows", 0), ("customers", 0), ("batch", 0), ("seed", -1)])
def test_an_impossible_shop_is_said_so(name, value):
    with pytest.raises(ValueError, match=f"{name} of at least .*, got {value}"):
        generate(**{"rows": 100, name: value})


@pytest.mark.parametrize("rows", [1, 5, 40, 300])
def test_the_size_is_exact_even_where_nearly_all_is_given_back(rows):
    wary = dataclasses.replace(TRUTH.mishaps, refunded=dict.fromkeys(TRUTH.mishaps.refunded, 0.95), days_after=1.0)
    lines = whole(generate(rows, truth=dataclasses.replace(TRUTH, mishaps=wary)))
    assert len(lines["date"]) == rows
    assert np.isin(lines["order_id"], lines["transaction_id"]).all()


def test_lines_are_numbered_from_one_without_gaps(demo_shop):
    ids = demo_shop.lines["transaction_id"]
    assert (ids[0], ids[-1]) == ("T0000001", "T0015000")
    assert len(np.unique(ids)) == 15_000


def test_columns_are_the_schema_s_in_its_order(demo_shop):
    assert list(demo_shop.lines) == [c.stored_name for c in TRANSACTIONS]
    assert list(demo_shop.demo.customers) == [c.stored_name for c in CUSTOMERS]
    assert list(demo_shop.demo.spend) == [c.stored_name for c in SPEND]


def test_rows_are_plain_python_values(demo_shop):
    batch = next(demo_shop.demo.batches())
    columns, rows = to_rows(batch)
    assert columns == tuple(c.stored_name for c in TRANSACTIONS)
    assert {type(v) for row in rows for v in row} == {str, int, float, type(None)}
    first = dict(zip(columns, rows[0], strict=True))
    assert first["date"] == str(batch["date"][0]).replace("T", " ")


def test_the_usual_shop_is_believable(demo_shop):
    """Bounds of what an owner would accept as a real shop of this size."""
    sales = demo_shop.sales
    revenue = sales["revenue_units"] / MONEY_SCALE
    assert len(demo_shop.lines["date"]) == 15_000
    assert 60 < revenue.mean() < 120
    assert 3.9 < sales["satisfaction_score"].mean() < 4.2
    assert 0.4 < 1 - sales["cost_units"].sum() / sales["revenue_units"].sum() < 0.55
    assert 0.05 < demo_shop.demo.spend["spend_units"].sum() / sales["revenue_units"].sum() < 0.12
    assert (sales["delivery_days"] > sales["promised_days"]).mean() < 0.22
    month = sales["date"].astype("datetime64[M]")
    by_month = {m: revenue[month == m].sum() for m in np.unique(month)}
    assert str(max(by_month, key=by_month.get)).endswith("-12")
    year = sales["date"].astype("datetime64[Y]")
    first, second = (revenue[year == y].sum() for y in np.unique(year))
    assert 1.03 < second / first < 1.25
    assert max(by_month.values()) < 2.5 * min(by_month.values())


shops = st.builds(
    generate,
    st.integers(1, 400),
    seed=st.integers(0, 2**32),
    customers=st.none() | st.integers(1, 60),
    batch=st.sampled_from([1, 50, 100_000]),
)


@settings(max_examples=15, deadline=None)
@given(shops)
def test_every_shop_keeps_the_schema(demo):
    lines = whole(demo)
    assert len(lines["date"]) == demo.rows
    _within_limits(lines, TRANSACTIONS)
    _within_limits(demo.spend, SPEND)
    assert len(np.unique(lines["transaction_id"])) == demo.rows
    assert np.isin(lines["customer_id"], demo.customers["customer_id"]).all()
    assert (np.diff(lines["date"].astype(np.int64)) >= 0).all()
    assert lines["date"].min() >= np.datetime64(TRUTH.days.start)
    assert lines["date"].max() < np.datetime64(TRUTH.days.end)
    _money_adds_up(lines)


def _within_limits(columns, schema):
    for column in schema:
        values = columns[column.stored_name]
        if column.required:
            assert not np.ma.getmaskarray(values).any()
        if column.low is not None and np.ma.count(values):
            unit = MONEY_SCALE if column.kind is Kind.MONEY else 1
            assert column.low * unit <= values.min() and values.max() <= column.high * unit, column.name


def _money_adds_up(lines):
    amount, kind = lines["amount_units"], lines["kind"]
    assert (amount == lines["quantity"] * lines["unit_price_units"] - lines["discount_units"]).all()
    assert (np.ma.getmaskarray(lines["revenue_units"]) == (kind != "sale")).all()
    assert (np.ma.getmaskarray(lines["refund_units"]) == (kind != "refund")).all()
    assert (lines["revenue_units"][kind == "sale"] == amount[kind == "sale"]).all()
    assert (lines["refund_units"][kind == "refund"] == -amount[kind == "refund"]).all()
    assert (amount[kind != "refund"] > 0).all()


def test_the_generator_reads_the_truth_and_holds_no_copy():
    """Another truth makes another shop: no incident, half the satisfaction slope, no cancelled order."""
    calm = dataclasses.replace(
        TRUTH,
        incident=dataclasses.replace(TRUTH.incident, remaining=1.0),
        satisfaction=dataclasses.replace(TRUTH.satisfaction, per_day=0.0),
        mishaps=dataclasses.replace(TRUTH.mishaps, cancelled=0.0),
    )
    lines = whole(generate(20_000, truth=calm))
    assert not (lines["kind"] == "cancelled").any()
    sold = lines["kind"] == "sale"
    days, score = (np.ma.getdata(lines[n])[sold] for n in ("delivery_days", "satisfaction_score"))
    assert abs(np.polyfit(days, score, 1)[0]) < 0.02
    window = TRUTH.incident.window
    hit = (lines["region"] == TRUTH.incident.region) & (lines["channel"] == TRUTH.incident.channel)
    inside = (lines["date"] >= np.datetime64(window.start)) & (lines["date"] < np.datetime64(window.end))
    assert (hit & inside).sum() > 25
