"""The score and coming back: how many times as probable a repeat purchase is for each point, with the rest held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.design import Design, beside, held, last
from engine.diagnose.drivers.effect import Effect
from engine.diagnose.drivers.regress import least_squares, risk_ratios
from engine.diagnose.drivers.sample import clusters
from engine.snapshot.orders import Orders


@dataclass(frozen=True)
class ScoreRate:
    """The share that came back after a score, other things equal.

    Parameters
    ----------
    score : the score
    orders : how many
    rate : adjusted share of them with a repeat purchase within the horizon
    """

    score: int
    orders: int
    rate: Effect


@dataclass(frozen=True)
class Loyalty:
    """How coming back follows the score.

    Parameters
    ----------
    orders, customers : old enough to be judged, with a score
    horizon : days within which coming back counts
    repeat_rate : share that came back
    held : what was held, in words; the delivery days among it
    by_score : adjusted shares
    per_point : factor on the probability to come back for each point
    per_day : factor on it for each delivery day, the score held: what the days do past the score; None without them
    """

    orders: int
    customers: int
    horizon: int
    repeat_rate: float
    held: tuple[str, ...]
    by_score: tuple[ScoreRate, ...]
    per_point: Effect
    per_day: Effect | None


def loyalty_of(orders: Orders, horizon: int) -> Loyalty:
    """The effect of the score over orders that all have one and are old enough to be judged.

    Raises
    ------
    ArithmeticError
        where the regression has no single answer
    """
    again, score, who = orders.again_within(horizon), orders.facts["satisfaction_score"], clusters(orders)
    controls = held(orders)
    days = orders.facts.get("delivery_days")
    with_days = days is not None and np.isfinite(days).all() and days.min() < days.max()
    extra = [days] if with_days else []
    fit = risk_ratios(last(controls, *extra, score), again, who)
    at = len(fit.value) - 1
    return Loyalty(
        len(orders),
        len(np.unique(who)),
        horizon,
        float(again.mean()),
        controls.held + (("delivery days",) if with_days else ()),
        _by_score(score, again, who, controls),
        fit.effect(at).exp,
        fit.effect(at - 1).exp if with_days else None,
    )


def _by_score(score: np.ndarray, again: np.ndarray, who: np.ndarray, controls: Design) -> tuple[ScoreRate, ...]:
    rounded = np.rint(score)
    values, counts = np.unique(rounded, return_counts=True)
    marks = (rounded[:, None] == values).astype(float)
    fit = least_squares(beside(marks, controls), again, who)
    return tuple(
        ScoreRate(int(value), int(count), fit.effect(at))
        for at, (value, count) in enumerate(zip(values, counts, strict=True))
    )
