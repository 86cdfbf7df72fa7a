"""The rows of a drill-down's level, its columns, its total and what they mean, written for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from components import theme
from components.kpi_cards import direction
from components.safe import plain
from components.state import AppState
from engine.describe.grains import GRAINS
from engine.diagnose.guard import Difference
from engine.diagnose.split import Part, Split
from engine.dimensions import DIMENSIONS
from engine.metrics import Unit, metric

# Said under the rows, since their headings have no room for it.
_TAGS = "Signal: a change that chance alone hardly ever makes. Noise: one that it often makes."
_UNTOLD = "too few"
_UNTOLD_MEANS = "Too few: there are not enough orders to tell the two apart."
_WEIGHTS = (
    "By itself: what each part adds because its own figure changed. "
    "By its weight: what it adds because it is a larger or smaller part of the whole than before."
)
_OTHERS = "All others: the {hidden:,} smaller ones taken together."
_SEVERAL = "In several at once: what is counted in more than one part, such as a customer who bought in two."


def notes(found: Split) -> list[str]:
    """What the rows and columns mean, where they are not plain."""
    if found.change is None:
        return [plain(found.note, 400)] if found.note else []
    said = {
        _TAGS: True,
        _UNTOLD_MEANS: any(part.moved is not None and part.tag is None for part in found.rows),
        _WEIGHTS: found.rate is not None,
        _OTHERS.format(hidden=found.hidden): found.others is not None,
        _SEVERAL: bool(found.overlap),
    }
    return [words for words, wanted in said.items() if wanted]


def warning(found: Split) -> str:
    """What a reversal means (Simpson's paradox)."""
    within = "rose" if (found.change or 0.0) < 0 else "fell"
    whole = "fell" if within == "rose" else "rose"
    plural = DIMENSIONS[found.axis].plural.lower() if found.axis in DIMENSIONS else f"{found.axis}s"
    label = metric(found.metric).label
    return f"{label} {within} in each of these {plural}, yet {whole} in all: what changed is how much each weighs."


def axis_label(name: str) -> str:
    """What a person reads for a dimension or a time axis."""
    return DIMENSIONS[name].label if name in DIMENSIONS else name.capitalize()


def table(state: AppState, found: Split) -> dict[str, Any]:
    """Columns, rows and the total of a split, written for people."""
    unit, currency = metric(found.metric).unit, state.snapshot().currency
    compares = found.change is not None
    reach = _Reach([part.contribution or 0.0 for part in found.rows])
    rows = [_row(part, found, unit, currency, reach) for part in found.rows]
    if found.overlap:
        rows.append(_overlap(found.overlap, unit, currency, reach))
    return {
        "axis": axis_label(found.axis),
        "columns": _columns(state, found),
        "rows": rows,
        "drawn": "Adds to the change" if compares else "",
        "judged": "Change likely between" if compares else "",
        "total": {"label": "All", "cells": _cells(found, found, currency)},
    }


def _columns(state: AppState, found: Split) -> list[dict[str, str]]:
    made = [{"label": "Now", "doc": theme.days(state.window())}]
    other = state.compared()
    if found.comparison is not None:
        made.append({"label": "Before", "doc": theme.days(other) if other else ""})
    if found.rate is not None:
        made.append({"label": "By itself", "doc": "What the part's own value adds to the change of the whole"})
        made.append({"label": "By its weight", "doc": "What the part's share of the whole adds to the change"})
    elif found.change is not None:
        made.append({"label": "Change", "doc": "Now less before"})
        made.append({"label": "Share", "doc": "Of the change of the whole"})
    return made


class _Reach:
    """Where zero and a contribution lie on the axis that all rows of a level share."""

    def __init__(self, contributions: list[float]) -> None:
        self.low, self.high = min(0.0, *contributions, 0.0), max(0.0, *contributions, 0.0)
        self.span = (self.high - self.low) or 1.0

    def bar(self, contribution: float, tone: str) -> dict[str, str]:
        """Left edge and width of a bar, and the place of zero, as CSS."""
        left = (min(contribution, 0.0) - self.low) / self.span
        return {
            "left": f"{left:.2%}",
            "width": f"{abs(contribution) / self.span:.2%}",
            "zero": f"{-self.low / self.span:.2%}",
            "tone": tone,
        }


def _row(part: Part, found: Split, unit: Unit, currency: str | None, reach: _Reach) -> dict[str, Any]:
    tone = direction(found.metric, part.contribution, part.tag != "signal")[0] if part.contribution else "calm"
    stepped = part in found.parts and found.axis != "weekday" and bool(part.key or found.axis in DIMENSIONS)
    return {
        "key": part.key if stepped else None,
        "label": plain(_label(part, found.axis), 90),
        "against": _against(part),
        "cells": _cells(part, found, currency, tone),
        **reach.bar(part.contribution or 0.0, tone),
        **_judged(part.moved, unit, currency),
    }


def _label(part: Part, axis: str) -> str:
    if axis in GRAINS and part.key:
        return theme.bucket(date.fromisoformat(part.key), axis)
    return part.label or "No counterpart"


def _against(part: Part) -> str:
    return plain(f"against {part.compared_with.removeprefix('from ')}", 90) if part.compared_with else ""


def _judged(moved: Difference | None, unit: Unit, currency: str | None) -> dict[str, str | None]:
    """A difference's tag and interval."""
    if moved is None:
        return {"tag": None, "interval": ""}
    if moved.tag is None or moved.low is None:
        return {"tag": _UNTOLD, "interval": ""}
    low, high = (theme.signed(value, unit, currency) for value in (moved.low, moved.high))
    return {"tag": moved.tag, "interval": f"{low} to {high}"}


def _cells(held: Part | Split, found: Split, currency: str | None, tone: str = "") -> list[list[str]]:
    """What a part, or the whole, says in each column: as a person reads it, exactly, and in which tone."""
    unit = metric(found.metric).unit

    def written(value: float | None, write: Callable = theme.number) -> list[str]:
        return [write(value, unit, currency), write(value, unit, currency, exact=True)]

    cells = [written(held.value)]
    if found.comparison is not None:
        cells.append(written(held.comparison))
    if found.rate is not None:
        return cells + [[*written(value, theme.signed), tone] for value in (held.rate, held.mix)]
    if found.change is None:
        return cells
    change, share = (held.contribution, held.share) if isinstance(held, Part) else (held.change, None)
    said = "" if share is None else theme.share(share)
    return [*cells, [*written(change, theme.signed), tone], [said, said]]


def _overlap(overlap: float, unit: Unit, currency: str | None, reach: _Reach) -> dict[str, Any]:
    said = [theme.signed(overlap, unit, currency), theme.signed(overlap, unit, currency, exact=True)]
    return {
        "key": None, "label": "In several at once", "against": "", "cells": [["", ""], ["", ""], said, ["", ""]],
        **reach.bar(0.0, "calm"), "tag": None, "interval": "",
    }  # fmt: skip
