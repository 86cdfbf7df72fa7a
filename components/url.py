"""The address bar says what is picked: a codec of our own, and the bridge to the browser's history.

Each value is read with its type known and judged alone: `region=007` stays the text 007, one bad value
costs only itself, an empty value is the value "not given". A commit is one entry of the browser's history,
and its back button brings the state back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import panel as pn

from components.island import Island, module
from components.safe import plain
from components.state import GRAINS, PRESETS, SPLITS, TABLES, AppState, Choice
from engine.diagnose.steps import Step
from engine.dimensions import DIMENSIONS
from engine.errors import EngineError, UnknownName, did_you_mean
from engine.metrics import METRICS
from engine.selection import Against, Window
from engine.snapshot import Snapshot

# As case files are named: url-safe letters.
_CASE = re.compile(r"[A-Za-z0-9_-]{1,64}")

# Servers and proxies cut or refuse longer addresses (nginx: 8 KB for the whole request line).
LONGEST_QUERY = 6_000

_PAIRS = (("from", "to", "days"), ("compare_from", "compare_to", "custom"))
_NAMED = {
    "period": "preset", "compare": "against", "metric": "metric", "grain": "grain", "split": "split", "table": "table",
    "case": "case",
}  # fmt: skip


def encode(choice: Choice, default: Choice) -> str:
    """The query of an address for that choice, without `?`; what equals the default is left out."""
    pairs: list[tuple[str, str]] = []
    if choice.page:
        pairs.append(("page", choice.page))
    for first, last, field in _PAIRS:
        window = getattr(choice, field)
        if window is not None:
            pairs += [(first, window.start.isoformat()), (last, window.last.isoformat())]
    for key, field in _NAMED.items():
        value = getattr(choice, field)
        if value and value != getattr(default, field):
            pairs.append((key, str(value)))
    pairs += [("step", str(step)) for step in choice.trail]
    pairs += [(name, value) for name, values in choice.filters for value in values]
    return urlencode(pairs, quote_via=quote_plus)


@dataclass(frozen=True)
class Decoded:
    """What an address says, and one sentence for each part that could not be used."""

    choice: Choice
    problems: tuple[str, ...] = ()


def decode(query: str, default: Choice, snapshot: Snapshot, *, pages: Iterable[str] = ()) -> Decoded:
    """Read an address's query; unusable parts are left at their default and said in words.

    Parameters
    ----------
    query : with or without `?`
    default : the choice that left-out parts mean
    snapshot : knows which dimensions and values this shop has
    pages : the names a page may have; none given takes any short name

    Returns
    -------
    Decoded, whose choice can always be shown
    """
    if len(query) > LONGEST_QUERY:
        return Decoded(default, ("The address is too long to be one of ours; the first view is shown.",))
    read = _Reader(_pairs(query), snapshot, tuple(pages))
    changes = read.changes()
    try:
        choice = default.picked(**changes)
    except EngineError as error:
        return Decoded(default, (*dict.fromkeys(read.problems), str(error)))
    return Decoded(choice, tuple(dict.fromkeys(read.problems)))


def _pairs(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in parse_qsl(query.lstrip("?"), keep_blank_values=True, errors="replace"):
        found.setdefault(key, []).append(value)
    return found


class _Reader:
    """Reads one address; every sentence about a bad part lands in `problems`."""

    def __init__(self, pairs: dict[str, list[str]], snapshot: Snapshot, pages: tuple[str, ...]) -> None:
        self.pairs, self.snapshot, self.pages = pairs, snapshot, pages
        self.problems: list[str] = []

    def changes(self) -> dict[str, Any]:
        named = {
            "preset": self._one_of("period", PRESETS), "against": self._one_of("compare", [str(a) for a in Against]),
            "metric": self._one_of("metric", METRICS), "grain": self._one_of("grain", GRAINS),
            "split": self._one_of("split", SPLITS), "table": self._one_of("table", TABLES),
            "page": self._page(), "case": self._case(),
        }  # fmt: skip
        found: dict[str, Any] = {k: v for k, v in named.items() if v is not None}
        for first, last, field in _PAIRS:
            window = self._window(first, last)
            if window is not None:
                found[field] = window
        filters = {name: self._values(name) for name in DIMENSIONS if name in self.pairs}
        trail = tuple(step for text in self.pairs.get("step", ()) if (step := self._step(text)))
        return found | {"filters": {k: v for k, v in filters.items() if v}, "trail": trail}

    def _one_of(self, key: str, known: Iterable[str]) -> str | None:
        value = self.pairs.get(key, [None])[-1]
        if value is None or value in known:
            return value
        return self._refuse(str(UnknownName(key, plain(value, 40), known)))

    def _page(self) -> str | None:
        return self._one_of("page", self.pages) if self.pages else self.pairs.get("page", [None])[-1]

    def _case(self) -> str | None:
        value = self.pairs.get("case", [None])[-1]
        return value if value is None or _CASE.fullmatch(value) else self._refuse("The address names no case file.")

    def _step(self, text: str) -> Step | None:
        return self._say(lambda: Step.read(plain(text, 40)))

    def _window(self, first: str, last: str) -> Window | None:
        texts = [self.pairs.get(key, [None])[-1] for key in (first, last)]
        if texts == [None, None]:
            return None
        ends = [self._date(key, text) for key, text in zip((first, last), texts, strict=True)]
        return None if None in ends else self._say(lambda: Window.inclusive(*ends))

    def _date(self, key: str, text: str | None) -> date | None:
        if text is None:
            return self._refuse(f"The address has no day '{key}'; both ends of a window are needed.")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return self._refuse(f"'{plain(text, 40)}' is no day; write '{key}' as 2011-11-30.")
        # The last representable day has no day after it, which a half-open window needs.
        if date(1900, 1, 1) <= day < date(2200, 1, 1):
            return day
        return self._refuse(f"{day} is out of range; days from 1900 to 2199 can be shown.")

    def _values(self, name: str) -> tuple[str, ...]:
        if name not in self.snapshot.dimensions:
            self._refuse(f"This shop has no {DIMENSIONS[name].label.lower()} to filter by.")
            return ()
        known = set(self.snapshot.values(name))
        for value in self.pairs[name]:
            if value not in known:
                label = DIMENSIONS[name].label.lower()
                self._refuse(f"This shop has no {label} '{plain(value, 40)}'.{did_you_mean(value, known)}")
        return tuple(v for v in self.pairs[name] if v in known)

    def _say(self, make: Callable[[], Any]) -> Any:
        try:
            return make()
        except EngineError as error:
            return self._refuse(str(error))

    def _refuse(self, sentence: str) -> None:
        self.problems.append(sentence)


def link(state: AppState) -> str:
    """The query that shows the same days to whoever opens it later: named windows become dates."""
    choice = state.choice()
    fixed = choice.picked(window=state.period(), trail=choice.trail) if state.snapshot().last_day else choice
    return encode(fixed, state.default())


# ---------------------------------------------------------------- the browser's side


class AddressBar(Island):
    """Writes the address bar after a commit and reports where back and forward lead."""

    _esm = module("address_bar")


class UrlSync(pn.viewable.Viewer):
    """Keeps a state and the address bar the same; place it once in a page, it shows nothing.

    Parameters
    ----------
    state : the state to keep in step
    pages : names that `page=` may have
    query : the address's query at the start; None reads the visitor's own
    """

    def __init__(self, state: AppState, *, pages: Iterable[str] = (), query: str | None = None) -> None:
        super().__init__()
        self.state, self.pages, self._step = state, tuple(pages), 0
        self._restore(visitors_query() if query is None else query)
        self._bar = AddressBar(width=0, height=0, margin=0, sizing_mode="fixed")
        self._bar.say = self._follow
        self._write(replace=True)
        state.param.watch(lambda event: self._write(), "version")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._bar

    @property
    def query(self) -> str:
        """The query of the state as it is."""
        return encode(self.state.choice(), self.state.default())

    def _restore(self, query: str) -> None:
        read = decode(query, self.state.default(), self.state.snapshot(), pages=self.pages) if query else None
        if read is not None:
            self.state.restore(read.choice)
            self.state.notice = " ".join(read.problems)

    def _follow(self, message: dict) -> None:
        query = str(message.get("query", ""))
        read = decode(query, self.state.default(), self.state.snapshot(), pages=self.pages)
        # The browser already stands on this entry: what follows must not write another one.
        self._step = step if isinstance(step := message.get("step"), int) else self._step
        self._tell(query, replace=True)
        self.state.restore(read.choice)
        self.state.notice = " ".join(read.problems)

    def _write(self, *, replace: bool = False) -> None:
        self._tell(self.query, replace=replace)

    def _tell(self, query: str, *, replace: bool) -> None:
        self._bar.tell({"query": query, "replace": replace, "step": self._step})


def visitors_query() -> str:
    """The query the visitor came with; empty in a notebook, where there is no address."""
    doc = pn.state.curdoc
    request = getattr(getattr(doc, "session_context", None), "request", None)
    if request is None:
        return ""
    arguments: dict[str, list[bytes]] = getattr(request, "arguments", None) or {}
    pairs = [(k, v.decode("utf-8", "replace")) for k, values in arguments.items() for v in values]
    return urlencode([(k, v) for k, v in pairs if not k.startswith("bokeh-")])
