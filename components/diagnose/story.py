"""What changed, by how much, how much of it is normal, and why, in a few sentences; kept as a case by one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from components import theme
from components.diagnose import BROWSER
from components.diagnose.asking import explained
from components.island import Island, module, styled
from components.kpi_cards import direction
from components.safe import plain
from components.slow_view import SlowView
from components.url import link
from engine.diagnose.cases import Finding, in_words, save_case
from engine.diagnose.explanation import Change, Explanation
from engine.diagnose.ruled_out import in_words as ruled_out_in_words
from engine.diagnose.sentences import sentences
from engine.metrics import HEADLINES, METRICS, metric
from engine.selection import Selection

LONGEST_SENTENCE = 700


class StoryCard(Island):
    """Draws the story and says what was clicked."""

    _stylesheets = styled("story", BROWSER)
    _esm = module("story", BROWSER)


class Story(SlowView):
    """The answer in words and figures; the figure in question is picked here."""

    def build(self) -> None:
        super().build()
        self._island = StoryCard()
        self._island.say = self._said
        self._answer: Explanation | None = None
        self._kept = ""

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Explanation]:
        return explained(self.state, selection)

    def waiting(self, sentence: str) -> None:
        told = self._island.told()
        stays = told if told.get("headline") else {"message": sentence}
        self._island.tell({**stays, **self._metrics(), "busy": True})

    def show(self, answer: Explanation) -> None:
        if self._answer is None or (answer.selection, answer.metric) != (self._answer.selection, self._answer.metric):
            self._kept = ""
        self._answer = answer
        said = [plain(text, LONGEST_SENTENCE) for text in sentences(answer)]
        first, *rest = said[1:] if answer.blocking else said
        moved = answer.change
        self._island.tell({
            **self._metrics(),
            "headline": first,
            "tone": "calm" if moved is None else _tone(answer.metric, moved.absolute, moved.tag == "noise"),
            "sentences": rest,
            "problems": [_problem(problem, answer.currency) for problem in answer.problems],
            "figures": _figures(answer),
            "kept": self._kept,
            "can_keep": self.state.store() is not None,
        })  # fmt: skip

    def problem(self, sentence: str) -> None:
        self._answer = None
        self._island.tell({**self._metrics(), "message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _metrics(self) -> dict[str, Any]:
        snapshot = self.state.snapshot()
        known = [name for name in METRICS if snapshot.missing(name) is None]
        names = [name for name in HEADLINES if name in known]
        return {
            "metric": self.state.metric,
            "metrics": [[name, METRICS[name].label] for name in names],
            "others": [[name, METRICS[name].label] for name in known if name not in names],
        }

    def _said(self, message: dict) -> None:
        if message.get("metric") in METRICS:
            self.state.commit(metric=message["metric"])
        elif message.get("keep") and self._answer is not None and self.state.store() is not None:
            self._keep(self._answer)
        elif message.get("open") and message["open"] == self._kept:
            self.state.commit(page="cases", case=self._kept)

    def _keep(self, answer: Explanation) -> None:
        snapshot, said = self.state.snapshot(), sentences(answer)
        finding = Finding(
            title=plain(said[-1 if answer.blocking else 0], 160),
            metric=answer.metric,
            question=link(self.state),
            asked=in_words(snapshot, answer.selection),
            sentences=said,
            results={"explanation": answer},
            ruled_out=tuple(ruled_out_in_words(one) for one in answer.ruled_out),
        )
        self._kept = save_case(self.state.store().path, finding, snapshot).case_id
        self.show(answer)


def _tone(name: str, absolute: float, noise: bool) -> str:
    return direction(name, absolute if abs(absolute) >= 0.0005 else 0.0, noise)[0]


def _problem(problem: Any, currency: str | None) -> dict[str, Any]:
    rows = [[row.order_id, row.date, theme.number(row.amount, METRICS["revenue"].unit, currency, exact=True)]
            for row in problem.examples]  # fmt: skip
    return {
        "label": problem.label,
        "tone": "bad" if problem.blocks_cause else "calm",
        "words": plain(problem.sentence, LONGEST_SENTENCE),
        "rows": [[plain(cell, 60) for cell in row] for row in rows],
    }


def _figures(answer: Explanation) -> list[dict[str, Any]]:
    """The change as a reckoning: before, now, the change, what of it is normal, what is left."""
    unit, currency = metric(answer.metric).unit, answer.currency

    def figure(label: str, value: float | None, *, signed: bool = False, note: str = "", tone: str = "") -> dict:
        write = theme.signed if signed else theme.number
        exact = write(value, unit, currency, exact=True)
        return {"label": label, "value": write(value, unit, currency), "exact": exact, "note": note, "tone": tone}

    made = [figure("Now", answer.value)]
    if answer.comparison is not None:
        made.append(figure("Before", answer.comparison))
    change, usual = answer.change, answer.usual
    if change is not None:
        tone = _tone(answer.metric, change.absolute, change.tag == "noise")
        found = figure("Change", change.absolute, signed=True, note=_TAGS.get(change.tag, ""), tone=tone)
        made.append(found | {"range": _range(change, unit, currency)})
    if change is not None and usual is not None:
        note = f"what {usual.name} would have done"
        made.append(figure("Normal for the time", usual.absolute, signed=True, note=note))
        made.append(figure("Beyond that", usual.beyond, signed=True, tone=_tone(answer.metric, usual.beyond, False)))
    return made


_TAGS = {"signal": "signal, likely between", "noise": "within what chance does"}


def _range(change: Change, unit: Any, currency: str | None) -> list[str]:
    """The ends of a change's interval."""
    if change.low is None or change.high is None:
        return []
    return [theme.signed(value, unit, currency) for value in (change.low, change.high)]
