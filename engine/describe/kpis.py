"""The cards: what is it, what was it, is the change real, and how did it come here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.describe.grains import spark_blocks
from engine.describe.noise import is_noise
from engine.describe.values import compared, number, relative, verdict
from engine.describe.whole import gap
from engine.memo import memoised
from engine.metrics import HEADLINES, metric
from engine.selection import Selection, Window
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class Kpi:
    """One metric over a selection, in its own unit.

    Parameters
    ----------
    metric : its name
    value : None where it divides by nothing or its column is missing
    comparison : over the comparison's window; None where there is none or the shop has no day in it
    change : relative change; None without a comparison, from nothing, or where there is a note
    noise : whether the change is within what chance does; None where it cannot be told
    spark : 13 values up to the window's end, NaN before the shop's first day; None where the metric is missing
    spark_starts : the first day of each
    missing : the sentence that names the missing column
    note, brief : why there is no change to tell although a comparison was asked for: a sentence, and in a few words
    """

    metric: str
    value: float | None
    comparison: float | None
    change: float | None
    noise: bool | None
    spark: tuple[float, ...] | None
    spark_starts: tuple[date, ...]
    missing: str | None = None
    note: str | None = None
    brief: str | None = None


@memoised
def kpis(snapshot: Snapshot, selection: Selection, names: Sequence[str] = HEADLINES) -> tuple[Kpi, ...]:
    """One Kpi a name, in that order; a metric whose column is missing says so in its place."""
    missing = {name: snapshot.missing(metric(name).name) for name in names}
    asked = [name for name in names if missing[name] is None]
    other = compared(snapshot, selection)
    now = snapshot.metrics(selection, asked)
    before = snapshot.metrics(other, asked) if other else {}
    why = gap(snapshot, selection)
    said = (why.note, why.brief) if why else (None, None)
    noise = is_noise(snapshot, selection, tuple(asked)) if other and not why else {}
    starts, sparks = _sparks(snapshot, selection, asked)
    made = []
    for name in names:
        value = number(now[name]) if name in now else None
        comparison = number(before[name]) if name in before else None
        change = None if why else relative(value, comparison)
        told = verdict(noise.get(name), value, comparison)
        words = (None, None) if missing[name] else said
        made.append(Kpi(name, value, comparison, change, told, sparks.get(name), starts, missing[name], *words))
    return tuple(made)


def _sparks(
    snapshot: Snapshot, selection: Selection, names: Sequence[str]
) -> tuple[tuple[date, ...], dict[str, tuple[float, ...]]]:
    blocks = spark_blocks(selection.window)
    window = Window(blocks.bounds[0], blocks.bounds[-1])
    values = snapshot.metrics(selection.over(window), names, (blocks,))
    known = np.array([_has_days(snapshot, *edges) for edges in zip(blocks.bounds, blocks.bounds[1:], strict=False)])
    return blocks.bounds[:-1], {name: tuple(np.where(known, found, np.nan).tolist()) for name, found in values.items()}


def _has_days(snapshot: Snapshot, start: date, end: date) -> bool:
    return bool(snapshot.rows) and start <= snapshot.last_day and end > snapshot.first_day
