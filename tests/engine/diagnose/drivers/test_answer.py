"""The whole answer: every part or the sentence why not, on any shop."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnose.drivers import drivers
from engine.diagnose.drivers.sample import sample_of
from engine.errors import EngineError
from engine.metrics import Unit
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.words import amount
from tests.engine.diagnose.drivers.shops import columns, shop, whole
from tests.engine.snapshot.shops import make, snapshot


@pytest.fixture(scope="module")
def found(demo):
    return drivers(demo, whole(demo))


def numbers(value) -> list[float]:
    """All numbers of a frozen answer; dates as their parts."""
    if is_dataclass(value):
        return [n for field in fields(value) if field.name != "sentences" for n in numbers(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [float(len(value)), *(n for part in value for n in numbers(part))]
    if isinstance(value, date):
        return [float(value.year), float(value.month), float(value.day)]
    return [float(value)] if isinstance(value, int | float) else []


def test_all_parts_of_the_demo_shop_are_answered(found):
    assert found.dose and found.satisfaction and found.churn and found.correlation and found.note is None
    assert found.horizon == found.churn.horizon == found.dose.loyalty.horizon == 90


def test_no_sentence_has_a_number_that_is_not_in_the_answer(found):
    known = np.array(numbers(found))
    rates = [n for n in known if abs(n) <= 1]
    worst = sum(c.share for c in found.satisfaction.counts[:2])
    known = np.concatenate([known, 100 * np.array([*rates, worst, found.satisfaction.late.share])])
    known = np.append(known, 100 * found.churn.gone / found.churn.rows)
    for sentence in found.sentences:
        for text in re.findall(r"(?<![\w.])[−+]?\d[\d,]*\.?\d*", sentence.replace("€", "")):
            text = text.rstrip(".").replace("−", "-").replace(",", "")
            told, digits = float(text), len(text.partition(".")[2])
            if sentence.startswith("The mean score") and told in (1, 2, 5):
                continue
            assert (np.abs(known - told) <= 0.5000001 * 10.0**-digits).any(), (text, sentence)


def test_money_and_signs_are_written_as_everywhere_else(found):
    told = " ".join(found.sentences)
    assert f"worth {amount(found.dose.chain.revenue.value, Unit.MONEY, 'EUR')} (" in told
    assert re.search(r"−0\.\d", told) and not re.search(r"-\d| EUR", told)


def test_the_answer_is_plain_and_remembered(demo, found):
    assert drivers(demo, whole(demo)) is found
    assert np.isfinite(numbers(found)).all()


def test_a_shop_with_nothing_but_dates_and_money_says_what_it_lacks():
    lines, _ = columns(500)
    bare = Snapshot.from_columns({name: lines[name] for name in ("date", "order_id", "kind", "revenue_units")})
    found = drivers(bare, whole(bare))
    assert found.dose is None and found.satisfaction is None and found.churn is None
    told = dict(found.missing)
    assert "delivery_days" in told["dose"] or "satisfaction_score" in told["dose"]
    assert "satisfaction_score" in told["satisfaction"] and "customer_id" in told["churn"]
    assert "This shop does not know: items, " in told["correlation"]


def test_an_empty_shop_is_told_so():
    empty = Snapshot.from_columns({"date": np.array([], "datetime64[s]")})
    with pytest.raises(EngineError, match="no data yet"):
        drivers(empty, Selection.of(date(2025, 1, 1), date(2025, 1, 2)))


def test_days_without_orders_are_no_fault(demo):
    found = drivers(demo, Selection.of(date(2031, 1, 1), date(2031, 2, 1)))
    assert found.orders == 0 and found.satisfaction is None and found.correlation.pairs == ()
    early = drivers(demo, Selection.of(date(2020, 1, 1), date(2020, 2, 1)))
    assert early.orders == 0 and early.dose is None and early.churn is None


def test_only_some_customers_of_a_very_large_shop_are_looked_at(demo):
    orders, some = demo.orders(whole(demo)), sample_of(demo, whole(demo), 3_000)
    assert len(some) == pytest.approx(3_000, rel=0.15)
    kept = np.unique(some.customer)
    assert np.isin(orders.customer, kept).sum() == len(some), "customers are whole"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 400), tidy=st.booleans(), days=st.integers(1, 300))
def test_any_small_shop_gets_an_answer(seed, rows, tidy, days):
    made = snapshot(make(seed, rows, days=days, tidy=tidy))
    found = drivers(made, whole(made))
    assert np.isfinite(numbers(found)).all()
    parts = {"dose": found.dose, "satisfaction": found.satisfaction, "churn": found.churn}
    for name, part in parts.items():
        assert part is not None or name in dict(found.missing)


def test_shops_that_lack_one_column_still_get_the_rest():
    lines, customers = columns(6_000)
    for name in ("quantity", "discount_units", "promised_days", "region"):
        bare = shop(lines, customers, without=(name,))
        found = drivers(bare, whole(bare))
        assert found.dose.loyalty and found.satisfaction and found.churn and found.correlation.pairs
