"""What a visitor has picked: the only thing views listen to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date, timedelta
from typing import Any

import param

from engine.describe.values import compared
from engine.diagnose.steps import Step, step_into
from engine.dimensions import DIMENSIONS, TIME_AXES, dimension
from engine.errors import EngineError, UnknownName
from engine.metrics import metric
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot, current
from engine.store import Store

# A browser's own list holds 50 entries a tab as well (Chromium's kMaxSessionHistoryEntries).
LONGEST_HISTORY = 50

GRAINS = ("day", "week", "month")
# What a drill-down is split by, and what it ends in.
SPLITS = (*DIMENSIONS, *(axis for axis in TIME_AXES if axis != "hour"))
TABLES = ("orders",)


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _last_year(last: date) -> Window:
    start = _months_back(last, 12) + timedelta(days=last.day - 1)
    return Window.inclusive(start + timedelta(days=1) if start.day == last.day else start, last)


@dataclass(frozen=True)
class Preset:
    """A window by name, counted back from the shop's own last day, not from today.

    A finished export would have no last 30 days by the calendar on the wall.
    """

    name: str
    label: str
    of: Callable[[date], Window] | None


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset("last-7-days", "Last 7 days", lambda last: Window.inclusive(last - timedelta(days=6), last)),
        Preset("last-30-days", "Last 30 days", lambda last: Window.inclusive(last - timedelta(days=29), last)),
        Preset("last-90-days", "Last 90 days", lambda last: Window.inclusive(last - timedelta(days=89), last)),
        Preset("this-month", "This month", lambda last: Window.inclusive(last.replace(day=1), last)),
        Preset("last-month", "Last month", lambda last: Window(_months_back(last, 1), last.replace(day=1))),
        Preset("this-quarter", "This quarter",
               lambda last: Window.inclusive(date(last.year, last.month - (last.month - 1) % 3, 1), last)),
        Preset("year-to-date", "Year to date", lambda last: Window.inclusive(date(last.year, 1, 1), last)),
        Preset("last-12-months", "Last 12 months", _last_year),
        Preset("all", "All days", None),
    )
}  # fmt: skip

# Shown while a shop has no day at all; nothing is asked over it.
_NO_DAYS = Window(date(2000, 1, 1), date(2000, 1, 2))


@dataclass(frozen=True)
class Choice:
    """All that a visitor can pick, frozen: what history keeps and what a URL says.

    Parameters
    ----------
    preset : name of a window, or "" where `days` was picked
    days : the picked window
    filters : (dimension, values) pairs in order
    against, custom : how the comparison is derived, or the picked one
    metric : what charts show
    grain : day, week or month; "" lets the window decide
    page : the page in front; "" is the first one
    trail : steps of a drill-down in the order they were taken; a step into a dimension has its value in `filters`
    split : the axis a drill-down is split by next; "" is the one that explains most
    table : "orders" where the orders themselves are shown
    case : the case file that is open
    """

    preset: str = "last-90-days"
    days: Window | None = None
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    against: Against = Against.PREVIOUS
    custom: Window | None = None
    metric: str = "revenue"
    grain: str = ""
    page: str = ""
    trail: tuple[Step, ...] = ()
    split: str = ""
    table: str = ""
    case: str = ""

    def __post_init__(self) -> None:
        if self.preset and self.preset not in PRESETS:
            raise UnknownName("period", self.preset, PRESETS)
        if bool(self.preset) == bool(self.days):
            raise EngineError("Pick either a named period or two days.")
        if self.grain and self.grain not in GRAINS:
            raise UnknownName("grain", self.grain, GRAINS)
        metric(self.metric)
        for name, _ in self.filters:
            dimension(name)
        if self.split and self.split not in SPLITS:
            raise UnknownName("split", self.split, SPLITS)
        if self.table and self.table not in TABLES:
            raise UnknownName("table", self.table, TABLES)

    def picked(self, **changes: Any) -> Choice:
        """The same choice with some fields changed; `window`, `preset` and `days` settle one another.

        Other days end the steps into the days before; a lifted filter ends the step that set it.
        """
        window = changes.pop("window", None) or changes.pop("days", None)
        if window is not None:
            changes |= {"days": window, "preset": ""}
        elif changes.get("preset"):
            changes["days"] = None
        if "against" in changes:
            changes["against"] = Against(changes["against"])
            changes.setdefault("custom", None)
        if "filters" in changes:
            changes["filters"] = _in_order(changes["filters"])
        if "grain" in changes:
            changes["grain"] = changes["grain"] or ""
        moved = any(name in changes and changes[name] != getattr(self, name) for name in ("days", "preset"))
        if moved and "trail" not in changes:
            changes["trail"] = tuple(step for step in self.trail if not step.is_time)
        made = replace(self, **changes)
        one_value = {name for name, values in made.filters if len(values) == 1}
        kept = tuple(step for step in dict.fromkeys(made.trail) if step.is_time or step.axis in one_value)
        return made if kept == made.trail else replace(made, trail=kept)


def _in_order(filters: Mapping | tuple) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = dict(filters).items()
    return tuple(sorted((name, tuple(sorted(set(values)))) for name, values in pairs if values))


class AppState(param.Parameterized):
    """What one visitor looks at: which shop, which days, which filters, compared with what.

    Change it with `commit`, which applies several changes as one, remembers the state before and tells
    the views once. In a notebook `AppState(path="shop.db")` or `AppState(snapshot=...)` is all a view needs.
    """

    path = param.Parameter(default=None, doc="The shop's database file; read through the shared snapshot.")
    preset = param.Selector(default="last-90-days", objects=["", *PRESETS], doc="Named window, or '' for own days.")
    days = param.ClassSelector(class_=Window, allow_None=True, doc="The window a person picked.")
    filters = param.Dict(default={}, doc="Values picked by dimension name.")
    against = param.Selector(default=Against.PREVIOUS, objects=list(Against), doc="How the comparison is derived.")
    custom = param.ClassSelector(class_=Window, allow_None=True, doc="A comparison window picked by hand.")
    metric = param.String(default="revenue", doc="Name of the metric that charts show.")
    grain = param.Selector(default="", objects=["", *GRAINS], doc="Size of a trend's buckets; '' lets the days decide.")
    page = param.String(default="", doc="Name of the page in front; '' is the first one.")
    trail = param.ClassSelector(default=(), class_=tuple, doc="Steps of a drill-down, in the order they were taken.")
    split = param.Selector(default="", objects=["", *SPLITS], doc="Axis a drill-down is split by; '' explains most.")
    table = param.Selector(default="", objects=["", *TABLES], doc="Table that a drill-down ends in.")
    case = param.String(default="", doc="The case file that is open.")
    dark = param.Boolean(default=False, doc="Whether the dark colours are on; the visitor's own, not in the URL.")
    notice = param.String(default="", doc="A sentence for the visitor, such as what a URL got wrong.")
    version = param.Integer(default=0, doc="Rises with each commit and each new data version; views watch this.")

    def __init__(
        self,
        path: object = None,
        selection: Selection | None = None,
        *,
        snapshot: Snapshot | None = None,
        **params: Any,
    ) -> None:
        self._fixed = snapshot
        self._history: list[Choice] = []
        picked = {k: params.pop(k) for k in tuple(params) if k in Choice.__dataclass_fields__ or k == "window"}
        super().__init__(path=path, **params)
        self._held = self._newest()
        if selection is not None:
            picked |= {
                "window": selection.window, "filters": selection.filters,
                "against": selection.against, "custom": selection.custom,
            }  # fmt: skip
        self._show(self.default().picked(**picked))

    def snapshot(self) -> Snapshot:
        """The shop's data as of the last commit or look, shared with every visitor.

        All views of one refresh ask the same one, also while another process imports.
        """
        return self._held

    def store(self) -> Store | None:
        """The shop's database; None where the state is of a snapshot alone."""
        return None if self._fixed is not None or self.path is None else Store.open(self.path)

    def default(self) -> Choice:
        """What a first visit shows: the longest recent window that leaves as many days to compare with."""
        snapshot = self.snapshot()
        if snapshot.last_day is None or snapshot.first_day is None:
            return Choice(preset="all")
        days = (snapshot.last_day - snapshot.first_day).days + 1
        return Choice(preset="last-90-days" if days >= 180 else "last-30-days" if days >= 60 else "all")

    def choice(self) -> Choice:
        """All that is picked, as one frozen value."""
        return Choice(
            preset=self.preset, days=self.days, filters=_in_order(self.filters), against=self.against,
            custom=self.custom, metric=self.metric, grain=self.grain, page=self.page, trail=self.trail,
            split=self.split, table=self.table, case=self.case,
        )  # fmt: skip

    def period(self) -> Window:
        """The days picked, before any step into a part of them; a named period follows the shop's last day."""
        if self.days is not None:
            return self.days
        return window_of(self.preset, self.snapshot())

    def window(self) -> Window:
        """The days in question."""
        return self.selection().window

    def selection(self) -> Selection:
        """What to ask the engine with."""
        choice = self.choice()
        asked = Selection(self.period(), choice.filters, choice.against, choice.custom)
        for step in choice.trail:
            asked = step_into(self.snapshot(), asked, step)
        return asked

    def compared(self) -> Window | None:
        """The days to compare with; None without a comparison, or where the shop has no day among them."""
        other = compared(self.snapshot(), self.selection())
        return None if other is None else other.window

    def commit(self, **changes: Any) -> bool:
        """Apply several changes as one step; False where they change nothing.

        Parameters
        ----------
        changes : fields of Choice, or `window=Window(...)`

        Raises
        ------
        EngineError
            where a name is unknown; nothing is changed then
        """
        return self.show(self.choice().picked(**changes))

    def show(self, choice: Choice) -> bool:
        """Make that choice the current one, as one step that `undo` takes back."""
        before = self.choice()
        if choice == before:
            return False
        self._history = [*self._history, before][-LONGEST_HISTORY:]
        self._show(choice)
        return True

    def restore(self, choice: Choice) -> None:
        """Show a choice that is no step of the visitor's: what an address said."""
        if choice != self.choice():
            self._show(choice)

    def toggle(self, name: str, value: str) -> bool:
        """Put one value of a dimension into the filters or take it out."""
        return self.commit(filters=self.selection().toggle(name, value).filters)

    def filter(self, name: str, values: tuple[str, ...] | list[str]) -> bool:
        """Set one dimension's filter; no values lift it."""
        return self.commit(filters=self.selection().where(name, values).filters)

    def step(self, *parts: tuple[str, str | date], table: str = "") -> bool:
        """Go into parts of a drill-down, one after another, as one commit.

        Parameters
        ----------
        parts : an axis each, and a value of the dimension or the first day of the bucket
        table : what to show there
        """
        asked, taken = self.selection(), []
        for axis, key in parts:
            taken.append(Step(axis, key) if isinstance(key, date) else Step(axis))
            asked = asked if isinstance(key, date) else asked.where(axis, (key,))
        again = {step.axis for step in taken if not step.is_time}
        kept = tuple(step for step in self.trail if step.axis not in again)
        return self.commit(filters=asked.filters, trail=(*kept, *taken), split="", table=table)

    def step_back(self, count: int) -> bool:
        """Keep only so many steps of a drill-down; the filters of the others are lifted."""
        lifted = {step.axis for step in self.trail[count:] if not step.is_time}
        kept = {name: values for name, values in self.choice().filters if name not in lifted}
        return self.commit(filters=kept, trail=self.trail[:count], split="", table="")

    def reset(self) -> bool:
        """Lift every filter and go back to the first window; page and metric stay."""
        start = self.default()
        return self.commit(
            filters={}, preset=start.preset, against=start.against, grain="", trail=(), split="", table=""
        )

    @property
    def is_untouched(self) -> bool:
        """Whether `reset` would change nothing."""
        here, start = self.choice(), self.default()
        return here == replace(start, metric=here.metric, page=here.page, case=here.case)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._history)

    def undo(self) -> bool:
        """Take the last step back; False where there is none."""
        if not self._history:
            return False
        self._show(self._history.pop())
        return True

    def look(self) -> bool:
        """See whether the shop's data changed, and tell the views if so."""
        newest = self._newest()
        if newest.data_version == self._held.data_version:
            return False
        self._held = newest
        self.version += 1
        return True

    def dimensions(self) -> tuple[str, ...]:
        """Dimensions this shop can be filtered by, in the order of the registry."""
        present = set(self.snapshot().dimensions)
        return tuple(name for name in DIMENSIONS if name in present)

    def _newest(self) -> Snapshot:
        return self._fixed if self._fixed is not None else current(self.path)

    def _show(self, choice: Choice) -> None:
        self._held = self._newest()
        fields = {field.name: getattr(choice, field.name) for field in dataclass_fields(choice)}
        fields["filters"] = dict(choice.filters)
        with param.parameterized.batch_call_watchers(self):
            self.param.update(**fields)
            self.version += 1


def window_of(preset: str, snapshot: Snapshot) -> Window:
    """The days a named period means for that shop."""
    if snapshot.last_day is None:
        return _NO_DAYS
    made = PRESETS[preset].of
    return snapshot.whole() if made is None else made(snapshot.last_day)
