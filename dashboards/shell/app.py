"""One visit: a state, the page in front, and the pages already seen, kept and hidden."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import panel as pn
from bokeh.document import Document
from bokeh.models import TextInput
from markupsafe import Markup

from components.faults import forget, listen, told
from components.safe import plain, safe
from components.state import AppState
from components.url import UrlSync
from components.view import FAULT, View, collecting, wake
from dashboards.shell import frame
from dashboards.shell.menu import Page, find, pages
from dashboards.shell.prepare import is_connected, is_unseen, unseen
from dashboards.shell.watch import watch
from engine.errors import EngineError

log = logging.getLogger("shoplight.dashboards")

# Pages are built beside the event loop, so that a visitor who arrives meanwhile gets the frame at once.
# Two threads fill the two cores this is made for; Python's lock makes more of them useless.
BUILDERS = ThreadPoolExecutor(2, thread_name_prefix="shoplight-page")

# Lets the answer with the frame and the first numbers leave before the charts are begun.
HEAD_START_MS = 5

# A browser that came before the page was begun is between fetching and drawing; it is asked again after this.
AGAIN_MS = 50

THEME_COOKIE = "shoplight_theme"
SYSTEM_COOKIE = "shoplight_system"


def app(path: Path, entries: tuple[Page, ...] | None = None) -> Callable:
    """What `pn.serve` calls for each visitor.

    Parameters
    ----------
    path : the shop's database
    entries : the menu; all pages where it is not given
    """
    # Panel calls functions and nothing else: a partial or an object would be shown as a value.
    return lambda: visit(path, entries)


def visit(path: Path, entries: tuple[Page, ...] | None = None) -> pn.viewable.Viewable:
    """Begin a visit in the current document: the frame now, the page in front a moment later."""
    entries = entries or pages()
    doc = pn.state.curdoc
    try:
        state = AppState(path=path, dark=is_dark())
    except EngineError as error:
        return _closed(doc, entries, str(error))
    return Visit(state, entries, doc).root


@dataclass
class Mounted:
    """A page that was built: its place and the views in it."""

    place: pn.Column
    views: list[View]


class Visit:
    """What one visitor has open.

    Parameters
    ----------
    state : what the visitor picked; shared by all pages, so the filters go along
    entries : the menu
    doc : the visitor's document
    """

    def __init__(self, state: AppState, entries: tuple[Page, ...], doc: Document) -> None:
        self.state, self.entries, self.doc = state, entries, doc
        self._mounted: dict[str, Mounted] = {}
        self._arrived, self._count = False, 0
        self._shape = shape(state)
        self._url = UrlSync(state, pages=[page.name for page in entries])
        self._bridge, self._outlet = _wire("bridge"), _wire("outlet")
        self._bridge.on_change("value", self._hear)
        self._stage = pn.Column(sizing_mode="stretch_width", margin=0)
        self.root = pn.Column(
            self._stage, self._url, *_hidden(self._bridge, self._outlet), sizing_mode="stretch_width", margin=0
        )
        _dress(doc, entries, self.front, first=_first(self.front, state), state=state)
        listen(doc, self._say)
        state.param.watch(self._turn, "page")
        watch(state.path).add(id(self), partial(doc.add_next_tick_callback, self._new_data))
        pn.state.on_session_destroyed(self.release)
        doc.add_timeout_callback(self._arrive, HEAD_START_MS)

    @property
    def front(self) -> Page:
        """The page in front."""
        return find(self.entries, self.state.page)

    def release(self, session_context: object) -> None:
        """Let go of everything that outlives a document; called when the session ends."""
        watch(self.state.path).remove(id(self))
        self._mounted.clear()
        forget(self.doc)

    async def _arrive(self) -> None:
        """Build the page in front: into the document's first copy, or as a change where the browser was faster."""
        if is_connected(self.doc):
            self._show()
        elif is_unseen(self.doc):
            await asyncio.get_running_loop().run_in_executor(BUILDERS, self._prepare)
        else:
            self.doc.add_timeout_callback(self._arrive, AGAIN_MS)

    def _prepare(self) -> None:
        with unseen(self.doc):
            self._show()

    def _show(self) -> None:
        """Put the page in front there, built where it is seen for the first time, and rest the others."""
        page = self.front
        with pn.io.hold():
            for name, mounted in self._mounted.items():
                if name != page.name and mounted.place.visible:
                    mounted.place.visible = False
                    wake(mounted.views, False)
            if page.name not in self._mounted:
                self._mounted[page.name] = _mount(page, self.state)
                self._stage.append(self._mounted[page.name].place)
            mounted = self._mounted[page.name]
            wake(mounted.views, True)
            mounted.place.visible = True
            self._tell()

    def _tell(self) -> None:
        self._arrived = True
        self._say()

    def _say(self, sentence: str = "") -> None:
        """Tell the frame which page is in front, in which colours, and what went wrong."""
        page = self.front
        said = {"page": page.name, "title": page.title, "arrived": self._arrived, "dark": self.state.dark}
        self._count += bool(sentence)
        self._outlet.value = json.dumps(said | ({"said": sentence, "count": self._count} if sentence else {}))

    @told()
    def _turn(self, event: object) -> None:
        if self._arrived:
            self._show()

    @told()
    def _hear(self, attribute: str, old: str, new: str) -> None:
        """What the frame says: another page, other colours. Anything else is not ours and is passed over."""
        try:
            said = json.loads(new)
            kind, value = said["kind"], said["value"]
        except (ValueError, KeyError, TypeError):
            return
        if kind == "page" and any(page.name == value for page in self.entries):
            self.state.commit(page="" if value == self.entries[0].name else value)
        elif kind == "dark" and isinstance(value, bool):
            self.state.dark = value
            self._say()

    @told()
    def _new_data(self) -> None:
        """The shop changed: the views ask again; pages are made anew where other columns are there now."""
        self.state.look()
        now = shape(self.state)
        if now == self._shape:
            return
        was_empty, self._shape = not self._shape[0], now
        steady = {page.name for page in self.entries if page.steady}
        self._mounted = {name: mounted for name, mounted in self._mounted.items() if name in steady}
        self._stage.objects = [mounted.place for mounted in self._mounted.values()]
        if was_empty:
            self.state.show(self.state.default().picked(page=self.state.page))
        self._show()


def shape(state: AppState) -> tuple[bool, tuple[str, ...], frozenset[str]]:
    """What decides which views a page has: whether there are days at all, the dimensions, the columns."""
    snapshot = state.snapshot()
    return snapshot.first_day is not None, tuple(snapshot.dimensions), frozenset(snapshot.columns)


def _mount(page: Page, state: AppState) -> Mounted:
    with collecting() as views:
        try:
            content = page.build(state)
        except EngineError as error:
            content = sentence(str(error))
        except Exception:
            log.exception("the page %s could not be built", page.name)
            content = sentence(FAULT)
    return Mounted(pn.Column(content, sizing_mode="stretch_width", margin=0), views)


def sentence(text: str) -> pn.pane.HTML:
    """A plain sentence in a page's place."""
    return pn.pane.HTML(f'<p role="alert">{safe(text, 600)}</p>', sizing_mode="stretch_width", margin=16)


def _hidden(*wires: TextInput) -> list[pn.pane.Bokeh]:
    return [pn.pane.Bokeh(wire, visible=False, width=0, height=0, margin=0) for wire in wires]


def _wire(name: str) -> TextInput:
    return TextInput(name=f"shoplight-{name}", visible=False)


def _first(page: Page, state: AppState) -> Markup:
    """The first numbers as plain HTML; a page that cannot say them yet says so itself, a moment later."""
    if page.first is None:
        return Markup()
    try:
        return Markup(page.first(state))
    except EngineError:
        return Markup()


def _closed(doc: Document, entries: tuple[Page, ...], problem: str) -> pn.viewable.Viewable:
    _dress(doc, entries, entries[0], first=Markup())
    wires = [_wire("bridge"), _wire("outlet")]
    wires[1].value = json.dumps({"arrived": True})
    return pn.Column(sentence(problem), *_hidden(*wires), sizing_mode="stretch_width")


def _dress(
    doc: Document, entries: tuple[Page, ...], page: Page, *, first: Markup, state: AppState | None = None
) -> None:
    """Put the frame around a document."""
    dark = is_dark()
    doc.title = f"{page.title} · Shoplight"
    doc.template = frame.template()
    doc.template_variables.update(
        frame.fixed(),
        page_title=doc.title,
        heading=page.title,
        menu=entries,
        front=page.name,
        shop=plain(Path(str(state.path)).stem, 60) if state else "",
        first=first,
        dark=dark,
        html_attrs='class="sl-dark"' if dark else "",
    )


def is_dark() -> bool:
    """Whether the visitor chose the dark colours, or else has a system that wants them."""
    cookies = pn.state.cookies
    return (cookies.get(THEME_COOKIE) or cookies.get(SYSTEM_COOKIE)) == "dark"
