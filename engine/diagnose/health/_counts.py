"""How many orders a day should have, and how much days differ by themselves."""

from __future__ import annotations

import numpy as np

# Same weekdays before a stretch that make a day's expectation: four tell it to half its spread, and keep in a season.
NEIGHBOURS = 4
# Days after a stretch that tell whether the shop went on at its level.
AFTER = 28
# Days of a shop always differ by more than Poisson: a shape below 2 would excuse everything, above 60 nothing is lost.
SHAPES = (2.0, 60.0)


def expected(orders: np.ndarray, weekday: np.ndarray, start: int, end: int) -> np.ndarray:
    """(end - start,) orders that a stretch should have: those of the same weekdays before it.

    Where the shop went on below its level, as one that ends or shrinks does, the level after counts.

    Parameters
    ----------
    orders, weekday : (days,)
    start, end : the stretch
    """
    profile = np.zeros(7)
    for one in range(7):
        near = np.flatnonzero(weekday[:start] == one)[-NEIGHBOURS:]
        profile[one] = orders[near].mean() if len(near) else 0.0
    after = slice(end, end + AFTER)
    usual = profile[weekday[after]].sum()
    level = min(1.0, orders[after].sum() / usual) if usual > 0 else 1.0
    return profile[weekday[start:end]] * level


def shape(orders: np.ndarray) -> float:
    """The negative binomial's shape: the smaller, the more days differ beyond chance.

    Each day is held against the mean of the same weekday a week before and a week after, so that
    season, growth and weekday do not count as unrest.
    """
    if len(orders) < 29:
        return SHAPES[0]
    near = (orders[7:-7] * 2.0 - orders[:-14] - orders[14:]) / np.sqrt(6)
    level = (orders[7:-7] + orders[:-14] + orders[14:]) / 3.0
    known = level > 0
    if not known.any():
        return SHAPES[0]
    beyond = float((near[known] ** 2 - level[known]).sum())
    return float(np.clip((level[known] ** 2).sum() / beyond if beyond > 0 else SHAPES[1], *SHAPES))


def unlikely_none(mean: float, size: float) -> float:
    """Minus the log of the chance that a negative binomial count of that mean and shape is nothing."""
    return size * float(np.log1p(mean / size))


def unlikely_few(count: int, mean: float, size: float) -> float:
    """Minus the log of the chance of so few or fewer."""
    from scipy.stats import nbinom

    return -float(nbinom.logcdf(count, size, size / (size + mean)))


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of true values, each from its first up to, and without, its end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
