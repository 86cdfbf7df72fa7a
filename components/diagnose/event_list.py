"""What was unusual: the days that were not what was to be expected of them, those that moved the most money first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import panel as pn
import param

from components import theme
from components.diagnose import BROWSER
from components.island import Island, module, styled
from components.safe import plain
from components.slow_view import SlowView
from engine.diagnose.anomalies import Anomalies, Anomaly, anomalies
from engine.dimensions import DIMENSIONS
from engine.metrics import METRICS, metric
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

# Shown at once; the rest a click away.
MOST = 8


class EventsCard(Island):
    """Draws the events and says which one was clicked."""

    _stylesheets = styled("events", BROWSER)
    _esm = module("events", BROWSER)


class EventList(SlowView):
    """Every watched series' anomalies of the days in question; one is picked to be drawn beside the list."""

    working = "Watching every series…"
    picked = param.ClassSelector(class_=Anomaly, allow_None=True, doc="The event that is drawn; None draws the whole.")

    def build(self) -> None:
        super().build()
        self._island = EventsCard()
        self._island.say = self._said
        self._answer: Anomalies | None = None
        self._all = False

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Anomalies]:
        snapshot = self.state.snapshot()
        return lambda: anomalies(snapshot, selection)

    def waiting(self, sentence: str) -> None:
        told = self._island.told()
        self._island.tell({**told, "busy": True} if told.get("events") else {"message": sentence, "busy": True})

    def show(self, answer: Anomalies) -> None:
        if self._answer is not answer:
            self._answer, self._all = answer, False
        if self.picked not in answer.anomalies:
            self.picked = None
        self._draw()

    def problem(self, sentence: str) -> None:
        self._answer = self.picked = None
        self._island.tell({"message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _draw(self) -> None:
        found, snapshot = self._answer.anomalies, self.state.snapshot()
        shown = found if self._all else found[:MOST]
        message = "" if found else (
            f"Nothing unusual in {theme.days(self.state.window())} in any of {self._answer.series:,} series."
        )  # fmt: skip
        self._island.tell({
            "title": "What was unusual",
            "note": f"{self._answer.series:,} series watched, ranked by the money they moved; "
            "click one to see it" if found else "",
            "message": message,
            "events": [_event(one, snapshot, one == self.picked) for one in shown],
            "rest": f"Show all {len(found):,}" if len(found) > len(shown) else "",
        })  # fmt: skip

    def _said(self, message: dict) -> None:
        if self._answer is None:
            return
        found = self._answer.anomalies
        if message.get("all"):
            self._all = True
            self._draw()
        elif isinstance(place := message.get("event"), int) and 0 <= place < len(found):
            self.picked = None if found[place] == self.picked else found[place]
            self._draw()
        elif isinstance(place := message.get("into"), int) and 0 <= place < len(found):
            self._into(found[place])

    def _into(self, one: Anomaly) -> None:
        """Look at the event's days against the same weekdays just before, where it was seen."""
        window = Window.inclusive(one.start, one.end)
        back = timedelta(days=7 * -(-window.days // 7))
        asked = self.state.selection()
        for name, value in one.where:
            asked = asked.where(name, (value,))
        before = Window(window.start - back, window.end - back)
        self.state.commit(
            window=window, against=Against.PREVIOUS, custom=before, filters=asked.filters, metric=one.metric, table=""
        )


def _event(one: Anomaly, snapshot: Snapshot, picked: bool) -> dict[str, Any]:
    meant, currency = metric(one.metric), snapshot.currency
    money = METRICS["revenue"].unit
    figures = f"{theme.number(one.actual, meant.unit, currency)}, {theme.number(one.expected, meant.unit, currency)}"
    expected = "had the level before gone on" if one.kind == "level shift" else "expected"
    seen = f"; also in {len(one.members):,} more series" if one.members else ""
    welcome = meant.up_is_good
    rose = one.actual > one.expected
    return {
        "key": f"{one.start} {one.metric} {one.where}",
        "days": theme.days(Window.inclusive(one.start, one.end)),
        "where": plain(f"{meant.label}{_where(one.where, snapshot)}", 120),
        "label": one.label or "",
        "money": "" if one.money is None else theme.signed(one.money, money, currency),
        "exact": "" if one.money is None else theme.signed(one.money, money, currency, exact=True),
        "tone": "calm" if welcome is None else "good" if rose == welcome else "bad",
        "detail": f"{one.kind.capitalize()}: {figures} {expected}{seen}",
        "picked": picked,
        "causes": _causes(one, snapshot),
    }


def _where(where: tuple[tuple[str, str], ...], snapshot: Snapshot) -> str:
    return "".join(f" · {DIMENSIONS[name].label} {snapshot.label(name, key)}" for name, key in where)


def _causes(one: Anomaly, snapshot: Snapshot) -> list[str]:
    said = [
        f"{theme.share(cause.share)} of it: {' × '.join(snapshot.label(*pair) for pair in cause.where)}"
        for cause in one.causes
        if not set(cause.where) <= set(one.where)
    ]
    return [plain(text, 200) for text in said]
