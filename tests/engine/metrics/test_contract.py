"""What holds for every metric in the registry, tested the moment its file exists."""

from __future__ import annotations

import math

import numpy as np
import pytest

from data.schema import names
from engine.describe import breakdown, kpis, trend
from engine.errors import MissingColumn, UnknownName
from engine.imports import import_paths
from engine.metrics import HEADLINES, MEASURES, METRICS, Unit, metric
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.store import Store
from tests.engine.snapshot import shops

SUMS = [n for n, m in METRICS.items() if not m.is_ratio and all(MEASURES[x].is_additive for x in m.measures)]


@pytest.fixture(scope="module")
def shop() -> Snapshot:
    return shops.snapshot(shops.make(11, 800, days=90))


@pytest.fixture(scope="module")
def bare() -> Snapshot:
    """A shop that knows dates and nothing else."""
    return Snapshot.from_columns({"date": np.arange("2024-01-01", "2024-03-01", dtype="datetime64[D]")})


@pytest.mark.parametrize("name", METRICS)
def test_it_is_made_of_measures_that_exist_and_says_what_it_means(name):
    found = METRICS[name]
    assert found.name == name
    assert set(found.measures) <= set(MEASURES)
    assert all(column in names("transactions") for m in found.measures for column in MEASURES[m].needs)
    assert found.label and found.doc.endswith(".") and found.family
    assert found.is_ratio or found.unit in (Unit.MONEY, Unit.COUNT)


@pytest.mark.parametrize("name", METRICS)
def test_a_ratio_is_the_ratio_of_totals_and_never_of_ratios(name, shop):
    selection = Selection(shop.whole())
    totals = shop.totals(selection, METRICS[name].measures)
    own = {m: float(totals.own(m)) for m in METRICS[name].measures}
    expected = eval(METRICS[name].formula, {}, own)
    assert float(shop.metrics(selection, (name,))[name]) == pytest.approx(expected, rel=1e-12)


def test_a_difference_of_money_is_exact_to_the_ten_thousandth():
    totals = {"revenue": np.array([8_878_008.02, 0.3]), "refunds": np.array([286_989.56, 0.1])}
    assert METRICS["net_revenue"].value(totals).tolist() == [8_591_018.46, 0.2]


def test_a_shop_without_states_does_not_say_that_nothing_was_cancelled(tmp_path):
    db = tmp_path / "shop.db"
    for number, head, row in ((1, "", "paid"), (2, ",status", "paid"), (3, ",status", "cancelled")):
        (tmp_path / f"{number}.csv").write_text(
            f"order_id,customer_id,date,revenue{head}\n{number},7,2024-01-1{number},5.00{f',{row}' if head else ''}\n"
        )
        import_paths([tmp_path / f"{number}.csv"], db)
        snapshot = Snapshot.from_store(Store.open(db))
        (found,) = kpis(snapshot, Selection(snapshot.whole()), ("cancellation_rate",))
        assert (found.value, bool(found.missing)) == {1: (None, True), 2: (0, False), 3: (pytest.approx(1 / 3), False)}[
            number
        ]


@pytest.mark.parametrize("name", METRICS)
def test_an_empty_selection_gives_none_or_nought_and_no_error(name, shop):
    nobody = Selection(shop.whole()).where("region", ["Atlantis"])
    (found,) = kpis(shop, nobody, (name,))
    assert found.missing is None
    assert found.value is None if METRICS[name].is_ratio else found.value == 0
    assert found.change is None
    assert breakdown(shop, nobody, name, "segment").rows == ()
    values = trend(shop, nobody, name, "month").values
    assert np.isnan(values).all() if METRICS[name].is_ratio else (values == 0).all()


@pytest.mark.parametrize("name", METRICS)
def test_a_missing_column_is_named_in_a_sentence(name, bare):
    measures = [MEASURES[m] for m in METRICS[name].measures]
    needed = {column for m in measures for column in (*m.needs, m.told_by) if column}
    lacking = needed - bare.columns
    sentence = bare.missing(name)
    assert (sentence is None) == (not lacking)
    (found,) = kpis(bare, Selection(bare.whole()), (name,))
    assert found.missing == sentence
    if lacking:
        assert all(column in sentence for column in lacking)
        assert METRICS[name].label in sentence
        assert (found.value, found.comparison, found.spark) == (None, None, None)
        with pytest.raises(MissingColumn, match=next(iter(lacking))):
            trend(bare, Selection(bare.whole()), name, "month")


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("axis", [*shops.DIMENSIONS, "month", "weekday", "hour"])
def test_what_adds_up_over_a_dimension_does(name, axis, shop):
    selection = Selection(shop.whole()).where("channel", ["W", "A"])
    parts = shop.totals(selection, METRICS[name].measures, (axis,))
    whole = shop.totals(selection, METRICS[name].measures)
    for measure in METRICS[name].measures:
        assert parts.values[measure].sum() == whole.values[measure] != 0


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("dimension", shops.DIMENSIONS)
def test_shares_are_given_where_parts_add_up_and_nowhere_else(name, dimension, shop):
    found = breakdown(shop, Selection(shop.whole()), name, dimension)
    shares = [row.share for row in found.rows]
    if shop.adds_up(name, dimension):
        total = kpis(shop, Selection(shop.whole()), (name,))[0].value
        assert math.fsum(shares) == pytest.approx(1)
        assert math.fsum(row.value for row in found.rows) == pytest.approx(total)
    else:
        assert shares == [None] * len(shares)


def test_an_unknown_name_comes_with_the_close_one():
    with pytest.raises(UnknownName, match="Did you mean 'orders'"):
        metric("order")


def test_the_five_of_the_first_specification_exist():
    assert [METRICS[name].label for name in HEADLINES] == [
        "Revenue", "Orders", "Customers", "Average order value", "Satisfaction",
    ]  # fmt: skip
