"""Advertising: what the shop spends by day and channel, and what that does to the channel's orders."""

from __future__ import annotations

import numpy as np

from data.demo.calendar import day_axis, day_count
from data.demo.effects import Response, Truth
from data.schema import MONEY_SCALE

# Flights of one to three weeks: long against every carry-over, short enough for 50 of them in two years.
FLIGHT_WEEKS = (1, 4)


def plan_spend(truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Channel -> (days,) spend in currency, for a shop of 15,000 lines."""
    return {channel: _flights(response, day_count(truth), rng) for channel, response in truth.responses.items()}


def _flights(response: Response, days: int, rng: np.random.Generator) -> np.ndarray:
    weeks = days // 7 + 1
    lengths = rng.integers(*FLIGHT_WEEKS, size=weeks)
    # exp(N(0, swing)) has mean exp(swing**2 / 2): divided out so that `usual` is the mean while on. Without the
    # clip one flight in fifty costs six times the usual, which no owner would sign.
    draws = rng.normal(0, 1, size=weeks).clip(-1.7, 1.7)
    # A rich flight is followed by a poor one: budgets even out, and so do the months.
    draws[1::2] = -draws[: weeks - 1 : 2]
    levels = response.usual * np.exp(response.swing * draws - response.swing**2 / 2)
    levels[rng.random(weeks) < response.pause] = 0.0
    by_day = np.repeat(np.repeat(levels, lengths)[:weeks], 7)[:days]
    return np.round(by_day * rng.normal(1, 0.08, size=days).clip(0.7, 1.3), 2)


def carried_over(spend: np.ndarray, carry_over: float) -> np.ndarray:
    """Spend whose effect is still felt: `a[d] = (1 - carry_over) * spend[d] + carry_over * a[d-1]`.

    The time before the first day is taken to have had the spend of the first day.
    """
    felt = np.empty(len(spend))
    last = spend[0]
    for day, today in enumerate(spend):
        last = (1 - carry_over) * today + carry_over * last
        felt[day] = last
    return felt


def response_factor(response: Response, spend: np.ndarray) -> np.ndarray:
    """(days,) factor on the channel's orders, for spend in currency of a shop of 15,000 lines."""
    felt = carried_over(spend, response.carry_over) ** response.steepness
    return response.organic + response.reach * felt / (felt + response.half**response.steepness)


def channel_factors(truth: Truth, spend: dict[str, np.ndarray]) -> np.ndarray:
    """(days, channels) factor on orders of each channel; 1 where it has no spend."""
    factors = np.ones((day_count(truth), len(truth.choice.channels)))
    for column, channel in enumerate(truth.choice.channels):
        if channel in truth.responses:
            factors[:, column] = response_factor(truth.responses[channel], spend[channel])
    return factors


def spend_table(truth: Truth, spend: dict[str, np.ndarray], scale: float) -> dict[str, np.ndarray]:
    """The `spend` table in stored columns (dates as text), for a shop `scale` times the usual size."""
    channels = np.array(list(spend))
    cents = np.round(np.array([spend[c] for c in channels]).T * scale * 100).astype(np.int64)
    return {
        "date": np.repeat(np.datetime_as_string(day_axis(truth)), len(channels)),
        "channel": np.tile(channels, day_count(truth)),
        "spend_units": cents.ravel() * (MONEY_SCALE // 100),
    }
