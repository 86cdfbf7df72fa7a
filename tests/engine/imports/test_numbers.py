"""Figures: exact to the ten-thousandth, in the writing of any country, and never on a guess."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.imports import numbers

units = st.integers(-(10**12), 10**12)


def grouped(value: int, group: str, decimal: str) -> str:
    whole, rest = divmod(abs(value), 10_000)
    return f"{'-' if value < 0 else ''}{whole:,}".replace(",", group) + f"{decimal}{rest:04d}"


@settings(deadline=None)
@given(
    st.lists(units, min_size=1, max_size=30),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")]),
)
def test_figures_come_back_exactly_in_any_writing(values, signs):
    group, decimal = signs
    text = pa.array([grouped(v, group, decimal) for v in values])
    assert numbers.evidence(text).decimal == decimal
    found = numbers.read(text, decimal)
    assert found.units.tolist() == values
    assert found.present.all() and not found.bad.any() and not found.finer


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("0.5", "."),
        ("12,50", ","),
        ("1,234.5", "."),
        ("1.234.567", ","),
        ("1,234,567", "."),
        ("0,125", ","),
        ("1234.567", "."),
    ],
)
def test_what_proves_a_decimal_sign(text, decimal):
    assert numbers.evidence(pa.array([text])).decimal == decimal


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "999,999", "£1.234"])
def test_what_proves_nothing(text):
    found = numbers.evidence(pa.array([text]))
    assert (found.decimal, found.unproven) == (None, text)
    with pytest.raises(numbers.DecimalUndecided):
        numbers.read(pa.array([text]), None)


def test_both_signs_at_once_are_mixed():
    assert numbers.evidence(pa.array(["1.50", "1,50"])).mixed


@pytest.mark.parametrize(
    "text", ["1e308", "inf", "-inf", "1.2.3", "1,2,3", "12 EUR each", "#DIV/0!", "1O", "--5", "5%", "0x10"]
)
def test_what_is_no_figure(text):
    found = numbers.read(pa.array([text]), ".")
    assert found.bad.tolist() == [True]
    assert not found.present.any()


@pytest.mark.parametrize("text", ["", "NaN", "null", "None", "N/A", "-"])
def test_what_is_no_figure_on_purpose(text):
    found = numbers.read(pa.array([text]), ".")
    assert not found.bad.any() and not found.present.any()


def test_more_than_four_decimals_stay_exact_beside_their_rounding():
    found = numbers.read(pa.array(["0.123456", "2.5"]), ".")
    assert found.finer == {0: Decimal("0.123456")}
    assert found.units.tolist() == [1235, 25_000]
    np.testing.assert_array_equal(found.real(), [0.123456, 2.5])


def test_currencies_are_named_by_sign_or_code_and_a_bare_dollar_names_none():
    assert numbers.currencies(pa.array(["£5", "5,00 EUR", "$7", "12"])) == {
        "£": {"GBP"},
        "EUR": {"EUR"},
        "$": numbers.DOLLARS,
    }


def test_a_sign_of_another_currency_is_seen():
    values = pa.array(["$5", "5", "€5", "USD 5", "n/a", "CA$ 5", "-", "NULL"])
    assert numbers.foreign(values, "USD").tolist() == [False, False, True, False, False, True, False, False]
    assert numbers.foreign(values, "CAD").tolist() == [False, False, True, True, False, False, False, False]
