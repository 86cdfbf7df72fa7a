"""What moves customers, in sentences and rows: the chain from delivery to money, satisfaction, churn, correlation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import panel as pn

from components import theme
from components.diagnose import BROWSER
from components.island import Island, module, styled
from components.safe import plain
from components.slow_view import SlowView
from engine.diagnose.drivers import Drivers, drivers
from engine.metrics import Unit
from engine.selection import Selection

# The 5% that all findings of the engine are held against.
SIGNIFICANT = 0.05
# Rows of a card; what tells less comes after.
MOST_ROWS = 10


class FindingsCard(Island):
    """Draws sentences and rows with intervals."""

    _stylesheets = styled("findings", BROWSER)
    _esm = module("findings", BROWSER)


class MatrixCard(Island):
    """Draws a table of coloured cells."""

    _stylesheets = styled("matrix", BROWSER)
    _esm = module("matrix", BROWSER)


class DriverCard(SlowView):
    """One question about what moves customers; all cards share one answer."""

    island: ClassVar[type[Island]] = FindingsCard
    title: ClassVar[str] = ""
    part: ClassVar[str] = ""

    def build(self) -> None:
        super().build()
        self._island = self.island()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Drivers]:
        snapshot = self.state.snapshot()
        return lambda: drivers(snapshot, selection)

    def waiting(self, sentence: str) -> None:
        told = self._island.told()
        self._island.tell({**told, "busy": True} if told.get("title") else {"title": self.title, "message": sentence})

    def show(self, answer: Drivers) -> None:
        found = getattr(answer, self.part)
        missing = [plain(text, 400) for name, text in answer.missing if name == self.part]
        if found is None:
            self._island.tell({"title": self.title, "message": " ".join(missing) or "This cannot be told."})
            return
        told = {"title": self.title, "sentences": [plain(text, 500) for text in found.sentences]}
        self._island.tell({**told, **self.rows(found), **_missing(missing)})

    def rows(self, found: Any) -> dict[str, Any]:
        """The rows of the card."""
        return {}

    def problem(self, sentence: str) -> None:
        self._island.tell({"title": self.title, "message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)


class ChainCard(DriverCard):
    """From a day of delivery to points, to repeat purchase, to money."""

    title = "From delivery to satisfaction to the next order"
    part = "dose"


class SatisfactionCard(DriverCard):
    """What moves the score, each with all the others held."""

    title = "What moves satisfaction"
    part = "satisfaction"

    def rows(self, found: Any) -> dict[str, Any]:
        values = [(part.label, value) for part in found.parts for value in part.values]
        strong = sorted(values, key=lambda pair: (pair[1].q > SIGNIFICANT, -abs(pair[1].difference.value)))[:MOST_ROWS]
        span = _Span([v.difference.low for _, v in strong], [v.difference.high for _, v in strong], 0.0)
        return {
            "heads": ["Beside the average", "", "Points", "95%"],
            "rows": [
                {
                    "label": plain(f"{value.label} ({label.lower()})", 80),
                    **span.bar(value.difference.low, value.difference.value, value.difference.high, up_is_good=True),
                    "said": theme.signed(value.difference.value, Unit.SCORE),
                    "exact": f"{value.orders:,} orders",
                    "range": _range(value.difference, lambda v: theme.signed(v, Unit.SCORE)),
                    "quiet": value.q > SIGNIFICANT,
                }
                for label, value in strong
            ],
        }


class ChurnCard(DriverCard):
    """What makes staying away likelier, as odds."""

    title = "Who stays away"
    part = "churn"

    def rows(self, found: Any) -> dict[str, Any]:
        shown = found.factors[:MOST_ROWS]
        logs = [(math.log(f.odds.low), math.log(f.odds.high)) for f in shown]
        span = _Span([low for low, _ in logs], [high for _, high in logs], 0.0)
        return {
            "heads": ["Odds of staying away", "", "Times", "95%"],
            "rows": [
                {
                    "label": plain(factor.step, 80),
                    **span.bar(*(math.log(v) for v in (factor.odds.low, factor.odds.value, factor.odds.high)),
                               up_is_good=False),
                    "said": f"{factor.odds.value:.2f}",
                    "exact": plain(factor.label, 80),
                    "range": _range(factor.odds, lambda v: f"{v:.2f}"),
                    "quiet": factor.q > SIGNIFICANT,
                }
                for factor in shown
            ],
        }  # fmt: skip


class CorrelationCard(DriverCard):
    """Which quantities go together, as a table of ranks' correlations."""

    island = MatrixCard
    title = "What goes together"
    part = "correlation"

    def rows(self, found: Any) -> dict[str, Any]:
        labels = [plain(label, 40) for label in found.labels]
        rows = []
        for i, one in enumerate(found.names[1:], 1):
            cells = [self._cell(found.pair(one, two)) for two in found.names[:i]]
            rows.append({"label": labels[i].capitalize(), "cells": cells})
        return {"heads": [label.capitalize() for label in labels[:-1]], "rows": rows, "note": plain(found.note, 400)}

    def _cell(self, pair: Any) -> dict[str, Any] | None:
        if pair is None:
            return None
        value = pair.spearman.value
        quiet = not pair.significant
        fill = theme.correlation_color(0.0 if quiet else value, self.state.dark)
        between = _range(pair.spearman, lambda v: f"{v:+.2f}".replace("-", theme.MINUS))
        kin = "; one is made of the other" if pair.kin else ""
        chance = "within what chance does" if quiet else "more than chance"
        return {
            "said": f"{value:+.2f}".replace("-", theme.MINUS),
            "fill": fill,
            "ink": theme.readable_on(fill) if not quiet else theme.palette(self.state.dark).faint,
            "quiet": quiet,
            "hint": f"{between}, {pair.n:,} {pair.of}s, {chance}{kin}",
        }

    def recolor(self, dark: bool) -> None:
        super().recolor(dark)
        if self._island.told().get("rows"):
            self.refresh()


class _Span:
    """Where values lie on an axis that all rows of a card share; `zero` is where there is no effect."""

    def __init__(self, lows: Sequence[float], highs: Sequence[float], zero: float) -> None:
        self.low, self.high, self.zero = min([zero, *lows]), max([zero, *highs]), zero
        self.span = (self.high - self.low) or 1.0

    def bar(self, low: float, value: float, high: float, *, up_is_good: bool) -> dict[str, str]:
        """An interval with its estimate, as CSS."""
        certain = low > self.zero or high < self.zero
        tone = ("good" if (value > self.zero) == up_is_good else "bad") if certain else ""
        place = lambda v: f"{(v - self.low) / self.span:.2%}"  # noqa: E731
        return {"left": place(low), "width": f"{(high - low) / self.span:.2%}", "mid": place(value),
                "zero": place(self.zero), "tone": tone}  # fmt: skip


def _range(effect: Any, write: Callable[[float], str]) -> str:
    return f"{write(effect.low)} to {write(effect.high)}"


def _missing(texts: list[str]) -> dict[str, Any]:
    return {"missing": texts, "missing_title": f"What could not be told ({len(texts)})"} if texts else {}
