"""The regressions against statsmodels on the same rows."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from engine.diagnose.drivers.design import beside, design, last
from engine.diagnose.drivers.regress import least_squares, odds_ratios, products, risk_ratios


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 300, 2_000)
    mood = rng.normal(size=300)[groups]
    x = np.column_stack([np.ones(2_000), rng.normal(size=(2_000, 3)), mood + rng.normal(size=2_000)])
    y = x @ [0.5, 1.0, -0.3, 0.0, 0.2] + mood + rng.normal(size=2_000)
    return x, y, groups


def clustered(groups):
    return {"cov_type": "cluster", "cov_kwds": {"groups": groups}}


def check(ours, theirs):
    np.testing.assert_allclose(ours.value, theirs.params, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours.covariance, theirs.cov_params(), rtol=1e-6, atol=1e-12)


def test_least_squares_are_those_of_statsmodels(rows):
    x, y, groups = rows
    check(least_squares(x, y, groups), sm.OLS(y, x).fit(**clustered(groups)))


def test_risk_ratios_are_those_of_statsmodels(rows):
    x, y, groups = rows
    again = (y > 0).astype(float)
    theirs = sm.GLM(again, x, family=sm.families.Poisson()).fit(tol=1e-12, **clustered(groups))
    check(risk_ratios(x, again, groups), theirs)


def test_odds_ratios_are_those_of_statsmodels(rows):
    x, y, groups = rows
    gone = (y > 0).astype(float)
    check(odds_ratios(x, gone, groups), sm.Logit(gone, x).fit(disp=0, tol=1e-12, **clustered(groups)))


def test_intervals_and_joint_tests_are_those_of_statsmodels(rows):
    x, y, groups = rows
    ours, theirs = least_squares(x, y, groups), sm.OLS(y, x).fit(**clustered(groups))
    low, high = theirs.conf_int()[2]
    # Theirs are normal, ours Student's t with 295 degrees of freedom.
    assert (ours.effect(2).low, ours.effect(2).high) == pytest.approx((low, high), abs=2e-3)
    joint = theirs.f_test(np.eye(5)[[2, 3]])
    assert ours.differs(np.eye(5)[[2, 3]]) == pytest.approx(float(joint.pvalue), rel=0.02)


def test_a_column_that_tells_the_answer_is_refused(rows):
    x, y, groups = rows
    gone = (y > 0).astype(float)
    with pytest.raises(ArithmeticError):
        odds_ratios(np.column_stack([np.ones(len(y)), gone - gone.mean()]), gone, groups)


def test_products_do_not_depend_on_how_many_rows_are_taken_at_once(monkeypatch, rows):
    x = rows[0]
    monkeypatch.setattr("engine.diagnose.drivers.regress.UNSHARED", 700)
    np.testing.assert_allclose(products(x, x), x.T @ x)


def test_columns_told_by_others_are_left_out():
    a, b = np.arange(10.0), np.arange(10.0) ** 2
    found = design({("a", ""): a, ("b", ""): b, ("both", ""): 2 * a - b, ("same", ""): np.ones(10)}, 10)
    assert found.names == (("a", ""), ("b", ""))
    np.testing.assert_allclose(found.columns.mean(axis=0), 0, atol=1e-12)
    with pytest.raises(ArithmeticError):
        last(found, a + b)
    marks = np.column_stack([a < 5, a >= 5]).astype(float)
    assert beside(marks, design({("late", ""): a >= 5}, 10)).shape == (10, 2)
