"""The cards on top: each metric's value, how it compares in words, and its course in thirteen points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import panel as pn
import param

from components import theme
from components.island import Island, module, styled
from components.view import View
from engine.describe import kpis
from engine.metrics import HEADLINES, METRICS, metric
from engine.selection import Selection


class CardDeck(Island):
    """Draws the cards and says which one was clicked."""

    _stylesheets = styled("kpi_cards")
    _esm = module("kpi_cards")


class KpiCards(View):
    """One card a metric; clicking a card makes it the metric that charts show."""

    metrics = param.ClassSelector(default=HEADLINES, class_=tuple, doc="Names of the metrics, in order.")
    why = param.String(default="", doc="Name of the page that says why a metric moved; '' offers no way there.")

    def build(self) -> None:
        self._island = CardDeck()
        self._island.say = self._picked

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> Any:
        return kpis(self.state.snapshot(), selection, self.metrics)

    def show(self, answer: Sequence) -> None:
        snapshot, compares = self.state.snapshot(), self.state.compared() is not None
        cards = [_card(kpi, snapshot.currency, compares) for kpi in answer]
        for shown in cards:
            shown["pressed"] = shown["metric"] == self.state.metric
            shown["why"] = f"Why did {shown['label'].lower()} change?" if self.why and shown["change"] else ""
        self._island.tell({"cards": cards})

    def problem(self, sentence: str) -> None:
        self._island.tell({"message": sentence})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _picked(self, message: dict) -> None:
        name = message.get("metric")
        if name in self.metrics:
            self.state.commit(metric=name, **({"page": self.why} if self.why and message.get("why") else {}))


def _card(kpi: Any, currency: str | None, compares: bool) -> dict[str, Any]:
    """What one card says, in words; numbers are written here and not in the browser."""
    meant = metric(kpi.metric)
    tone, arrow = direction(kpi.metric, kpi.change, kpi.noise)
    return {
        "metric": kpi.metric,
        "label": meant.label,
        "doc": meant.doc,
        "value": theme.number(kpi.value, meant.unit, currency),
        "exact": theme.number(kpi.value, meant.unit, currency, exact=True),
        "missing": kpi.missing or "",
        "change": theme.change(kpi.change) if _is_number(kpi.change) else "",
        "tone": tone,
        "arrow": arrow,
        "words": _words(kpi, theme.number(kpi.comparison, meant.unit, currency), compares),
        "spark": spark_runs(() if kpi.spark is None else kpi.spark),
    }


def _words(kpi: Any, compared: str, compares: bool) -> str:
    if kpi.brief:
        return kpi.brief
    if not compares:
        return ""
    if not _is_number(kpi.comparison):
        return "nothing to compare with"
    if kpi.noise:
        return f"within noise of {compared}"
    return f"from {compared}"


def direction(name: str, change: float | None, noise: bool | None) -> tuple[str, str]:
    """Tone (`good`, `bad` or `calm`) and arrow of a change: the metric decides what is welcome, not the sign."""
    if not _is_number(change) or abs(change) < 0.0005:
        return "calm", ""
    arrow = "up" if change > 0 else "down"
    welcome = METRICS[name].up_is_good
    if noise or welcome is None:
        return "calm", arrow
    return ("good" if (change > 0) == welcome else "bad"), arrow


# One point alone is a speck and no course.
_FEWEST = 2


def spark_runs(points: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """The points as runs of coordinates in a 100 x 28 box; a gap in the data is a gap in the line.

    The box spans from zero or the lowest value upwards, but a calm course stays calm: the span is at
    least a tenth of the largest value, so that a change of 1% is not drawn as a cliff.
    """
    known = [p for p in points if _is_number(p)]
    if len(known) < _FEWEST:
        return []
    low, high = min(known), max(known)
    span = max(high - low, abs(high) * 0.1, 1e-12)
    middle = (low + high) / 2
    step = 100 / max(len(points) - 1, 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for i, p in enumerate(points):
        if not _is_number(p):
            runs.append([])
            continue
        runs[-1].append((round(i * step, 1), round(14 - (p - middle) / span * 22, 1)))
    return [run if len(run) > 1 else [run[0], (run[0][0] + 0.5, run[0][1])] for run in runs if run]


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
