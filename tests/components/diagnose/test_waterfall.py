"""The waterfall's bars hang together: each begins where the one before it ends, and the last ends at now."""

from __future__ import annotations

import numpy as np
import pytest

from components import theme
from components.diagnose.waterfall import Waterfall
from components.state import AppState
from engine.diagnose.factors import factors
from engine.metrics import Unit
from tests.components import shops


@pytest.fixture
def state() -> AppState:
    return AppState(snapshot=shops.shop(2000))


def drawn(view) -> dict[str, np.ndarray]:
    return {name: np.asarray(column) for name, column in view.chart.renderers["bars"].data_source.data.items()}


@pytest.mark.parametrize("name", ["revenue", "orders", "customers"])
def test_the_bars_lead_from_before_to_now(state, name):
    state.commit(metric=name)
    bridge = factors(state.snapshot(), state.selection(), name)
    shown = drawn(Waterfall(state))
    assert shown["end"][0] == bridge.comparison and shown["end"][-1] == bridge.value
    at = bridge.comparison
    for low, high, part in zip(shown["low"][1:-1], shown["high"][1:-1], bridge.parts, strict=True):
        assert sorted((at, at + part.contribution)) == pytest.approx([low, high])
        at += part.contribution
    assert at == pytest.approx(bridge.value)
    axis = Waterfall(state).chart.figure.x_range
    assert axis.start < np.nanmin(shown["low"]) and axis.end > np.nanmax(shown["high"])


def test_a_bar_is_red_where_it_is_not_welcome(state):
    colors = theme.palette(False)
    bridge = factors(state.snapshot(), state.selection(), "revenue")
    fills = drawn(Waterfall(state))["fill"][1:-1]
    want = [colors.good if part.contribution > 0 else colors.bad for part in bridge.parts]
    assert [f for f, p in zip(fills, bridge.parts, strict=True) if p.contribution] == [
        w for w, p in zip(want, bridge.parts, strict=True) if p.contribution
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metric": "satisfaction"}, "is no product of other figures"),
        ({"preset": "all"}, "no whole period to compare with"),
        ({"against": "none"}, "no comparison"),
    ],
)
def test_where_there_is_nothing_to_take_apart_a_sentence_says_why(state, changes, words):
    state.commit(**changes)
    view = Waterfall(state)
    assert words in view._heading.told()["message"] and not view.chart.figure.visible


@pytest.mark.parametrize(("value", "said"), [(1234.4, "+€1,234"), (-12.0, "−€12.00"), (0.0, "±€0.00"), (None, "–")])
def test_a_difference_has_its_sign(value, said):
    assert theme.signed(value, Unit.MONEY, "EUR") == said
