"""Small shared steps: what a value, a label and a change are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.describe.whole import comparison_of
from engine.errors import MissingColumn
from engine.selection import Selection
from engine.snapshot import Blocks, Snapshot

# Chance alone takes 1 order to 5, not to 7: a verdict of noise beyond says only that days too unlike were compared.
_MOST_BY_CHANCE = 5


def number(value: float) -> float | None:
    """A plain float, or None where there is no value."""
    return float(value) if np.isfinite(value) else None


def relative(value: float | None, comparison: float | None) -> float | None:
    """Change relative to the size of the comparison; None without one, or from nothing."""
    if value is None or comparison is None or comparison == 0:
        return None
    return (value - comparison) / abs(comparison)


def verdict(noise: bool | None, value: float | None, comparison: float | None) -> bool | None:
    """Whether a change is noise; None where it is too large to be called that, or where there is no change."""
    if relative(value, comparison) is None:
        return None
    small, large = sorted((abs(value), abs(comparison)))
    return None if noise and large > _MOST_BY_CHANCE * small else noise


def demand(snapshot: Snapshot, names: Sequence[str]) -> None:
    """MissingColumn where the shop cannot answer one of the metrics."""
    for name in names:
        missing = snapshot.missing(name)
        if missing:
            raise MissingColumn(missing)


def compared(snapshot: Snapshot, selection: Selection) -> Selection | None:
    """The selection to compare with; None where the shop has no day in its window."""
    other = comparison_of(snapshot, selection)
    if other is None or not snapshot.rows:
        return None
    window = other.window
    return other if window.start <= snapshot.last_day and window.end > snapshot.first_day else None


def pair(
    snapshot: Snapshot, selection: Selection, names: Sequence[str], by: Sequence[str | Blocks] = ()
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray] | None]:
    """Metrics over the window and over the comparison's, None where there is none."""
    other = compared(snapshot, selection)
    values = snapshot.metrics(selection, names, by)
    return values, None if other is None else snapshot.metrics(other, names, by)
