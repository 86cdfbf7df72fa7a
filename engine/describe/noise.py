"""Whether a change is more than chance does."""

from __future__ import annotations

from collections.abc import Sequence

from engine.selection import Selection
from engine.snapshot import Snapshot


def is_noise(snapshot: Snapshot, selection: Selection, names: Sequence[str]) -> dict[str, bool | None]:
    """By metric: whether its change against the comparison is noise, None where it cannot be told."""
    return dict.fromkeys(names)


def are_noise(snapshot: Snapshot, selection: Selection, name: str, dimension: str) -> dict[str, bool | None]:
    """By value of a dimension: whether the metric's change is noise, None where it cannot be told."""
    return {}
