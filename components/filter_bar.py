"""Days, comparison and filters in one bar; on a phone it folds into two buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import panel as pn

from components import theme
from components.island import Island, module, styled
from components.safe import plain
from components.state import PRESETS
from components.view import View
from engine.describe import comparison_of
from engine.dimensions import DIMENSIONS
from engine.selection import Against, Selection, Window

# A list longer than this is searched on the server: four thousand product names would weigh 150 KB a visit.
_MOST_OPTIONS = 60


class FilterDeck(Island):
    """Draws the bar and says what was picked."""

    _stylesheets = styled("filter_bar")
    _esm = module("filter_bar")


class FilterBar(View):
    """Everything a visitor can pick, and nothing else: days, comparison, and each dimension the shop has."""

    def build(self) -> None:
        self._island = FilterDeck()
        self._island.say = self._said
        self._found: dict[str, Any] | None = None

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> dict[str, Any]:
        snapshot, window = self.state.snapshot(), selection.window
        compared = comparison_of(snapshot, selection)
        known = snapshot.last_day is not None
        return {
            "presets": [[p.name, p.label] for p in PRESETS.values()],
            "preset": self.state.preset,
            "label": PRESETS[self.state.preset].label if self.state.preset else "",
            "days": theme.days(window) if known else "No days yet",
            "first": window.start.isoformat(),
            "last": window.last.isoformat(),
            "min": snapshot.first_day.isoformat() if known else "",
            "max": snapshot.last_day.isoformat() if known else "",
            "againsts": [[a.value, theme.AGAINST_WORDS[a]] for a in Against],
            "against": selection.against.value,
            "against_label": theme.AGAINST_WORDS[selection.against],
            "compared": theme.days(compared.window) if compared is not None else "",
            "dimensions": [self._dimension(name, selection) for name in self.state.dimensions()],
        }

    def show(self, answer: dict[str, Any]) -> None:
        self._shown = answer
        self._island.tell({**answer, "found": self._found})

    def problem(self, sentence: str) -> None:
        self.state.notice = sentence

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _dimension(self, name: str, selection: Selection) -> dict[str, Any]:
        values = self.state.snapshot().values(name)
        return {
            "name": name,
            "label": DIMENSIONS[name].label,
            "plural": DIMENSIONS[name].plural.lower(),
            "total": len(values),
            "options": [self._option(name, v) for v in values[:_MOST_OPTIONS]],
            "picked": [self._option(name, v) for v in selection.values(name)],
        }

    def _said(self, message: dict) -> None:
        for word, act in self._acts().items():
            if word in message:
                act(message)
                return

    def _acts(self) -> dict[str, Callable[[dict], Any]]:
        state = self.state
        return {
            "preset": lambda m: m["preset"] in PRESETS and state.commit(preset=m["preset"]),
            "first": lambda m: self._days(str(m["first"]), str(m.get("last"))),
            "against": lambda m: m["against"] in list(Against) and state.commit(against=m["against"]),
            "toggle": lambda m: self._known(*m["toggle"]) and state.toggle(*m["toggle"]),
            "clear": lambda m: m["clear"] in DIMENSIONS and state.filter(m["clear"], ()),
            "search": lambda m: self._search(*m["search"]),
        }

    def _known(self, name: str, value: str) -> bool:
        return name in self.state.dimensions() and value in self.state.snapshot().values(name)

    def _days(self, first: str, last: str) -> None:
        try:
            ends = sorted((date.fromisoformat(first), date.fromisoformat(last)))
        except ValueError:
            self.state.notice = "Pick a first and a last day."
            return
        self.state.commit(window=Window.inclusive(*ends))

    def _search(self, name: str, words: str) -> None:
        if name not in self.state.dimensions():
            return
        asked, snapshot = str(words).lower(), self.state.snapshot()
        fits = [v for v in snapshot.values(name) if asked in snapshot.label(name, v).lower() or asked in v.lower()]
        self._found = {"name": name, "words": asked, "options": [self._option(name, v) for v in fits[:_MOST_OPTIONS]]}
        self.show(self._shown)

    def _option(self, name: str, value: str) -> list[str]:
        return [value, plain(self.state.snapshot().label(name, value), 80)]
