"""Into a part of the days, and its counterpart: by position, as a trend draws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.diagnose.steps import Step, step_into
from engine.errors import EngineError
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2026-01-01"))
    return Snapshot.from_columns({"date": days, "customer_id": np.arange(len(days)), "revenue": np.ones(len(days))})


def test_a_month_of_a_quarter_is_compared_with_the_month_in_its_place(snapshot):
    quarter = Selection.of(date(2025, 4, 1), date(2025, 6, 30))
    may = step_into(snapshot, quarter, Step("month", date(2025, 5, 1)))
    assert may.window == Window.inclusive(date(2025, 5, 1), date(2025, 5, 31))
    assert may.comparison().window == Window.inclusive(date(2025, 2, 1), date(2025, 2, 28))


def test_steps_go_on_from_year_to_day_and_keep_the_filters(snapshot):
    asked = Selection.of(date(2025, 1, 1), date(2025, 12, 31), {"product": ["x"]}, Against.YEAR)
    for step in ("quarter:2025-10-01", "month:2025-11-01", "day:2025-11-28"):
        asked = step_into(snapshot, asked, Step.read(step))
    assert asked.window == Window.inclusive(date(2025, 11, 28), date(2025, 11, 28))
    assert asked.comparison().window == Window.inclusive(date(2024, 11, 28), date(2024, 11, 28))
    assert asked.filters == (("product", ("x",)),)


def test_a_bucket_that_the_window_cuts_has_only_the_windows_days(snapshot):
    asked = Selection.of(date(2025, 3, 12), date(2025, 4, 8))
    march = step_into(snapshot, asked, Step("month", date(2025, 3, 1)))
    assert march.window == Window.inclusive(date(2025, 3, 12), date(2025, 3, 31))
    assert march.comparison().window == Window.inclusive(date(2025, 2, 12), date(2025, 2, 28))


def test_a_bucket_without_a_counterpart_is_compared_with_nothing(snapshot):
    asked = replace(
        Selection.of(date(2025, 1, 1), date(2025, 3, 31)), custom=Window(date(2024, 1, 1), date(2024, 2, 1))
    )
    assert step_into(snapshot, asked, Step("month", date(2025, 3, 1))).comparison() is None


def test_a_bucket_outside_of_the_window_and_a_dimension_leave_it_as_it_is(snapshot):
    asked = Selection.of(date(2025, 1, 1), date(2025, 3, 31))
    assert step_into(snapshot, asked, Step("month", date(2025, 7, 1))) == asked
    assert step_into(snapshot, asked, Step("region")) == asked


@pytest.mark.parametrize("text", ["region", "month:2025-11-01", "day:2025-02-28"])
def test_a_step_is_read_as_it_was_written(text):
    assert str(Step.read(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [("regoin", "Did you mean 'region'"), ("month:2025-13-01", "no day"), ("hour:2025-01-01", "No grain named 'hour'")],
)
def test_a_step_that_is_none_is_said_in_words(text, words):
    with pytest.raises(EngineError, match=words):
        Step.read(text)
