"""The planted incident: how large it is, and that it stands out in the usual shop."""

import numpy as np
import pytest

from data.demo import TRUTH
from data.demo.calendar import within
from tests.data.demo.shop import DAYS, count_days


def cells(shop) -> np.ndarray:
    """(inside or outside the window, region hit or not, channel hit or not) orders."""
    orders, incident = shop.orders, TRUTH.incident
    days = within(TRUTH, incident.window)
    inside = (orders["day"] >= days.start) & (orders["day"] < days.stop)
    place, channel = orders["region"] == incident.region, orders["channel"] == incident.channel
    counts = np.zeros((2, 2, 2))
    np.add.at(counts, (inside.astype(int), place.astype(int), channel.astype(int)), 1)
    return counts


def test_what_remains_is_the_planted_share(large_shop):
    """Difference in differences: the channel's other regions and the region's other channels say what was due."""
    count = cells(large_shop)
    odds = count[:, 1, 1] * count[:, 0, 0] / (count[:, 1, 0] * count[:, 0, 1])
    assert odds[1] / odds[0] == pytest.approx(TRUTH.incident.remaining, abs=0.02)


def test_it_is_the_deepest_three_weeks_of_any_region_and_channel(demo_shop):
    """Against its own level of the six weeks around, in standard errors of counts, on 15,000 lines."""
    orders, found = demo_shop.orders, {}
    for region in TRUTH.people.regions:
        for channel in TRUTH.choice.channels:
            counts = count_days((orders["region"] == region) & (orders["channel"] == channel), orders)
            summed = np.concatenate([[0], np.cumsum(counts)])
            for start in range(21, DAYS - 42, 7):
                due = (summed[start + 42] - summed[start + 21] + summed[start] - summed[start - 21]) / 2
                seen = summed[start + 21] - summed[start]
                found[region, channel, start] = (seen - due) / np.sqrt(max(due, 1) * 1.5)
    region, channel, start = min(found, key=found.get)
    assert (region, channel) == (TRUTH.incident.region, TRUTH.incident.channel)
    assert abs(start - within(TRUTH, TRUTH.incident.window).start) < 7


def test_it_lasts_three_weeks():
    assert (TRUTH.incident.window.end - TRUTH.incident.window.start).days == 21
