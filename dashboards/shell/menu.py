"""The pages there are: every file of `dashboards/` that has a TITLE and a page()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from engine.registry import modules


@dataclass(frozen=True)
class Page:
    """An entry of the menu.

    Parameters
    ----------
    name : the word in the URL
    title : what the menu says
    order : place in the menu, smallest first
    icon : path data of a 24 x 24 line drawing
    build : makes the page for a state
    steady : whether its views are the same for every shop; others are made anew when other columns come
    first : HTML of its first numbers, painted before any script has arrived; None without
    """

    name: str
    title: str
    order: int
    icon: str
    build: Callable
    steady: bool = False
    first: Callable | None = None


@cache
def pages() -> tuple[Page, ...]:
    """All pages, in menu order."""
    found = (of(module) for module in modules("dashboards") if hasattr(module, "page"))
    return tuple(sorted(found, key=lambda page: (page.order, page.name)))


def of(module: ModuleType) -> Page:
    """The menu entry a page file declares."""
    return Page(
        name=module.__name__.rpartition(".")[2],
        title=module.TITLE,
        order=module.ORDER,
        icon=module.ICON,
        build=module.page,
        steady=getattr(module, "STEADY", False),
        first=getattr(module, "first", None),
    )


def find(entries: tuple[Page, ...], name: str) -> Page:
    """The page of that name; the first one for a name that is not there."""
    return next((page for page in entries if page.name == name), entries[0])
