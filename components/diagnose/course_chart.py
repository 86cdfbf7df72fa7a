"""A figure by day or week inside the band that the season leaves to chance, with what fell out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import param
from bokeh.plotting import figure as Figure

from components import theme
from components.chart_view import ChartView
from components.diagnose.event_list import EventList
from components.live_chart import Blueprint, hover, plotter, share_marks, tooltip
from components.slow_view import SlowView
from engine.diagnose.anomalies import Anomaly, anomalies
from engine.diagnose.anomalies.course import Course, course
from engine.metrics import metric
from engine.selection import Selection, Window

_COLUMNS = ("start", "actual", "expected", "low", "high", "spike", "dip", "when", "said", "usual", "word")


def _plot() -> Any:
    days = np.array(["2024-01-01", "2024-01-02"], dtype="datetime64[ns]")
    frame = plotter({"start": days, **{name: [1.0, 2.0] for name in ("expected", "actual", "spike", "dip")}})
    lines = [frame.line(x="start", y=y, shared_axes=False) for y in ("expected", "actual")]
    marks = [frame.scatter(x="start", y=y, shared_axes=False) for y in ("spike", "dip")]
    return lines[0] * lines[1] * marks[0] * marks[1]


def _dress(figure: Figure) -> None:
    source = figure.renderers[0].data_source
    source.data = {c: [] for c in _COLUMNS}
    for renderer, name in zip(figure.renderers, ("expected", "actual", "spikes", "dips"), strict=True):
        renderer.update(name=name, data_source=source)
    expected, actual, spikes, dips = figure.renderers
    expected.glyph.update(line_width=1.4, line_dash=[5, 4], line_cap="round")
    actual.glyph.update(line_width=1.8, line_join="round", line_cap="round")
    # Told apart without their colours.
    spikes.glyph.update(y="spike", size=11, line_width=2, marker="triangle")
    dips.glyph.update(y="dip", size=11, line_width=2, marker="inverted_triangle")
    figure.varea(x="start", y1="low", y2="high", source=source, name="band", fill_alpha=0.13, level="underlay")
    share_marks(figure)
    figure.center = [figure.ygrid[0]]
    hover(figure, [actual], mode="vline")


def _color(figure: Figure, dark: bool) -> None:
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    found["expected"].glyph.line_color = colors.before
    found["actual"].glyph.line_color = colors.accent
    found["band"].glyph.fill_color = colors.before
    found["spikes"].glyph.update(line_color=colors.good, fill_color=colors.surface)
    found["dips"].glyph.update(line_color=colors.bad, fill_color=colors.surface)
    figure.hover[0].tooltips = tooltip(("when", "said", "usual", "word"), dark)


COURSE = Blueprint("course", _plot, _dress, _color)

# An event is drawn with so much of the days before and after it.
BEFORE, AFTER = timedelta(days=56), timedelta(days=28)
# Fewer days than these have no course of their own; they are drawn with those around them as well.
FEWEST = 14


class CourseChart(SlowView, ChartView):
    """The picked event's series, or the metric in question, inside of what the season leaves to chance.

    Parameters
    ----------
    events : the list whose picked event is drawn
    """

    blueprint = COURSE
    height = 420
    events = param.ClassSelector(class_=EventList, doc="The list whose picked event is drawn.")

    def build(self) -> None:
        SlowView.build(self)
        ChartView.build(self)
        self.title = self.title or "Against what was to be expected"
        if self.events is not None:
            self.events.param.watch(lambda event: self.refresh(), "picked")

    def question(self, selection: Selection) -> Callable[[], Any]:
        snapshot, picked = self.state.snapshot(), self.events.picked if self.events else None
        asked, name, where = selection, self.state.metric, ()
        if picked is not None:
            name, where = picked.metric, picked.where
            asked = _around(snapshot, selection, Window.inclusive(picked.start, picked.end))
        elif selection.window.days < FEWEST:
            asked = _around(snapshot, selection, selection.window)

        def drawn() -> tuple[Course, tuple[Anomaly, ...]]:
            found = anomalies(snapshot, selection).anomalies
            same = tuple(one for one in found if (one.metric, one.where) == (name, where))
            return course(snapshot, asked, name, where), same or ((picked,) if picked else ())

        return drawn

    def waiting(self, sentence: str) -> None:
        self._shown = self._shown or {"title": self.title}
        if not self.chart.figure.visible:
            self.empty(sentence)

    def show(self, answer: tuple[Course, tuple[Anomaly, ...]]) -> None:
        found, events = answer
        meant = metric(found.metric)
        where = "".join(f" · {self.state.snapshot().label(*pair)}" for pair in found.where)
        self.heading(f"{meant.label} by {found.grain}{where}", note=meant.doc, legend=self._legend(bool(events)))
        if not np.isfinite(found.actual).any():
            self.empty(
                f"No whole day with {meant.label.lower()} in {theme.days(self.state.window())}; choose other days."
            )
            return
        self._draw(found, events, meant)
        self.full()

    def _draw(self, found: Course, events: tuple[Anomaly, ...], meant: Any) -> None:
        currency = self.state.snapshot().currency
        starts = found.starts.astype("datetime64[D]").tolist()
        said = [theme.number(value, meant.unit, currency, exact=True) for value in found.actual]
        usual = [f"{theme.number(a, meant.unit, currency)} to {theme.number(b, meant.unit, currency)} expected"
                 if np.isfinite(a) else "" for a, b in zip(found.low, found.high, strict=True)]  # fmt: skip
        marks = _marks(found, starts, events)
        self.chart.feed("actual", {
            "start": found.starts.astype("datetime64[ms]"),
            "actual": found.actual, "expected": found.expected, "low": found.low, "high": found.high,
            "spike": np.where(marks > 0, found.actual, np.nan), "dip": np.where(marks < 0, found.actual, np.nan),
            "when": [theme.bucket(start, found.grain) for start in starts],
            "said": said, "usual": usual, "word": ["" if not mark else "unusual" for mark in marks],
        })  # fmt: skip
        known = [of[np.isfinite(of)] for of in (found.actual, found.high, found.low)]
        everything = np.concatenate(known)
        bottom = float(everything.min())
        ticks = theme.value_ticks(float(everything.max()), bottom if meant.is_ratio else min(bottom, 0.0))
        self.chart.values(ticks, theme.tick_labels(ticks, meant.unit, currency))
        self.chart.dates(starts, found.grain)

    def _legend(self, marked: bool) -> list[dict]:
        colors = theme.palette(self.state.dark)
        lines = [
            {"name": "Actual", "color": colors.accent},
            {"name": "Expected, and the range of 95 in 100", "color": colors.before, "dashed": True},
        ]
        return [*lines, {"name": "\u25b2 unusually high, \u25bc unusually low", "quiet": True}] if marked else lines


def _around(snapshot: Any, selection: Selection, window: Window) -> Selection:
    whole = snapshot.whole()
    start, end = max(window.start - BEFORE, whole.start), min(window.end + AFTER, whole.end)
    return selection.over(Window(start, end)) if start < end else selection


def _marks(found: Course, starts: list, events: tuple[Anomaly, ...]) -> np.ndarray:
    """(n,) 1 for a bucket of a spike, -1 for one of a dip, 0 for what was to be expected."""
    marks, days = np.zeros(len(starts), int), 7 if found.grain == "week" else 1
    for one in events:
        sign = 1 if one.actual > one.expected else -1
        for place, start in enumerate(starts):
            if start <= one.end and one.start < start + timedelta(days=days):
                marks[place] = sign
    return marks
