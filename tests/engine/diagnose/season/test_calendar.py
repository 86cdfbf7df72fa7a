"""Days that shops feel, against dates that are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.diagnose.season.calendar import black_friday, easter, feature_of, is_quiet, label_of, marks


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_is_on_the_published_sunday(year, sunday):
    assert easter(year) == sunday


@pytest.mark.parametrize("friday", [date(2017, 11, 24), date(2018, 11, 23), date(2024, 11, 29), date(2025, 11, 28)])
def test_black_friday_is_the_day_after_thanksgiving(friday):
    assert black_friday(friday.year) == friday
    assert feature_of(friday) == "black_friday"


def test_a_stretch_is_named_after_its_first_day_that_is_known():
    assert label_of(date(2025, 11, 23), date(2025, 11, 30)) == "Black Friday"
    assert label_of(date(2025, 12, 18), date(2025, 12, 25)) == "Christmas"
    assert label_of(date(2025, 12, 10), date(2025, 12, 10)) == "Christmas shopping"
    assert label_of(date(2025, 7, 1), date(2025, 7, 31)) is None


def test_every_day_is_marked_once_at_most():
    days = np.arange(np.datetime64("2016-01-01"), np.datetime64("2030-01-01"))
    counted = sum(mark.astype(int) for mark in marks(days).values())
    assert counted.max() == 1


def test_shops_may_rest_from_christmas_to_the_first_week_of_january():
    assert is_quiet(date(2010, 12, 24)) and is_quiet(date(2011, 1, 3)) and is_quiet(date(2011, 4, 22))
    assert not is_quiet(date(2011, 5, 2)) and not is_quiet(date(2011, 11, 25))
