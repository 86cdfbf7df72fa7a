"""The correlation matrix against SciPy, and its certainty where a customer's orders are alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from engine.diagnose.drivers import correlation
from engine.diagnose.drivers.correlation import _pair, _Table
from engine.diagnose.drivers.quantities import SETTLED, Quantity
from tests.engine.diagnose.drivers.shops import shop, whole


@pytest.fixture(scope="module")
def found(demo):
    return correlation(demo, whole(demo))


def test_values_are_those_of_scipy(demo, found):
    orders = demo.orders(whole(demo))
    late = orders.facts["delivery_days"] - orders.facts["promised_days"]
    pair = found.pair("satisfaction", "days_late")
    assert pair.spearman.value == pytest.approx(spearmanr(orders.facts["satisfaction_score"], late).statistic)
    assert pair.pearson == pytest.approx(pearsonr(orders.facts["satisfaction_score"], late).statistic)
    assert pair.n == len(orders) and pair.of == "order"


def test_what_is_too_young_to_tell_does_not_count(demo, found):
    orders = demo.orders(whole(demo))
    settled = orders.days_seen >= SETTLED
    pair = found.pair("refunded", "satisfaction")
    assert pair.n == settled.sum() < len(orders)
    score, back = orders.facts["satisfaction_score"][settled], orders.refunded[settled]
    assert pair.spearman.value == pytest.approx(spearmanr(score, back).statistic)
    assert found.pair("repeat", "satisfaction").n == np.isfinite(orders.again_within(found.horizon)).sum()


def test_the_planted_relations_are_said_and_what_is_made_of_each_other_is_not(found):
    told = " ".join(found.sentences)
    assert "Delivery days and satisfaction go together clearly: more of the one, less of the other" in told
    assert "Satisfaction and coming back" in told
    assert found.pair("delivery_days", "days_late").kin and found.pair("orders", "repeat").kin
    assert "Delivery days and days later" not in told
    assert [p.spearman.value**2 for p in found.pairs] == sorted(
        (p.spearman.value**2 for p in found.pairs), reverse=True
    )


def test_a_mean_of_many_orders_is_not_taken_for_a_relation(found):
    """Of refunds that have nothing to do with how often someone buys, the ranks of customers' means rise with it."""
    for name in ("refunded", "discount_rate", "items"):
        assert abs(found.pair(name, "orders").spearman.value) < 0.06


def test_orders_of_one_customer_count_as_few(demo, found):
    """What is the same in all orders of a customer counts once, what differs by order counts each time."""
    same, own = found.pair("promised_days", "orders"), found.pair("satisfaction", "delivery_days")
    customers = len(np.unique(demo.orders(whole(demo)).customer))
    assert same.effective < customers and own.effective > 0.9 * own.n


def test_without_any_relation_few_pairs_are_significant_though_orders_are_alike(demo):
    """Scores and delivery days are each customer's own habit: with orders as observations half would be found."""
    who = demo.orders(whole(demo)).customer[:3_000]
    rng = np.random.default_rng(5)
    alone = wrong = 0
    for _ in range(100):
        score, days = rng.integers(1, 6, who.max() + 1)[who], rng.integers(1, 20, who.max() + 1)[who]
        table = _Table({"satisfaction": score.astype(float), "delivery_days": days.astype(float)}, who)
        pair = _pair(table, Quantity("satisfaction", "score"), Quantity("delivery_days", "days"))
        alone += spearmanr(score, days).pvalue < 0.05
        wrong += pair.spearman.holds
    assert alone > 20 and wrong <= 11


def test_shuffled_orders_show_no_relation(usual):
    lines, customers = usual
    rng = np.random.default_rng(2)
    mixed = {
        name: rng.permutation(lines[name])
        for name in ("delivery_days", "promised_days", "satisfaction_score", "quantity", "discount_units")
    }
    found = correlation(made := shop({**lines, **mixed}, customers), whole(made))
    names = {"delivery_days", "satisfaction", "items", "promised_days"}
    pairs = [p for p in found.pairs if {p.one, p.two} <= names and not p.kin]
    assert len(pairs) == 5 and not any(p.significant for p in pairs)


def test_missing_and_constant_columns_are_named_and_left_out(usual):
    lines, customers = usual
    bare = shop({**lines, "quantity": np.ones(len(lines["date"]))}, customers, without=("promised_days", "cost_units"))
    found = correlation(bare, whole(bare))
    assert found.left_out == ("items", "margin_rate", "promised_days", "days_late")
    assert found.notes == (
        "This shop does not know: margin rate, promised days, days later than promised.",
        "Items is the same, 1, in all orders.",
    )
    assert not {"items", "margin_rate"} & set(found.names)
