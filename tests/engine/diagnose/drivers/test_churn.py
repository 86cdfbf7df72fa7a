"""Churn factors: against statsmodels, without a look into the future, and a refusal where too little is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from engine.diagnose.drivers import churn
from engine.diagnose.drivers.churn import _columns, _factors
from engine.diagnose.drivers.people import cuts_of, people_at
from engine.diagnose.drivers.regress import odds_ratios
from engine.diagnose.drivers.sample import horizon_of
from engine.errors import EngineError, MissingColumn
from engine.selection import Selection
from tests.engine.diagnose.drivers.shops import columns, shop, whole


@pytest.fixture(scope="module")
def people(demo):
    horizon = horizon_of(demo)
    return people_at(demo, whole(demo), cuts_of(demo, whole(demo), horizon), horizon)


def test_labels_and_figures_equal_pandas(demo, usual, people):
    names = ("kind", "customer_id", "date", "satisfaction_score", "delivery_days")
    lines = pd.DataFrame({name: usual[0][name] for name in names})
    sales = lines[lines.kind == "sale"].assign(day=lines.date.dt.floor("D"))
    cut = pd.Timestamp(cuts_of(demo, whole(demo), 90)[2])
    before, quarter = sales[sales.day < cut], pd.Timedelta(days=90)
    recent = before[before.day >= cut - quarter]
    back = sales[(sales.day >= cut) & (sales.day < cut + quarter)].customer_id.unique()
    at = people.cut == 2
    assert at.sum() == recent.customer_id.nunique() > 500
    known = sales.sort_values("date", kind="stable").customer_id.to_numpy()
    named = dict(zip(demo.orders(whole(demo)).customer.tolist(), known.tolist(), strict=True))
    active = np.array([named[code] for code in people.customer[at].tolist()])
    assert set(active) == set(recent.customer_id)
    assert (people.gone[at] == ~np.isin(active, back)).all()
    counts = before.groupby("customer_id").size().reindex(active)
    np.testing.assert_allclose(people.numbers["orders"][at], np.log2(counts))
    arrived = recent[recent.day + pd.to_timedelta(recent.delivery_days, unit="D") < cut]
    scores = arrived.groupby("customer_id").satisfaction_score.mean().reindex(active)
    np.testing.assert_allclose(people.numbers["satisfaction"][at], scores)


def test_odds_are_those_of_a_statsmodels_formula(demo, people):
    numbers = {name: np.where(np.isfinite(v), v, np.nanmean(v)) for name, v in people.numbers.items()}
    frame = pd.DataFrame(numbers)
    for name, codes in people.choices.items():
        frame[name] = np.array(people.labels[name])[codes]
    frame["gone"], frame["at"], frame["who"] = people.gone.astype(float), people.cut, people.customer
    words = " + ".join([*numbers, *people.choices, "C(at)"])
    theirs = smf.logit(f"gone ~ {words}", frame).fit(disp=0, cov_type="cluster", cov_kwds={"groups": frame.who})
    ours = {factor.name: factor.odds for factor in churn(demo, whole(demo)).factors}
    for name in numbers:
        assert ours[name].value == pytest.approx(np.exp(theirs.params[name]), rel=1e-3)
        interval = tuple(np.exp(theirs.conf_int().loc[name]))
        assert (ours[name].low, ours[name].high) == pytest.approx(interval, rel=2e-3)


def test_unhappy_customers_stay_away_and_only_planted_figures_are_named(demo):
    found = churn(demo, whole(demo))
    factors = {factor.name: factor for factor in found.factors}
    assert factors["satisfaction"].significant and factors["satisfaction"].odds.high < 0.7
    assert not factors["delivery"].significant and not factors["refunded"].significant
    assert "lower for each further point of recent satisfaction" in " ".join(found.sentences)
    assert "recency" not in factors


def test_nothing_after_a_cut_is_in_its_figures(usual):
    """Without the lines from the latest cut on, its customers' figures are the same to the bit."""
    lines, customers = usual
    full = shop(lines, customers)
    cut = date(2025, 10, 3)
    early = lines["date"].astype("datetime64[D]") < np.datetime64(cut)
    # One sale on the last day keeps the calendar; it is a stranger's.
    kept = {name: np.append(values[early], values[-1:]) for name, values in lines.items()}
    kept["customer_id"][-1], kept["order_id"][-1], kept["kind"][-1] = "C00000", "none", "cancelled"
    one, two = (people_at(s, whole(s), (cut,), 90) for s in (full, shop(kept, customers)))
    assert len(one) == len(two) > 500 and two.gone.all() and not one.gone.all()
    for name, values in one.numbers.items():
        np.testing.assert_array_equal(values, two.numbers[name])


def test_shuffled_labels_have_no_factor(demo, people):
    rng = np.random.default_rng(6)
    wrong = 0
    for _ in range(20):
        mixed = replace(people, gone=rng.permutation(people.gone))
        table = _columns(mixed, [])
        fit = odds_ratios(
            np.column_stack([np.ones(len(mixed)), table.columns]), mixed.gone.astype(float), mixed.customer
        )
        wrong += any(factor.significant for factor in _factors(demo, mixed, table, fit))
    assert wrong <= 4


def test_a_window_in_the_past_asks_about_its_own_end(demo):
    past = Selection.of(date(2024, 1, 1), date(2025, 3, 31))
    assert churn(demo, past).cuts[0] == date(2025, 4, 1)
    late = churn(demo, whole(demo)).cuts
    assert late[0] + timedelta(days=90) == demo.last_day + timedelta(days=1)


def test_refusals_say_what_is_lacking(usual):
    lines, customers = usual
    few, people = columns(300)
    with pytest.raises(EngineError, match=r"need 100 customers; \d+ had bought .* more weeks"):
        churn(small := shop(few, people), whole(small))
    with pytest.raises(MissingColumn, match="customer_id"):
        churn(nobody := shop(lines, without=("customer_id",)), whole(nobody))
    with pytest.raises(EngineError, match="0 were followed by another order .* 40 of each are needed"):
        churn(once := shop({**lines, "customer_id": np.arange(len(lines["date"]))}), whole(once))
    full = shop(lines, customers)
    with pytest.raises(EngineError, match="choose a last day from 30 Mar 2024 on"):
        churn(full, Selection.of(date(2024, 1, 1), date(2024, 2, 1)))
