"""A change taken apart level by level: the split that explains most is offered first, any other is a click away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import panel as pn

from components import theme
from components.diagnose import BROWSER
from components.diagnose.drill_rows import axis_label, notes, table, warning
from components.island import Island, module, styled
from components.safe import plain
from components.slow_view import SlowView
from engine.describe.grains import GRAINS
from engine.diagnose.offers import Offer, next_in, offers
from engine.diagnose.split import Split, page_family, split
from engine.diagnose.steps import Step
from engine.dimensions import DIMENSIONS, HIERARCHIES
from engine.metrics import metric
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
            "levels": _levels(found.axis, self._known()),
            **table(self.state, found),
            "warning": warning(found) if found.reversal else "",
            "notes": notes(found),
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

    def _known(self) -> frozenset[str]:
        return frozenset(self.state.snapshot().dimensions) | frozenset(GRAINS)

    def _splits(self, answer: Level) -> list[dict[str, Any]]:
        best = next((offer.axis for offer in answer.offers if (offer.strength or 0.0) >= EXPLAINS), None)
        below = _next_levels([step.axis for step in self.state.trail], self._known())
        return [
            {
                "axis": offer.axis,
                "label": offer.label,
                "why": "explains most" if offer.axis == best else "next level" if offer.axis in below else "",
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
    said = f"{offer.parts:,} parts" + (f", {offer.leading_label} stands out most" if offer.leading_label else "")
    return plain(said, 300)


def _levels(axis: str, known: frozenset[str]) -> list[list[list[str]]]:
    """The hierarchies an axis is a level of: each level's axis and label, without those the shop has no column for."""
    held = [[name for name in levels if name in known] for levels in HIERARCHIES.values() if axis in levels]
    return [[[name, axis_label(name)] for name in levels] for levels in held if len(levels) > 1]


def _next_levels(trail: list[str], known: frozenset[str]) -> set[str]:
    """The levels that come next in the hierarchies the steps taken are in."""
    begun = [levels for levels in HIERARCHIES.values() if trail and trail[-1] in levels]
    here = [[name for name in levels if name in known] for levels in begun]
    return {below for levels in here if (below := next_in(levels[levels.index(trail[-1]) :], trail)) is not None}


def _axis(name: str) -> str:
    return DIMENSIONS[name].label if name in DIMENSIONS else name.capitalize()
