"""Sentences write figures as the pages do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components import theme
from engine import words
from engine.metrics import Unit

CURRENCIES = (None, "XYZ", *words.SYMBOLS, *words.WHOLE_COINS)


@given(st.floats(-999.4, 999.4), st.sampled_from(list(Unit)), st.sampled_from(CURRENCIES))
def test_a_value_is_written_as_in_a_table(value, unit, currency):
    exact = unit is not Unit.RATE
    assert words.amount(value, unit, currency) == theme.number(value, unit, currency, exact=exact)


@given(st.integers(1_000, 10**12), st.sampled_from([-1, 1]), st.sampled_from(CURRENCIES))
def test_large_money_goes_without_its_coins(value, sign, currency):
    table = theme.number(sign * value, Unit.MONEY, currency, exact=True)
    assert words.amount(sign * value, Unit.MONEY, currency) == table.removesuffix(".00")


@given(st.floats(-1, 200))
def test_a_relative_change_is_written_as_on_a_card(value):
    shown = theme.change(value)
    assert words.percent(value) == ("0.0%" if shown == "±0%" else shown.lstrip("+−"))


def test_signs_points_and_lists():
    assert words.difference(-0.0123, Unit.RATE) == "−1.2 points" and words.points(0.01) == "1.0 point"
    assert words.difference(18_204.4, Unit.MONEY, "EUR") == "+€18,204"
    assert words.difference(0.0, Unit.COUNT) == "0"
    assert words.listed(["A"]) == "A" and words.listed(["A", "B", "C"]) == "A, B and C"
