"""The cards and charts of what moves customers say what the engine found, and what it could not."""

from __future__ import annotations

import numpy as np
import pytest

from components.diagnose.driver_cards import ChainCard, ChurnCard, CorrelationCard, SatisfactionCard
from components.diagnose.driver_charts import DeliveryDose, LoyaltyDose
from components.state import AppState
from engine.diagnose.drivers import drivers
from tests.components import shops


@pytest.fixture(scope="module")
def state(shop_db) -> AppState:
    return AppState(path=shop_db, preset="last-12-months")


@pytest.fixture(scope="module")
def found(state):
    return drivers(state.snapshot(), state.selection())


def told(view) -> dict:
    return view._island.told()


@pytest.mark.parametrize(
    ("card", "part"), [(ChainCard, "dose"), (SatisfactionCard, "satisfaction"), (ChurnCard, "churn"),
                       (CorrelationCard, "correlation")],
)  # fmt: skip
def test_a_card_says_the_engines_sentences(state, found, card, part):
    assert told(card(state))["sentences"] == list(getattr(found, part).sentences)


def test_odds_are_drawn_on_one_axis_and_quiet_where_they_are_chance(state, found):
    rows = told(ChurnCard(state))["rows"]
    assert [row["said"] for row in rows] == [f"{f.odds.value:.2f}" for f in found.churn.factors[: len(rows)]]
    assert [row["quiet"] for row in rows] == [f.q > 0.05 for f in found.churn.factors[: len(rows)]]
    for row in rows:
        left, width, mid = (float(row[name].rstrip("%")) for name in ("left", "width", "mid"))
        assert left - 0.01 <= mid <= left + width + 0.01 <= 100.1


def test_the_matrix_has_each_pair_once(state, found):
    said = told(CorrelationCard(state))
    names = found.correlation.names
    assert [len(row["cells"]) for row in said["rows"]] == list(range(1, len(names)))
    pair = found.correlation.pair("delivery_days", "satisfaction")
    cell = said["rows"][names.index("satisfaction") - 1]["cells"][names.index("delivery_days")]
    assert cell["said"] == f"{pair.spearman.value:+.2f}".replace("-", "−") and not cell["quiet"]


def test_the_charts_draw_the_adjusted_means(state, found):
    points = DeliveryDose(state).chart.renderers["points"].data_source.data
    days = found.dose.slope.by_day
    np.testing.assert_array_equal(points["dose"], [day.first for day in days])
    np.testing.assert_array_equal(points["mean"], [day.score.value for day in days])
    shares = LoyaltyDose(state).chart.renderers["points"].data_source.data
    np.testing.assert_array_equal(shares["mean"], [rate.rate.value for rate in found.dose.loyalty.by_score])


@pytest.mark.parametrize("view", [ChainCard, SatisfactionCard, ChurnCard])
def test_a_shop_that_does_not_know_says_so(view):
    state = AppState(snapshot=shops.bare(), preset="last-90-days")
    assert told(view(state))["message"]


def test_a_chart_that_cannot_be_drawn_says_so():
    view = DeliveryDose(AppState(snapshot=shops.bare(), preset="last-90-days"))
    assert "cannot be told" in view._heading.told()["message"] and not view.chart.figure.visible
