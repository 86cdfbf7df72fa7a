"""What is filtered, each part removable; one click resets, one copies a link, and notices are said here."""

from __future__ import annotations

from typing import Any

import panel as pn

from components import theme
from components.island import Island, module, styled
from components.safe import plain
from components.url import link
from components.view import View
from engine.describe import gap
from engine.dimensions import DIMENSIONS
from engine.selection import Selection
from engine.snapshot import Snapshot

# More chips than this of one dimension would push the numbers off a phone's first screen.
_MOST_CHIPS = 3


class CrumbTrail(Island):
    """Draws the trail and says what was clicked."""

    _stylesheets = styled("breadcrumb")
    _esm = module("breadcrumb")


class Breadcrumb(View):
    """One line that says what the numbers are about, with a way back from each part of it."""

    def build(self) -> None:
        self._island = CrumbTrail()
        self._island.say = self._said
        self.state.param.watch(lambda event: self.refresh(), "notice")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> dict[str, Any]:
        snapshot = self.state.snapshot()
        has_days = snapshot.last_day is not None
        return {
            "days": theme.days(selection.window) if has_days else "This shop has no sales yet",
            "compared": self._compared(selection) if has_days else "",
            "chips": [chip for name, values in selection.filters for chip in _chips(snapshot, name, values)],
            "touched": not self.state.is_untouched,
            "undo": self.state.can_undo,
            "link": link(self.state),
            "notice": plain(self.state.notice, 600),
        }

    def show(self, answer: dict[str, Any]) -> None:
        self._island.tell(answer)

    def problem(self, sentence: str) -> None:
        self._island.tell({"days": "", "notice": plain(sentence, 600), "touched": True})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _said(self, message: dict) -> None:
        if message.get("heard"):
            self.state.notice = ""
        elif message.get("reset"):
            self.state.reset()
        elif message.get("undo"):
            self.state.undo()
        elif "remove" in message:
            self._remove(*message["remove"])

    def _compared(self, selection: Selection) -> str:
        """The end of the sentence: what the numbers are compared with, and why no change is told where none is."""
        window, why = self.state.compared(), gap(self.state.snapshot(), selection)
        words = f" compared with {theme.days(window)}" if window is not None else ""
        return f"{words}. {why.note}" if why else words

    def _remove(self, name: str, value: str | None = None) -> None:
        picked = self.state.selection().values(name) if name in DIMENSIONS else ()
        self.state.filter(name, () if value is None else tuple(v for v in picked if v != value)) if picked else None


def _chips(snapshot: Snapshot, name: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
    label = DIMENSIONS[name].label
    if len(values) > _MOST_CHIPS:
        words = f"{len(values)} picked"
        return [{"key": name, "label": label, "name": words, "remove": f"Lift the filter on {label.lower()}",
                 "filter": [name, None]}]  # fmt: skip
    return [
        {"key": f"{name} {value}", "label": label, "name": said, "remove": f"Remove {label.lower()} {said}",
         "filter": [name, value]}
        for value, said in ((value, plain(snapshot.label(name, value), 60)) for value in values)
    ]  # fmt: skip
