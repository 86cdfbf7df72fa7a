"""The case files of a shop: the list, one of them with its evidence and note, and a way back after a deletion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import panel as pn
import param

from components import theme
from components.diagnose import BROWSER
from components.island import Island, module, styled
from components.safe import plain
from components.url import decode
from components.view import View
from engine.diagnose.cases import LONGEST_NOTE, Case, CaseHead, case, cases, delete_case, out_of_date, restore_case
from engine.diagnose.cases import update_note as write_note
from engine.errors import EngineError
from engine.metrics import METRICS, Unit
from engine.selection import Selection
from engine.snapshot import Snapshot

LONGEST_SENTENCE = 700
EMPTY = (
    "Nothing is kept yet. Where Diagnose has found something worth remembering, one click keeps the question, the "
    "evidence and what was ruled out as a page of its own, pinned to the data it was found in."
)


@dataclass(frozen=True)
class Shown:
    """The list, and the case that is open."""

    heads: tuple[CaseHead, ...]
    opened: Case | None


class CaseDesk(Island):
    """Draws the cases and says what was clicked."""

    _stylesheets = styled("cases", BROWSER)
    _esm = module("cases", BROWSER)


class CaseFiles(View):
    """Findings kept: open one, write a note, see it with today's data, delete it and take that back."""

    back = param.String(default="diagnose", doc="Name of the page a case is opened in with today's data.")

    def build(self) -> None:
        self._island = CaseDesk()
        self._island.say = self._said
        self._deleted: CaseHead | None = None

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> Shown:
        store = self.state.store()
        if store is None:
            raise EngineError("Case files lie beside the shop's database; open the page with one to keep some.")
        opened = case(store.path, self.state.case) if self.state.case else None
        return Shown(cases(store.path), opened)

    def show(self, answer: Shown) -> None:
        snapshot = self.state.snapshot()
        self._island.tell({
            "cases": [_line(head, snapshot) for head in answer.heads],
            "empty": EMPTY,
            "open": _file(answer.opened, snapshot) if answer.opened else None,
            "deleted": self._gone(),
        })  # fmt: skip

    def problem(self, sentence: str) -> None:
        told = self._island.told()
        heads = told.get("cases", []) if self.state.store() is not None else []
        if self.state.case and not heads:
            heads = [_line(head, self.state.snapshot()) for head in cases(self.state.store().path)]
        self._island.tell({"message": plain(sentence, 400), "cases": heads, "empty": EMPTY, "deleted": self._gone()})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _gone(self) -> dict[str, str] | None:
        if self._deleted is None:
            return None
        return {"id": self._deleted.case_id, "words": f"Deleted: {plain(self._deleted.title, 120)}"}

    # ------------------------------------------------------------ what a visitor does

    def _said(self, message: dict) -> None:
        store = self.state.store()
        if store is None:
            return
        known = {head.case_id: head for head in cases(store.path)}
        if message.get("open") in known:
            self._deleted = None
            self.state.commit(case=message["open"])
        elif message.get("close"):
            self.state.commit(case="")
        elif message.get("begin"):
            self.state.commit(page=self.back)
        elif message.get("delete") in known:
            self._delete(store.path, known[message["delete"]])
        elif self._deleted is not None and message.get("restore") == self._deleted.case_id:
            restore_case(store.path, self._deleted.case_id)
            self._deleted = None
            self.refresh()
        elif self.state.case in known:
            self._about_the_open_one(store.path, message)

    def _delete(self, path: Any, head: CaseHead) -> None:
        delete_case(path, head.case_id)
        self._deleted = head
        if self.state.case == head.case_id:
            self.state.commit(case="")
        else:
            self.refresh()

    def _about_the_open_one(self, path: Any, message: dict) -> None:
        if isinstance(note := message.get("note"), str):
            write_note(path, self.state.case, note[:LONGEST_NOTE])
            self.refresh()
        elif message.get("live"):
            snapshot = self.state.snapshot()
            read = decode(case(path, self.state.case).question, self.state.default(), snapshot)
            self.state.show(read.choice.picked(page=self.back, case=""))
            self.state.notice = " ".join(read.problems)


def _line(head: CaseHead, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": head.case_id,
        "title": plain(head.title, 200),
        "about": f"{_moment(head.created_at)} · {plain(head.asked, 200)}",
        "stale": out_of_date(head, snapshot) is not None,
    }


def _moment(text: str) -> str:
    """When a case was saved, as a person reads it."""
    try:
        return f"{theme.day(datetime.fromisoformat(text).date())}"
    except ValueError:
        return ""


# ---------------------------------------------------------------- an open case


def _file(kept: Case, snapshot: Snapshot) -> dict[str, Any]:
    evidence = _dict(kept.results.get("explanation"))
    unit = METRICS[kept.metric].unit if kept.metric in METRICS else Unit.NUMBER
    currency = evidence.get("currency")
    writer = _Writer(unit, currency if isinstance(currency, str) else None)
    return {
        "id": kept.case_id,
        "title": plain(kept.title, 200),
        "about": f"Kept on {_moment(kept.created_at)} · {plain(kept.asked, 300)}",
        "stale": out_of_date(kept, snapshot) or "",
        "sentences": [plain(text, LONGEST_SENTENCE) for text in kept.sentences if text != kept.title],
        "causes": [writer.cause(_dict(one)) for one in _list(evidence.get("causes"))],
        "tables": writer.tables(evidence),
        "ruled": [plain(text, LONGEST_SENTENCE) for text in kept.ruled_out],
        "problems": [
            plain(_dict(one).get("sentence", ""), LONGEST_SENTENCE) for one in _list(evidence.get("problems"))
        ],
        "note": kept.note,
        "longest_note": LONGEST_NOTE,
        "link": urlencode({"page": "cases", "case": kept.case_id}),
    }


@dataclass(frozen=True)
class _Writer:
    """Writes what evidence holds; a part that is not of the expected form is left out."""

    unit: Unit
    currency: str | None

    def cause(self, one: Mapping[str, Any]) -> str:
        before, now = self.figure(one.get("comparison")), self.figure(one.get("value"))
        said = f"{plain(one.get('label', ''), 160)}: {before} before, {now} now"
        share = one.get("share")
        return f"{said}, {theme.share(share)} of what is beyond the season" if _is_number(share) else said

    def tables(self, evidence: Mapping[str, Any]) -> list[dict[str, Any]]:
        made = [self._factors(_dict(evidence.get("factors")))]
        made += [self._split(_dict(one)) for one in _list(evidence.get("splits"))[:2]]
        return [table for table in made if table["rows"]]

    def _factors(self, bridge: Mapping[str, Any]) -> dict[str, Any]:
        parts = [_dict(part) for part in _list(bridge.get("parts"))]
        rows = [
            [plain(part.get("label", ""), 80), *(self._of(part, name) for name in ("comparison", "value")),
             self.figure(part.get("contribution"), theme.signed)]
            for part in parts
        ]  # fmt: skip
        return {"title": "What the change is made of", "heads": ["Factor", "Before", "Now", "Adds"], "rows": rows}

    def _of(self, part: Mapping[str, Any], name: str) -> str:
        unit = part.get("unit")
        known = Unit(unit) if unit in list(Unit) else self.unit
        return theme.number(part[name], known, self.currency) if _is_number(part.get(name)) else theme.NO_VALUE

    def _split(self, split: Mapping[str, Any]) -> dict[str, Any]:
        rows = []
        for part in map(_dict, _list(split.get("parts"))[:12]):
            figures = [self.figure(part.get(name)) for name in ("comparison", "value")]
            rows.append(
                [plain(part.get("label", ""), 80), *figures, self.figure(part.get("contribution"), theme.signed)]
            )
        axis = plain(str(split.get("axis", "")).replace("_", " "), 40)
        return {"title": f"By {axis}", "heads": [axis.capitalize(), "Before", "Now", "Adds"], "rows": rows}

    def figure(self, value: Any, write: Any = theme.number) -> str:
        return write(value, self.unit, self.currency) if _is_number(value) else theme.NO_VALUE


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list:
    return list(value) if isinstance(value, list | tuple) else []
