"""What a cause is not: dimensions whose values all moved with everything else."""

from __future__ import annotations

import numpy as np

from engine.describe.values import number, relative
from engine.diagnose.explanation import RuledOut, Steady
from engine.diagnose.guard import Q, guard
from engine.diagnose.sides import sides_of
from engine.diagnose.unlike import unlike
from engine.dimensions import DIMENSIONS
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.words import MINUS, percent

# Values named of each dimension; all of them are looked at.
MOST_NAMED = 12


def ruled_out(
    snapshot: Snapshot, selection: Selection, metric: str, apart: frozenset[str] = frozenset()
) -> tuple[RuledOut, ...]:
    """Dimensions with at least two values that could be judged, none of which moved unlike the rest.

    Parameters
    ----------
    apart : dimensions not to be looked at, because a cause lies in them
    """
    names = [name for name in snapshot.dimensions if name not in apart and len(selection.values(name)) != 1]
    found = (_of(snapshot, selection, metric, name) for name in names)
    return tuple(one for one in found if one is not None)


def _of(snapshot: Snapshot, selection: Selection, metric: str, axis: str) -> RuledOut | None:
    adjusted = guard([judgement.p for judgement in unlike(snapshot, selection, metric, axis)])
    told = [i for i, p in enumerate(adjusted) if p is not None]
    if len(told) < 2 or any(adjusted[i] <= Q for i in told):
        return None
    now, before = sides_of(snapshot, selection, metric, axis)
    size = np.nan_to_num(np.abs(now.parts.top)) + np.nan_to_num(np.abs(before.parts.top))
    shown = sorted((i for i in told if size[i]), key=lambda i: (-size[i], i))[:MOST_NAMED]
    values = tuple(
        Steady(now.keys[i], now.labels[i], *both, relative(*both[::-1]))
        for i in shown
        for both in [(number(before.value[i]), number(now.value[i]))]
    )
    return RuledOut(axis, DIMENSIONS[axis].label, values)


def in_words(one: RuledOut) -> str:
    """A dimension that is no cause: `Category: Home +3.1%, Toys −0.4%: no more unlike than chance.`"""
    moved = [f"{value.label} {_signed(value.relative)}" for value in one.values if value.relative is not None]
    return f"{one.label}: {', '.join(moved)}{': ' if moved else ''}no more unlike than chance."


def _signed(change: float) -> str:
    body = percent(change)
    if body.startswith("×") or not any(letter in "123456789" for letter in body):
        return body
    return f"{MINUS if change < 0 else '+'}{body}"
