"""A change taken apart level by level: the split that explains most is offered first, any other is a click away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import panel as pn

from components import theme
from components.diagnose import BROWSER
from components.island import Island, module, styled
from components.kpi_cards import direction
from components.safe import plain
from components.slow_view import SlowView
from components.state import AppState
from engine.describe.grains import GRAINS
from engine.diagnose.offers import Offer, offers
from engine.diagnose.split import Part, Split, page_family, split
from engine.diagnose.steps import Step
from engine.dimensions import DIMENSIONS, HIERARCHIES
from engine.metrics import Unit, metric
from engine.selection import Selection

# Rows of one level; the rest is one more. More would push what follows off the screen.
ROWS = 12

# Strength, in standard deviations, from which a split is said to explain: the one-sided 5% point.
EXPLAINS = 1.645


@dataclass(frozen=True)
class Level:
    """One level of a drill-down: the split, the splits that could be, and how many orders are in it."""

    split: Split
    offers: tuple[Offer, ...]
    orders: int | None


class DrillCard(Island):
    """Draws the level and says what was clicked."""

    _stylesheets = styled("drill", BROWSER)
    _esm = module("drill", BROWSER)


class DrillTable(SlowView):
    """The parts of the change by one axis; a click on a part goes into it, and a step back comes out again."""

    working = "Taking it apart…"

    def build(self) -> None:
        super().build()
        self._island = DrillCard()
        self._island.say = self._said
        self._level: Level | None = None

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Level | None]:
        snapshot, name, picked = self.state.snapshot(), self.state.metric, self.state.split

        def level() -> Level | None:
            offered = offers(snapshot, selection, name)
            axis = picked if picked in {offer.axis for offer in offered} else offered[0].axis if offered else None
            if axis is None:
                return None
            (found,) = page_family(split(snapshot, selection, name, axis, limit=ROWS))
            counted = None if snapshot.missing("orders") else snapshot.metrics(selection, ("orders",))["orders"]
            return Level(found, offered, None if counted is None else int(counted))

        return level

    def waiting(self, sentence: str) -> None:
        told = self._island.told()
        stays = told if told.get("rows") else {"message": sentence}
        self._island.tell({**stays, "path": self._path(), "busy": True})

    def show(self, answer: Level | None) -> None:
        self._level = answer
        if answer is None:
            self._island.tell({"title": "Drill down", "path": self._path(), "message": self._nothing_left()})
            return
        found = answer.split
        meant = metric(found.metric)
        self._island.tell({
            "title": "Drill down",
            "path": self._path(),
            "splits": self._splits(answer),
            **_table(self.state, found),
            "warning": _warning(found) if found.reversal else "",
            "note": plain(found.note, 400) if found.note else "",
            "message": "" if found.parts else self.nothing(meant.label),
            "orders": f"Show the {answer.orders:,} orders" if answer.orders else "",
        })  # fmt: skip

    def problem(self, sentence: str) -> None:
        self._level = None
        self._island.tell({"title": "Drill down", "path": self._path(), "message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _nothing_left(self) -> str:
        return "There is nothing left to split by; the orders themselves are below."

    def _path(self) -> list[str]:
        snapshot, selection = self.state.snapshot(), self.state.selection()
        return ["All", *(plain(_step_label(step, snapshot, selection), 60) for step in self.state.trail)]

    def _splits(self, answer: Level) -> list[dict[str, Any]]:
        best = next((offer.axis for offer in answer.offers if (offer.strength or 0.0) >= EXPLAINS), None)
        return [
            {
                "axis": offer.axis,
                "label": offer.label,
                "best": offer.axis == best,
                "pressed": offer.axis == answer.split.axis,
                "hint": _hint(offer),
            }
            for offer in answer.offers
        ]

    def _said(self, message: dict) -> None:
        level = self._level
        if isinstance(count := message.get("back"), int):
            self.state.step_back(count)
        elif message.get("orders"):
            self.state.commit(table="orders")
        elif level is None:
            return
        elif message.get("split") in {offer.axis for offer in level.offers}:
            self.state.commit(split=message["split"])
        elif message.get("row") in {part.key for part in level.split.parts}:
            self._into(level.split.axis, message["row"])

    def _into(self, axis: str, key: str) -> None:
        if axis in DIMENSIONS:
            self.state.step((axis, key))
        elif axis in GRAINS and key:
            self.state.step((axis, date.fromisoformat(key)))


def _step_label(step: Step, snapshot: Any, selection: Selection) -> str:
    if step.start is not None:
        return theme.bucket(step.start, step.axis)
    (key,) = selection.values(step.axis)
    return snapshot.label(step.axis, key)


def _hint(offer: Offer) -> str:
    levels = [" › ".join(_axis(name) for name in HIERARCHIES[held]) for held in offer.hierarchies]
    said = f"{offer.parts:,} parts" + (f", {offer.leading_label} stands out most" if offer.leading_label else "")
    return plain("; ".join([said, *levels]), 300)


def _axis(name: str) -> str:
    return DIMENSIONS[name].label if name in DIMENSIONS else name.capitalize()


def _warning(found: Split) -> str:
    within = "rose" if (found.change or 0.0) < 0 else "fell"
    whole = "fell" if within == "rose" else "rose"
    plural = DIMENSIONS[found.axis].plural.lower() if found.axis in DIMENSIONS else f"{found.axis}s"
    label = metric(found.metric).label
    return f"{label} {within} in each of these {plural}, yet {whole} in all: what changed is how much each weighs."


# ---------------------------------------------------------------- rows


def _table(state: AppState, found: Split) -> dict[str, Any]:
    """Columns, rows and the total of a split, written for people."""
    unit, currency = metric(found.metric).unit, state.snapshot().currency
    is_ratio, compares = found.rate is not None, found.change is not None
    columns = [{"label": "Now", "doc": theme.days(state.window())}]
    other = state.compared()
    columns.append({"label": "Before", "doc": theme.days(other) if other else ""})
    if is_ratio:
        columns.append({"label": "By itself", "doc": "What the part's own value adds to the change of the whole"})
        columns.append({"label": "By its weight", "doc": "What the part's share of the whole adds to the change"})
    else:
        columns.append({"label": "Change", "doc": "Now less before"})
        columns.append({"label": "Share", "doc": "Of the change of the whole"})
    reach = _Reach([part.contribution or 0.0 for part in found.rows])
    rows = [_row(part, found, unit, currency, reach) for part in found.rows]
    if found.overlap:
        rows.append(_overlap(found.overlap, unit, currency, reach))
    return {
        "axis": _axis(found.axis),
        "columns": columns,
        "rows": rows,
        "drawn": "Adds to the change" if compares else "",
        "total": {"label": "All", "cells": _cells(found, found.change, found.rate, found.mix, unit, currency)},
    }


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
    tone = direction(found.metric, part.contribution, part.tag == "noise")[0] if part.contribution else "calm"
    stepped = part in found.parts and found.axis != "weekday" and bool(part.key or found.axis in DIMENSIONS)
    label = f"{part.label} (was {part.compared_with})" if part.compared_with else part.label
    return {
        "key": part.key if stepped else None,
        "label": plain(label or "No counterpart", 90),
        "cells": _cells(part, part.contribution, part.rate, part.mix, unit, currency, tone),
        **reach.bar(part.contribution or 0.0, tone),
        "tag": part.tag if found.change is not None else None,
        "interval": _interval(part, unit, currency),
    }


def _cells(
    held: Part | Split, change: float | None, rate: float | None, mix: float | None,
    unit: Unit, currency: str | None, tone: str = "",
) -> list[list[str]]:  # fmt: skip
    def written(value: float | None, write: Callable = theme.number) -> list[str]:
        return [write(value, unit, currency), write(value, unit, currency, exact=True)]

    cells = [written(held.value), written(held.comparison)]
    if rate is not None:
        return cells + [[*written(value, theme.signed), tone] for value in (rate, mix)]
    share = held.share if isinstance(held, Part) else None
    said = "" if share is None else theme.share(share)
    return [*cells, [*written(change, theme.signed), tone], [said, said]]


def _overlap(overlap: float, unit: Unit, currency: str | None, reach: _Reach) -> dict[str, Any]:
    said = [theme.signed(overlap, unit, currency), theme.signed(overlap, unit, currency, exact=True)]
    return {
        "key": None, "label": "In several at once", "cells": [["", ""], ["", ""], said, ["", ""]],
        **reach.bar(0.0, "calm"), "tag": None, "interval": "",
    }  # fmt: skip


def _interval(part: Part, unit: Unit, currency: str | None) -> str:
    if part.moved is None or part.moved.low is None:
        return ""
    low, high = (theme.signed(value, unit, currency) for value in (part.moved.low, part.moved.high))
    return f"Between {low} and {high}"
