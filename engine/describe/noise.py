"""Whether a change is more than chance does: the verdict of `judge` without its figures, for cards and bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.describe.judge import Moves, moves
from engine.describe.values import compared
from engine.selection import Selection
from engine.snapshot import Snapshot

# The two-sided 5% point of the normal distribution.
_Z = 1.959964


def is_noise(snapshot: Snapshot, selection: Selection, names: Sequence[str]) -> dict[str, bool | None]:
    """By metric: whether its change against the comparison is noise, None where it cannot be told.

    Measured on 400 shops of 20 orders a day whose days have a mood of their own (spread 20%) and where nothing
    changed, 800 questions each, false signals of windows of 7, 28 and 90 days against the previous ones:

    ============  ====  ====  ====
    revenue       3.8%  6.4%  4.9%
    orders        5.1%  4.5%  4.1%
    customers     4.4%  2.6%  0.8%
    aov           5.8%  4.9%  4.6%
    satisfaction  5.6%  4.6%  4.8%
    repeat rate   4.8%  7.0%  8.2%
    ============  ====  ====  ====

    Drops of orders by 60%, 30% and 20% planted in those windows were called signals in 97%, 97% and 100% of 150 shops.

    Against the year before, on 150 shops with a season that doubles the orders, windows of 56, 90, 180 and 365 days
    gave 4.7%, 2.3%, 0% and 0% false signals of revenue by levels; in pairs of days 5.0%, 5.7%, 5.0% and 7.3%. A rise
    of orders by 8% was seen in 5% of the years by levels, and in 80% in pairs.
    """
    if compared(snapshot, selection) is None:
        return {}
    found = moves(snapshot, selection, tuple(names))
    return {name: _verdicts(found[name])[0] if name in found else None for name in names}


def are_noise(snapshot: Snapshot, selection: Selection, name: str, dimension: str) -> dict[str, bool | None]:
    """By value of a dimension: whether the metric's change is noise, None where it cannot be told."""
    if compared(snapshot, selection) is None:
        return {}
    keys, found = snapshot.values(dimension), moves(snapshot, selection, (name,), dimension)
    return dict(zip(keys, _verdicts(found[name]), strict=False)) if name in found else dict.fromkeys(keys)


def _verdicts(found: Moves) -> tuple[bool | None, ...]:
    """Whether each difference is within the bounds of chance."""
    reach = _critical(found.free) * np.sqrt(found.variance)
    size = np.abs(found.difference)
    noise = (size <= 1e-12) | (size < reach)
    return tuple(bool(n) if np.isfinite(s + r) else None for n, s, r in zip(noise, size, reach, strict=True))


def _critical(free: float) -> float:
    """The two-sided 5% point of Student's t, by Cornish and Fisher's expansion: exact to 0.2% from 5 degrees on."""
    z = _Z
    steps = (z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return sum(step / free**power for power, step in enumerate(steps))
