"""Days and moments: strict calendars, and an order of day and month that is proven or asked."""

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.imports import dates

moments = st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)).map(lambda m: m.replace(microsecond=0))
SHAPES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
)


@settings(deadline=None)
@given(st.lists(moments, min_size=1, max_size=20), st.sampled_from(SHAPES))
def test_moments_come_back_in_any_writing(values, shape):
    found = dates.read(pa.array([v.strftime(shape) for v in values]), True)
    assert found.text.tolist() == [str(v).removesuffix(" 00:00:00") for v in values]
    assert found.seconds.tolist() == [int((v - datetime(1970, 1, 1)).total_seconds()) for v in values]


@pytest.mark.parametrize(
    "text",
    ["2025-02-30", "31/04/2024", "2024-13-01", "Total", "45292", "12:30", "2024-01-01 25:00:00", "2024"],
)
def test_what_is_no_date(text):
    found = dates.read(pa.array([text, "2024-01-01"]), True)
    assert found.bad.tolist() == [True, False]


def test_one_day_that_is_none_leaves_the_others_alone():
    found = dates.read(pa.array(["2024-02-29", "2025-02-29"]), None)
    assert found.text.tolist() == ["2024-02-29", None]


def test_what_proves_the_order_of_day_and_month():
    assert dates.order(pa.array(["03/04/2024", "13/04/2024"])).answer is True
    assert dates.order(pa.array(["03/04/2024", "04/13/2024"])).answer is False
    assert dates.order(pa.array(["03.04.2024"])).answer is True
    assert dates.order(pa.array(["03/04/2024"])).answer is None
    assert dates.order(pa.array(["13/04/2024", "04/13/2024"])).mixed


def test_the_same_day_and_month_need_no_proof():
    assert dates.order(pa.array(["03/03/2024", "2024-04-05"])) == dates.Order()


def test_midnight_is_a_day_whatever_stands_around_it():
    alone = dates.read(pa.array(["2024-01-05 00:00:00"]), None).text.tolist()
    beside = dates.read(pa.array(["2024-01-05 00:00:00", "2024-01-05 10:00:00"]), None).text.tolist()
    assert (alone, beside) == (["2024-01-05"], ["2024-01-05", "2024-01-05 10:00:00"])
