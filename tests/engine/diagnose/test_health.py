"""Faults that were planted are named with their days and place; clean shops are not accused."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.health import CHECKS, all_problems, problems
from engine.diagnose.health.gaps import is_feast
from engine.metrics import Unit
from engine.selection import Against, Selection
from engine.snapshot import Snapshot
from engine.store import Store
from engine.words import amount
from tests.components import shops as odd
from tests.engine.diagnose import clean, faulty
from tests.engine.diagnose.clean import CLEAN
from tests.engine.diagnose.faulty import FAULTS
from tests.engine.snapshot import shops

# Not looked at while the checks were made.
SEED = 1001
TEXTS = ("order_id", "customer_id", "region", "channel", "payment_method", "product", "category")


def faults_of(columns) -> list:
    return [problem for problem in all_problems(clean.snapshot(columns)) if problem.is_fault]


class TestPlanted:
    def test_at_least_nineteen_of_twenty_are_caught_with_kind_days_and_place(self):
        missed = [name for name, make in FAULTS.items() if not _is_caught(*make(SEED))]
        assert len(FAULTS) >= 20 and len(missed) <= len(FAULTS) / 20, missed

    def test_the_planted_kinds_are_all_that_the_checks_know(self):
        kinds = {make(SEED)[1].kind for name, make in FAULTS.items() if "demo" not in name}
        assert len(kinds) == len(CHECKS) - 1, "every check but that of the imports has a planted fault"

    @pytest.mark.parametrize("name", CLEAN)
    def test_no_clean_shop_is_accused(self, name):
        assert [problem.sentence for problem in faults_of(CLEAN[name](SEED))] == []

    def test_rows_and_money_of_copies_are_those_that_were_copied(self):
        whole = clean.plain(SEED, clean.Shape())
        inside = faulty.within(whole, 100, 107)
        (found,) = faults_of(faulty.twice(whole, inside))
        assert found.rows == inside.sum()
        assert found.money == pytest.approx(whole["revenue"][inside].sum())
        assert f"{found.rows:,} orders" in found.sentence and found.blocks_cause
        assert f" with {amount(found.money, Unit.MONEY, 'EUR')} counted twice" in found.sentence

    def test_a_gap_is_worth_what_its_days_usually_bring(self):
        whole = clean.plain(SEED, clean.Shape())
        inside = faulty.within(whole, 300, 307)
        (found,) = faults_of(clean.without(whole, ~inside))
        assert found.rows == pytest.approx(inside.sum(), rel=0.2)
        assert found.money == pytest.approx(whole["revenue"][inside].sum(), rel=0.25)


def _is_caught(columns, fault) -> bool:
    return faulty.is_caught(faults_of(columns), fault)


@pytest.fixture(scope="module")
def shop():
    """The plain shop whose Eastern buyers were lost in November 2023, and whose last day ends at 11."""
    columns = clean.plain(SEED, clean.Shape())
    day = clean.days_of(columns)
    lost = (columns["region"] == "East") & (day >= 303) & (day < 333)
    cut = (day == day.max()) & (columns["date"].astype("datetime64[h]").astype(int) % 24 >= 11)
    return clean.snapshot(clean.without(columns, ~(lost | cut)))


class TestAsked:
    def ask(self, shop, first, last, metric=None, against=Against.NONE, **filters):
        selection = Selection.of(first, last, filters, against)
        return {p.kind: p for p in problems(shop, selection, metric=metric) if p.is_fault}

    def test_what_is_in_the_window_comes_first_and_blocks(self, shop):
        found = self.ask(shop, date(2023, 11, 1), date(2023, 11, 30))
        assert [p.touches for p in found.values()] == [True, False]
        assert found["source"].blocks_cause and not found["partial"].blocks_cause

    def test_the_comparison_counts_too(self, shop):
        found = self.ask(shop, date(2023, 12, 1), date(2023, 12, 31), against=Against.PREVIOUS)
        assert found["source"].touches and found["source"].blocks_cause

    def test_a_source_that_is_filtered_out_does_not_matter(self, shop):
        days = date(2023, 11, 1), date(2023, 11, 30)
        assert not self.ask(shop, *days, region=["West"])["source"].touches
        assert self.ask(shop, *days, region=["West", "East"])["source"].touches

    def test_a_cut_last_day_blocks_its_week_and_not_its_year(self, shop):
        last = shop.last_day
        week = self.ask(shop, last - timedelta(days=6), last)["partial"]
        year = self.ask(shop, last - timedelta(days=364), last)["partial"]
        assert week.touches and week.blocks_cause
        assert year.touches and not year.blocks_cause

    def test_a_column_that_is_empty_spoils_only_its_own_metrics(self):
        columns, _ = FAULTS["scores no longer given"](SEED)
        shop = clean.snapshot(columns)
        days = date(2025, 12, 1), date(2025, 12, 31)
        assert self.ask(shop, *days, metric="satisfaction")["missing"].blocks_cause
        assert not self.ask(shop, *days, metric="revenue")["missing"].touches

    def test_the_same_question_is_answered_once(self, shop):
        assert all_problems(shop) is all_problems(shop)


class TestOdd:
    @pytest.mark.parametrize("make", [odd.empty, odd.one_row, odd.one_day, odd.bare, odd.shop])
    def test_a_shop_with_hardly_anything_is_answered(self, make):
        assert [p for p in all_problems(make()) if p.is_fault] == []

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10_000), st.integers(1, 300), st.booleans())
    def test_any_shop_gets_plain_finite_values(self, seed, rows, tidy):
        shop = shops.snapshot(shops.make(seed, rows, tidy=tidy))
        for problem in all_problems(shop):
            assert problem.rows >= 0 and math.isfinite(problem.score) and type(problem.rows) is int
            assert problem.money is None or math.isfinite(problem.money)
            assert problem.sentence.endswith(".") and "nan" not in problem.sentence
            assert problem.days.start >= shop.first_day and problem.days.last <= shop.last_day

    def test_public_holidays_are_those_of_england_in_2011(self):
        """gov.uk lists eight; the ninth, 29 April, was a royal wedding."""
        holidays = ("01-03", "04-22", "04-25", "05-02", "05-30", "08-29", "12-26", "12-27")
        named = [date.fromisoformat(f"2011-{day}") for day in holidays]
        # Substitute days (3 January, 27 December) lie at the turn of the year, which has a rule of its own.
        assert [d for d in named if not is_feast(d)] == [date(2011, 1, 3), date(2011, 12, 27)]
        assert not is_feast(date(2011, 6, 15))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """The plain shop with a week taken twice, a week for nothing, and orders of next month."""
    whole = clean.plain(SEED, clean.Shape(days=300))
    columns = faulty.twice(whole, faulty.within(whole, 100, 107))
    columns = faulty.changed(columns, faulty.within(columns, 200, 207), revenue=0)
    ahead = datetime.now(UTC).date() - date(2023, 1, 2) - timedelta(days=270)
    columns["date"] = columns["date"] + np.timedelta64(ahead.days, "D")
    store = Store.create(tmp_path_factory.mktemp("health") / "shop.db")
    with store.writer() as writer, writer.load("a", "test", sha256="0" * 64, currency="EUR") as load:
        load.put_lines(*_stored(columns))
        load.publish({})
    return store


class TestStored:
    def test_examples_are_rows_of_the_database(self, store):
        found = {p.kind: p for p in all_problems(Snapshot.from_store(store), store)}
        assert set(found) >= {"duplicates", "price", "dates"}
        for kind in ("duplicates", "price", "dates"):
            examples, days = found[kind].examples, found[kind].days
            assert len(examples) == 5
            for one in examples:
                sql = "SELECT amount FROM transactions WHERE order_id = ? AND date = ?"
                assert {row["amount"] for row in store.query(sql, [one.order_id, one.date])} == {one.amount}
                assert days.start <= date.fromisoformat(one.date[:10]) <= days.last
        assert {one.amount for one in found["price"].examples} == {0.0}
        first, second = found["duplicates"].examples[:2]
        assert (first.date, first.amount) == (second.date, second.amount) and first.order_id != second.order_id

    def test_orders_after_the_day_of_the_import_are_told(self, store):
        (found,) = [p for p in all_problems(Snapshot.from_store(store), store) if p.kind == "dates"]
        today = datetime.now(UTC).date()
        (row,) = store.query("SELECT count(*) AS n FROM transactions WHERE date >= ?", [str(today + timedelta(days=2))])
        assert found.rows == row["n"] > 0 and "after the day of the import" in found.sentence

    def test_without_the_store_there_are_no_examples(self, store):
        assert not any(p.examples for p in all_problems(Snapshot.from_store(store)))


def _stored(columns) -> tuple[tuple[str, ...], list[tuple]]:
    units = np.rint(columns["revenue"] * 10_000).astype(int).tolist()
    count = len(units)
    values = {
        "transaction_id": [f"t{i}" for i in range(count)],
        "date": [str(moment).replace("T", " ") for moment in columns["date"]],
        "kind": ["sale"] * count,
        "amount_units": units,
        "revenue_units": units,
        "quantity": columns["quantity"].astype(int).tolist(),
    }
    values |= {name: columns[name].tolist() for name in TEXTS}
    return tuple(values), list(zip(*values.values(), strict=True))


class TestRealShops:
    def test_online_retail_has_a_cut_last_day_an_unfinished_month_and_nothing_else(self, data_folder):
        (path,) = (data_folder / "online_retail").glob("*.parquet")
        frame = pd.read_parquet(path)
        found = all_problems(Snapshot.from_columns(_online_retail(frame), currency="GBP"))
        day, month = found
        assert (day.kind, day.days.start, day.days.days, day.is_fault) == ("partial", date(2011, 12, 9), 1, True)
        assert (month.kind, month.is_fault, month.days.start) == ("partial", False, date(2011, 12, 1))
        assert "day 9 of 31" in month.sentence

    def test_olist_has_unfinished_months_and_no_fault(self, data_folder):
        folder = data_folder / "olist"
        orders = pd.read_csv(next((folder / "linked_sample").glob("olist_orders_dataset*")))
        items = pd.read_csv(folder / "olist_order_items_dataset.csv.gz").merge(orders, on="order_id")
        columns = {
            "date": items["order_purchase_timestamp"].to_numpy("datetime64[s]"),
            "order_id": items["order_id"].to_numpy(),
            "product": items["product_id"].to_numpy(),
            "revenue": items["price"].to_numpy(),
        }
        assert [p.sentence for p in all_problems(Snapshot.from_columns(columns)) if p.is_fault] == []


def _online_retail(frame: pd.DataFrame) -> dict:
    names = {name.lower().replace(" ", "").replace("_", ""): name for name in frame}
    column = {ours: frame[names[theirs]] for ours, theirs in _THEIRS.items()}
    order = column["order_id"].astype(str)
    sold = ~order.str.startswith("C") & (column["quantity"] > 0)
    customer = pd.to_numeric(column["customer_id"], errors="coerce").astype("Int64").astype("string").fillna("")
    return {
        "date": column["date"].to_numpy("datetime64[s]"),
        "kind": np.where(sold, "sale", "refund"),
        "order_id": order.to_numpy(),
        "customer_id": customer.to_numpy(object),
        "product": _coded(column["product"]),
        "region": _coded(column["region"]),
        "quantity": column["quantity"].to_numpy(float),
        "revenue": np.where(sold, column["quantity"] * column["price"].clip(lower=0), np.nan),
    }


def _coded(values: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    codes, labels = pd.factorize(values.astype("string"))
    return codes, tuple(labels)


_THEIRS = {
    "date": "invoicedate",
    "order_id": "invoiceno",
    "customer_id": "customerid",
    "product": "stockcode",
    "region": "country",
    "quantity": "quantity",
    "price": "unitprice",
}
