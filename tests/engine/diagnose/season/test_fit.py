"""The robust regression finds what made a series, and is not moved by what did not."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnose.season.design import Step, design
from engine.diagnose.season.fit import Noise, fit
from engine.diagnose.season.residual import scores
from engine.diagnose.season.shifts import expect

WEEKDAYS = np.array([1.08, 1.02, 0.96, 0.94, 0.86, 0.98, 1.16])
DAYS = 730
TIMES = np.datetime64("2024-01-01") + np.arange(DAYS)
ALL = np.ones(DAYS, bool)


def means(level: float, *, year: float = 0.2) -> np.ndarray:
    """(DAYS,) what is expected of a shop of so many orders a day."""
    day = np.arange(DAYS)
    return level * WEEKDAYS[day % 7] * np.exp(year * np.cos(2 * np.pi * day / 365.25)) * 1.16 ** (day / 365)


def test_the_means_that_made_the_counts_are_found():
    truth = np.column_stack([means(20), means(200)])
    found = fit(design(TIMES, ALL), np.random.default_rng(1).poisson(truth), known=ALL, noise=Noise(np.ones(2)))
    off = np.abs(found.expected / truth - 1).mean(axis=0)
    assert off[0] < 0.05 and off[1] < 0.025
    assert found.scores.std() == pytest.approx(1, abs=0.06)


def test_a_fifth_of_wild_days_hardly_moves_it():
    rng = np.random.default_rng(2)
    truth, counts = means(100), rng.poisson(means(100)).astype(float)
    wild = rng.choice(DAYS, DAYS // 20, replace=False)
    counts[wild] *= 4
    found = fit(design(TIMES, ALL), counts[:, None], known=ALL, noise=Noise(np.ones(1)))
    calm = np.setdiff1d(np.arange(DAYS), wild)
    assert found.expected[calm, 0].sum() == pytest.approx(truth[calm].sum(), rel=0.01)
    assert found.scores[wild, 0].min() > 6


def test_overdispersed_counts_get_the_noise_they_have():
    rng = np.random.default_rng(3)
    counts = rng.poisson(means(200) * rng.gamma(25, 1 / 25, DAYS))
    found = fit(design(TIMES, ALL), counts[:, None], known=ALL, noise=Noise(np.ones(1)))
    assert np.sqrt(found.variance).mean() / found.expected.mean() == pytest.approx(np.sqrt(1 / 25 + 1 / 210), rel=0.12)


def test_counts_never_have_less_noise_than_poisson_counts():
    found = fit(design(TIMES, ALL), np.full((DAYS, 1), 50.0), known=ALL, noise=Noise(np.ones(1)))
    assert (found.variance >= 0.99 * found.expected).all()


def test_a_missing_day_is_not_a_day_without_sales():
    counts = np.random.default_rng(4).poisson(means(50)).astype(float)
    gone = counts.copy()
    gone[300:330] = np.nan
    found = fit(design(TIMES, ALL), gone[:, None], known=ALL, noise=Noise(np.ones(1)))
    assert np.isnan(found.scores[300:330]).all()
    assert found.expected[300:330, 0].mean() == pytest.approx(means(50)[300:330].mean(), rel=0.08)


def test_a_day_without_exposure_tells_nothing_of_values_that_add():
    rng = np.random.default_rng(6)
    exposure = np.full((DAYS, 1), 40.0)
    exposure[::9] = 0.0
    totals = rng.normal(0.3 * exposure, 2.0) * (exposure > 0)
    found = fit(design(TIMES, ALL), totals, known=ALL, exposure=exposure, noise=Noise(np.zeros(1)), is_log=False)
    open_days = exposure[:, 0] > 0
    assert (found.expected[open_days] / exposure[open_days]).mean() == pytest.approx(0.3, abs=0.01)
    assert np.isnan(found.scores[~open_days]).all() and np.isfinite(found.scores[open_days]).all()


def test_the_year_needs_a_year_and_a_half():
    assert design(TIMES, ALL).has_year
    assert not design(TIMES[:500], ALL[:500]).has_year
    assert design(TIMES[:600], ALL[:600]).has_year


def test_a_holiday_seen_once_is_no_factor():
    assert "Black Friday" in design(TIMES, ALL).holidays
    assert "Black Friday" not in design(TIMES, ALL & (np.datetime64("2025-11-01") > TIMES)).holidays


def test_a_shift_of_level_is_found_to_the_day_and_none_where_there_is_none():
    rng = np.random.default_rng(5)
    shifted = means(100, year=0)
    shifted[400:] *= 0.7
    counts = rng.poisson(np.column_stack([shifted] + [means(level) for level in (3, 10, 30, 100, 300)]))
    found = expect(design(TIMES, ALL), counts, known=ALL, exposure=None, noise=Noise(np.ones(6)))
    (one,), *others = found.shifts
    assert abs(one.at - 400) <= 2 and one.score < -5
    assert others == [()] * 5
    assert found.before_shift[450, 0] / found.fit.expected[450, 0] == pytest.approx(1 / 0.7, rel=0.08)


def test_hours_have_a_day_and_a_week():
    times = np.datetime64("2025-01-06T00:00:00") + np.arange(24 * 60) * np.timedelta64(3600, "s")
    hour, weekday = np.arange(len(times)) % 24, np.arange(len(times)) // 24 % 7
    truth = 30 * (1 + 0.5 * np.sin(hour / 24 * 2 * np.pi)) * (1 + 0.4 * (weekday >= 5))
    known = np.ones(len(times), bool)
    counts = np.random.default_rng(6).poisson(truth)
    found = fit(design(times, known, step=Step.HOUR), counts[:, None], known=known, noise=Noise(np.ones(1)))
    assert np.abs(found.expected[:, 0] / truth - 1).mean() < 0.06


def test_scores_of_counts_are_those_of_exact_poisson_tails():
    from scipy.stats import norm, poisson

    for mean, count in ((2, 8), (5, 14), (5, 0), (20, 4), (20, 40), (200, 130)):
        below, above = poisson.cdf(count, mean), poisson.sf(count - 1, mean)
        middle = poisson.pmf(count, mean) / 2
        exact = -norm.isf(below - middle) if count < mean else norm.isf(above - middle)
        found = float(scores(np.array(float(count)), np.array(float(mean)), np.array(float(mean))))
        assert found == pytest.approx(exact, abs=0.4 if count == 0 else 0.12)


def test_less_than_expected_is_never_a_surplus():
    mean = np.geomspace(0.01, 100, 60)[:, None]
    actual = mean * np.linspace(0, 0.999, 25)
    assert (scores(actual, np.broadcast_to(mean, actual.shape), np.broadcast_to(3 * mean, actual.shape)) <= 0).all()
