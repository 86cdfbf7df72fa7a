"""The two dose-responses: the score by delivery day, and the share that comes back by score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components import theme
from components.chart_view import ChartView
from components.diagnose.dose_chart import DOSE
from components.slow_view import SlowView
from engine.diagnose.drivers import Drivers, drivers
from engine.metrics import Unit
from engine.selection import Selection

# Diameters in pixels of the rarest and the most frequent dose.
SMALLEST, LARGEST = 7, 15


@dataclass(frozen=True)
class Dots:
    """What a dose-response draws: doses with their means and intervals, and how many orders each rests on."""

    doses: Sequence[float]
    labels: Sequence[str]
    effects: Sequence[Any]
    orders: Sequence[int]
    line: Sequence[float]


class DoseView(SlowView, ChartView):
    """A dose-response, with the line that the regression gives."""

    blueprint = DOSE
    height = 290

    def build(self) -> None:
        SlowView.build(self)
        ChartView.build(self)

    def question(self, selection: Selection) -> Callable[[], Drivers]:
        snapshot = self.state.snapshot()
        return lambda: drivers(snapshot, selection)

    def waiting(self, sentence: str) -> None:
        self._shown = {"title": self.title}
        self.empty(sentence)

    def missing(self, answer: Drivers) -> str:
        """Why there is nothing to draw."""
        return " ".join(text for name, text in answer.missing if name == "dose") or "This cannot be told."

    def draw(self, dots: Dots, unit: Unit, words: str) -> None:
        """Feed the figure."""
        low, high = (np.array([getattr(e, name) for e in dots.effects], float) for name in ("low", "high"))
        mean = np.array([e.value for e in dots.effects], float)
        reach = [f"95%: {theme.number(a, unit)} to {theme.number(b, unit)}" for a, b in zip(low, high, strict=True)]
        weight = np.sqrt(np.asarray(dots.orders, float) / max(max(dots.orders), 1))
        self.chart.feed("points", {
            "dose": np.asarray(dots.doses, float), "mean": mean, "low": low, "high": high,
            "size": SMALLEST + (LARGEST - SMALLEST) * weight,
            "name": list(dots.labels),
            "said": [f"{theme.number(v, unit)} {words}" for v in mean],
            "range": reach,
            "count": [f"{n:,} orders" for n in dots.orders],
        })  # fmt: skip
        self.chart.feed("line", {"dose": np.asarray(dots.doses, float), "line": np.asarray(dots.line, float)})
        ticks = theme.value_ticks(float(np.nanmax(high)), float(np.nanmin(low)))
        self.chart.values(ticks, theme.tick_labels(ticks, unit))
        self.chart.doses(dots.doses, dots.labels)
        self.full()


class DeliveryDose(DoseView):
    """Adjusted satisfaction by the days a delivery took."""

    def show(self, answer: Drivers) -> None:
        slope = answer.dose.slope if answer.dose else None
        self.heading("Satisfaction by days of delivery", note=_held(slope))
        if slope is None:
            self.empty(self.missing(answer))
            return
        doses = [float(day.first) for day in slope.by_day]
        effects, orders = [day.score for day in slope.by_day], [day.orders for day in slope.by_day]
        labels = [f"{day.first}+ days" if day.last is None else _days(day.first, day.last) for day in slope.by_day]
        centre = np.average(doses, weights=orders), np.average([e.value for e in effects], weights=orders)
        line = [centre[1] + slope.per_day.value * (dose - centre[0]) for dose in doses]
        per_day = f"{theme.signed(slope.per_day.value, Unit.SCORE)} points a day"
        self.heading("Satisfaction by days of delivery", note=_held(slope), legend=[{"name": per_day, "quiet": True}])
        self.draw(Dots(doses, labels, effects, orders, line), Unit.SCORE, "points, other things equal")


class LoyaltyDose(DoseView):
    """Adjusted share of orders followed by another, by score."""

    def show(self, answer: Drivers) -> None:
        loyalty = answer.dose.loyalty if answer.dose else None
        self.heading("Coming back by satisfaction", note=_held(loyalty))
        if loyalty is None:
            self.empty(self.missing(answer))
            return
        doses = [float(rate.score) for rate in loyalty.by_score]
        effects, orders = [rate.rate for rate in loyalty.by_score], [rate.orders for rate in loyalty.by_score]
        logs = [np.log(max(e.value, 1e-9)) for e in effects]
        centre = np.average(doses, weights=orders), np.average(logs, weights=orders)
        line = [float(np.exp(centre[1] + np.log(loyalty.per_point.value) * (dose - centre[0]))) for dose in doses]
        factor = f"×{loyalty.per_point.value:.2f} a point, within {loyalty.horizon} days"
        self.heading("Coming back by satisfaction", note=_held(loyalty), legend=[{"name": factor, "quiet": True}])
        labels = [f"Score {int(dose)}" for dose in doses]
        self.draw(Dots(doses, labels, effects, orders, line), Unit.RATE, "come back, other things equal")


def _days(first: int, last: int) -> str:
    return f"{first} day{'' if first == 1 else 's'}" if first == last else f"{first}–{last} days"


def _held(found: Any) -> str:
    return f"Held: {', '.join(found.held)}." if found is not None else ""
