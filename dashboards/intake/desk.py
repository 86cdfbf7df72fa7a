"""The desk for new files: bring them, see how they would be read, settle what is open, import."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import panel as pn

from components.faults import told
from components.safe import plain
from components.state import AppState
from dashboards.intake import work
from dashboards.intake.desk_island import DeskIsland
from dashboards.intake.report import format_name
from dashboards.server import uploads
from dashboards.server.uploads import Inbox, Upload
from data.schema import names

# Rows and cells of the preview that are sent to the browser.
MOST_ROWS = 20
LONGEST_CELL = 60

_CURRENCY = re.compile(r"^[A-Z]{3}$")
_DAY_FIRST = {"": None, "day": True, "month": False}


@dataclass(frozen=True)
class Settings:
    """What the visitor settled about the files: our column to theirs, the order of day and month, the money.

    A column mapped to nothing is said not to be in the file, whatever a guess finds.
    """

    mapping: dict[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str = ""
    currency: str = ""

    @classmethod
    def read(cls, said: Any) -> Settings:
        """What a message says, with everything that is not of the expected form left out."""
        said = said if isinstance(said, dict) else {}
        mapping = said.get("mapping")
        pairs = mapping.items() if isinstance(mapping, dict) else ()
        currency = str(said.get("currency", "")).strip().upper()
        return cls(
            mapping={k: v for k, v in pairs if k in names("transactions") and isinstance(v, str)},
            day_first=_DAY_FIRST.get(str(said.get("day_first", ""))),
            decimal=said["decimal"] if said.get("decimal") in (".", ",") else "",
            currency=currency if _CURRENCY.match(currency) else "",
        )

    def job(self) -> dict[str, Any]:
        """Its part of a job for the child process."""
        return {
            "mapping": self.mapping, "day_first": self.day_first, "decimal": self.decimal, "currency": self.currency,
        }  # fmt: skip


class ImportDesk(pn.viewable.Viewer):
    """Takes files from the visitor and imports them into the shop.

    Parameters
    ----------
    state : names the shop; its version rises when new data is there
    """

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state, self._doc = state, pn.state.curdoc
        self._files: list[Upload] = []
        self._settings = Settings()
        self._shown: dict[str, Any] = {"currency": state.snapshot().currency or ""}
        # Without a session nobody could send a file, nor would anything end the inbox.
        visited = self._doc is not None and self._doc.session_context is not None
        self._inbox = Inbox(self._arrived) if visited and uploads.allowed() else None
        if self._inbox is not None:
            pn.state.on_session_destroyed(self._leave)
        self._island = DeskIsland()
        self._island.say = self._said
        self._island.darken(state.dark)
        state.param.watch(lambda event: self._island.darken(event.new), "dark")
        self._tell()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def _leave(self, session_context: object) -> None:
        self._inbox.close()

    # ------------------------------------------------------------ what the visitor does

    def _said(self, message: dict) -> None:
        """A visitor pressed something; whether that is allowed is decided here, not by what the page shows."""
        if self._inbox is None or not uploads.allowed() or self._shown.get("busy"):
            return
        act = {"preview": self._preview, "import": self._import, "clear": self._clear}.get(message.get("do"))
        if act is not None:
            self._settings = Settings.read(message.get("settings"))
            act()

    def _arrived(self, upload: Upload) -> None:
        self._doc.add_next_tick_callback(partial(self._take, upload))

    @told()
    def _take(self, upload: Upload) -> None:
        if self._shown.get("done"):
            self._files.clear()
        self._files.append(upload)
        self._settings = Settings()
        self._preview()

    def _clear(self) -> None:
        self._files.clear()
        self._tell(preview=None, done=None, problem="", busy=None)

    def _preview(self) -> None:
        if self._files:
            self._begin("preview", "Reading the first rows…", self._previewed)

    def _import(self) -> None:
        if self._files:
            self._begin("import", "Importing…", self._imported)

    # ------------------------------------------------------------ what the child process says

    def _begin(self, what: str, words: str, settled) -> None:
        self._tell(busy={"words": words, "share": None}, problem="", done=None)
        job = {"do": what, "db": str(self._state.path), "paths": [str(f.path) for f in self._files]}
        work.start(job | self._settings.job(), lambda said: self._later(said, settled))

    def _later(self, said: dict, settled) -> None:
        act = self._progress if "progress" in said else settled
        self._doc.add_next_tick_callback(partial(act, said))

    @told()
    def _progress(self, said: dict) -> None:
        words, done, of = said["progress"]
        counted = f"{plain(words, 80)}: {done:,}" + (f" of {of:,}" if of else "")
        self._tell(busy={"words": counted, "share": min(done / of, 1.0) if of else None})

    @told()
    def _previewed(self, said: dict) -> None:
        if "answer" in said:
            self._tell(busy=None, preview=_preview(said["answer"]))
        else:
            self._tell(busy=None, problem=_problem(said))

    @told()
    def _imported(self, said: dict) -> None:
        if "answer" not in said:
            self._tell(busy=None, problem=_problem(said))
            return
        self._tell(busy=None, preview=None, done=_done(said["answer"]))
        self._state.look()

    def _tell(self, **changes: Any) -> None:
        self._shown |= changes
        self._island.tell(
            {
                **self._shown,
                "allowed": self._inbox is not None,
                "key": self._inbox.key if self._inbox else "",
                "largest": uploads.LARGEST,
                "files": [{"name": f.label, "size": f.size} for f in self._files],
                "ours": list(names("transactions")),
                "settings": {
                    "mapping": self._settings.mapping,
                    "day_first": {None: "", True: "day", False: "month"}[self._settings.day_first],
                    "decimal": self._settings.decimal,
                    "currency": self._settings.currency,
                },
            }
        )


# The importer speaks to people at a terminal; here its options are fields of the page.
_FIELDS = (
    (re.compile(r"Say which is which with --map [^.]*\."), "Choose below, under Columns."),
    (re.compile(r"Say which with --day-first or --month-first\."), "Choose below, under Dates."),
    (re.compile(r'Say which with --decimal "\." or --decimal ","\.'), "Choose below, under Decimals."),
    (re.compile(r"\(--map \w+=COLUMN\)"), "(choose its column below)"),
    (re.compile(r"Settle columns with --map ours=theirs\."), "Settle the columns below."),
    (re.compile(r"--map (\w+)=('[^']*'|\w+)"), r"\1: \2 under Columns"),
)


def in_page(text: str) -> str:
    """The importer's sentence with the page's fields in place of the command line's options."""
    for option, words in _FIELDS:
        text = option.sub(words, text)
    return text


def _problem(said: dict) -> str:
    return plain(in_page(said.get("refused") or "") or said.get("fault") or work.GONE, 600)


def _preview(answer: dict) -> dict[str, Any]:
    rows = answer.get("rows") or []
    columns = [c for c in names("transactions") if any(c in row for row in rows)]
    columns += [c for row in rows[:1] for c in row if c not in columns]
    mapping = answer.get("mapping") or []
    theirs = dict.fromkeys([*(part["from"] for part in mapping if part["from"]), *(answer.get("unused") or [])])
    return {
        "format": format_name(str(answer.get("format", ""))),
        "mapping": [{k: plain(v or "", 120) for k, v in part.items()} for part in mapping],
        "theirs": list(theirs),
        "columns": columns,
        "rows": [[_cell(row.get(c)) for c in columns] for row in rows[:MOST_ROWS]],
        "questions": [plain(in_page(text), 400) for text in answer.get("questions") or []],
        "notes": [plain(in_page(text), 400) for text in answer.get("notes") or []],
    }


def _cell(value: object) -> str:
    return "" if value is None else plain(value, LONGEST_CELL)


def _done(report: dict) -> dict[str, Any]:
    stored, read = report.get("rows_stored", 0), report.get("rows_read", 0)
    known, aside = report.get("rows_known", 0), report.get("rows_aside", 0)
    parts = [f"{stored:,} of {read:,} rows stored"]
    parts += [f"{known:,} known already"] if known else []
    parts += [f"{aside:,} set aside (the list below says why)"] if aside else []
    return {"words": ", ".join(parts) + ".", "balanced": bool((report.get("money") or {}).get("balanced", True))}
