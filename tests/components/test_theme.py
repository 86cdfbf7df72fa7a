"""Numbers, dates and colours as people read them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import theme
from engine.metrics import Unit
from engine.selection import Window

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@pytest.mark.parametrize(
    ("value", "unit", "said", "exactly"),
    [
        (8_911_407.90, Unit.MONEY, "£8.91M", "£8,911,407.90"),
        (999_950, Unit.MONEY, "£1.00M", "£999,950.00"),
        (99_950, Unit.MONEY, "£100k", "£99,950.00"),
        (9_999.4, Unit.MONEY, "£9,999", "£9,999.40"),
        (480.874, Unit.MONEY, "£480.87", "£480.87"),
        (0, Unit.MONEY, "£0.00", "£0.00"),
        (-12.5, Unit.MONEY, "−£12.50", "−£12.50"),
        (-0.001, Unit.MONEY, "£0.00", "£0.00"),
        (4_338, Unit.COUNT, "4,338", "4,338"),
        (397_884, Unit.COUNT, "398k", "397,884"),
        (0.1234, Unit.RATE, "12.3%", "12.34%"),
        (0.0004, Unit.RATE, "0.04%", "0.04%"),
        (4.115, Unit.SCORE, "4.12", "4.12"),
        (3.44, Unit.DAYS, "3.4\u202fdays", "3.44\u202fdays"),
        (None, Unit.MONEY, "–", "–"),
        (float("nan"), Unit.RATE, "–", "–"),
        (float("inf"), Unit.COUNT, "–", "–"),
    ],
)
def test_a_value_is_written_as_people_write_it(value, unit, said, exactly):
    assert theme.number(value, unit, "GBP") == said
    assert theme.number(value, unit, "GBP", exact=True) == exactly


@pytest.mark.parametrize(
    ("currency", "said"), [("EUR", "€5.00"), ("BRL", "R$5.00"), ("JPY", "¥5"), ("XYZ", "XYZ\u202f5.00"), (None, "5.00")]
)
def test_the_sign_before_an_amount_is_the_shops_own(currency, said):
    assert theme.number(5.0, Unit.MONEY, currency) == said


@settings(max_examples=300, deadline=None)
@given(FINITE, st.sampled_from(list(Unit)), st.booleans())
def test_no_number_is_ever_scientific(value, unit, exact):
    said = theme.number(value, unit, "EUR", exact=exact)
    assert not re.search(r"\de[+-]?\d|inf|nan", said, re.IGNORECASE)
    assert re.search(r"\d", said)


@settings(max_examples=300, deadline=None)
@given(st.floats(min_value=1, max_value=1e14))
def test_a_short_number_is_within_half_a_percent_of_the_value(value):
    said = theme.short(value, 2)
    scale = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(said[-1], 1)
    assert float(said.rstrip("kMBT").replace(",", "")) * scale == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize(
    ("relative", "said"),
    [(0.1234, "+12.3%"), (-0.04, "−4.0%"), (0.0001, "±0%"), (-0.0001, "±0%"), (11.0, "×12"), (None, "–")],
)
def test_a_change_has_its_sign(relative, said):
    assert theme.change(relative) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2011, 12, 9), date(2011, 12, 9), "9 Dec 2011"),
        (date(2011, 11, 1), date(2011, 11, 30), "Nov 2011"),
        (date(2011, 1, 1), date(2011, 12, 31), "2011"),
        (date(2010, 1, 1), date(2011, 12, 31), "2010 – 2011"),
        (date(2011, 11, 1), date(2011, 12, 9), "1 Nov – 9 Dec 2011"),
        (date(2010, 12, 1), date(2011, 12, 9), "1 Dec 2010 – 9 Dec 2011"),
    ],
)
def test_a_window_is_named_by_its_inclusive_days(first, last, said):
    assert theme.days(Window.inclusive(first, last)) == said


@settings(max_examples=200, deadline=None)
@given(st.floats(min_value=1e-6, max_value=1e12), st.sampled_from(list(Unit)))
def test_axis_labels_differ_and_cover_the_values(top, unit):
    ticks = theme.value_ticks(top)
    labels = theme.tick_labels(ticks, unit, "EUR")
    assert ticks[0] == 0 and ticks[-1] >= top * 0.999999
    assert 2 <= len(ticks) <= 8
    if top > 1e-2:
        assert len(set(labels.values())) == len(ticks)
    assert not any(re.search(r"\de[+-]?\d", label) for label in labels.values())


def test_axis_ticks_reach_below_zero_where_values_do():
    ticks = theme.value_ticks(80.0, -35.0)
    assert ticks[0] <= -35 and ticks[-1] >= 80 and 0 in ticks


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1999, 1, 1), date(2030, 1, 1)), st.integers(1, 1000), st.sampled_from(["day", "week", "month"]))
def test_dates_leave_each_other_room_and_say_the_year_once(first, count, grain):
    starts = [first + timedelta(days=i * {"day": 1, "week": 7, "month": 31}[grain]) for i in range(count)]
    labelled = theme.date_ticks(starts, grain)
    assert 1 <= len(labelled) <= theme.MOST_LABELS
    assert labelled[0][0] == first and str(first.year) in labelled[0][1]
    said_years = [text.split("\n")[1] for _, text in labelled if "\n" in text]
    assert said_years == sorted(set(said_years))


def _pairs(colors):
    texts = ("ink", "muted", "faint", "accent", "good", "bad")
    for text in texts:
        yield text, colors.surface, getattr(colors, text), 4.5
        yield text, colors.canvas, getattr(colors, text), 4.5
    yield "good on its tag", colors.good_soft, colors.good, 4.5
    yield "bad on its tag", colors.bad_soft, colors.bad, 4.5
    yield "calm on its tag", colors.calm_soft, colors.muted, 4.5
    yield "accent on its tag", colors.accent_soft, colors.accent, 4.5
    yield "ink on a chip", colors.accent_soft, colors.ink, 4.5
    yield "muted on a chip", colors.accent_soft, colors.muted, 4.5
    yield "text on the accent", colors.accent, colors.on_accent, 4.5
    yield "line of the comparison", colors.surface, colors.before, 3.0
    for i, color in enumerate(colors.series):
        yield f"series {i}", colors.surface, color, 3.0


@pytest.mark.parametrize("dark", [False, True])
def test_contrast_is_aa_in_both_modes(dark):
    colors = theme.palette(dark)
    weak = [(name, round(theme.contrast(over, color), 2))
            for name, over, color, least in _pairs(colors) if theme.contrast(over, color) < least]  # fmt: skip
    assert not weak


def test_contrast_follows_the_published_formula():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WebAIM's own example


@pytest.mark.parametrize("dark", [False, True])
def test_the_heatmap_gets_steadily_stronger(dark):
    steps = [theme.contrast(theme.heat_color(i / 9, dark), theme.palette(dark).surface) for i in range(10)]
    assert steps == sorted(steps)
    assert theme.heat_color(1.0, dark) == theme.palette(dark).heat[-1]
    assert theme.heat_color(-0.5, dark) == theme.palette(dark).heat[0]


def test_nothing_in_the_theme_asks_another_host():
    everything = theme.ISLAND_CSS + theme.page_css() + str(theme.card_styles())
    assert "http" not in everything and "@import" not in everything and "url(" not in everything
