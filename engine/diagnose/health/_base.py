"""What a fault of the data is, and the shop as the checks look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from data.schema import MONEY_SCALE
from engine.dimensions import EMPTY
from engine.selection import Window
from engine.snapshot.lines import Lines, lines_of

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from engine.store import Store

LABEL = "Data problem"
# A period that simply has not ended yet is no fault, but no fall either.
UNFINISHED = "Unfinished period"

Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Example:
    """One order line that shows a problem: its order, the moment as stored, and its amount in currency."""

    order_id: str
    date: str
    amount: float


@dataclass(frozen=True)
class Problem:
    """A fault of the data, or a period that is not whole.

    Parameters
    ----------
    kind : which: `duplicates`, `gap`, `source`, `unit`, `currency`, `partial`, `clock`, `missing`, `price`, `dates`
    sentence : what it is, since when, how many rows, the money at stake and what to do
    days : the days it is on; None where it is on no day of the shop
    where : (dimension, value) pairs it is limited to; none where the whole shop has it
    rows : order lines that are wrong; of lines that are not there, how many are expected
    money : the revenue on them in currency, or that is missing; None where the shop has no revenue
    score : how many times likelier a fault is than chance, as a natural logarithm
    columns : columns whose figures it spoils; none where all are
    blocks_cause : whether no cause of a change should be named before it is mended
    touches : whether it is in the window that was asked about, or in its comparison
    examples : up to five of the rows, where a store was given
    label : how it is called on a page
    """

    kind: str
    sentence: str
    days: Window | None
    where: Where = ()
    rows: int = 0
    money: float | None = None
    score: float = 0.0
    columns: tuple[str, ...] = ()
    blocks_cause: bool = True
    touches: bool = False
    examples: tuple[Example, ...] = ()
    label: str = LABEL

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong; a month that has not ended is not."""
        return self.label == LABEL


class Shop:
    """The order lines that all checks look at, with the tables that several of them need.

    Parameters
    ----------
    snapshot : a shop that has lines
    store : where its rows are, for what only they tell; None where there is none
    """

    def __init__(self, snapshot: Snapshot, store: Store | None = None) -> None:
        self.snapshot = snapshot
        self.store = store
        self.lines: Lines = lines_of(snapshot)

    @property
    def days(self) -> int:
        """Days from the first line to the last."""
        return self.lines.days

    def date(self, day: int) -> date:
        """The date of a day counted from the first."""
        return self.lines.first + timedelta(days=int(day))

    def window(self, start: int, end: int) -> Window:
        """Days from `start` up to, and without, `end`."""
        return Window(self.date(start), self.date(end))

    @cached_property
    def weekday(self) -> np.ndarray:
        """(days,) weekday of each day, 0 is Monday."""
        return (np.arange(self.days) + self.lines.first.weekday()) % 7

    @cached_property
    def heads(self) -> np.ndarray:
        """Positions of the first line of each order's stay on each day: one for an order that has one day."""
        order, day = self.lines.order, self.lines.day
        fresh = np.ones(len(order), bool)
        fresh[1:] = (order[1:] != order[:-1]) | (day[1:] != day[:-1])
        return np.flatnonzero(fresh)

    @cached_property
    def orders(self) -> np.ndarray:
        """(days,) orders of each day, whatever became of them."""
        return np.bincount(self.lines.day[self.heads], minlength=self.days)

    @cached_property
    def revenue(self) -> np.ndarray:
        """(n,) revenue of each line in currency, 0 where there is none."""
        if "revenue" not in self.lines.numbers:
            return np.zeros(len(self.lines))
        return self.lines.numbers["revenue"].values / MONEY_SCALE

    @property
    def has_revenue(self) -> bool:
        """Whether the shop knows what it took."""
        return "revenue" in self.lines.numbers

    @cached_property
    def order_value(self) -> float:
        """Revenue of a mean order."""
        return float(self.revenue.sum() / max(self.orders.sum(), 1))

    @cached_property
    def has_customers(self) -> bool:
        """Whether customers are known at all."""
        return bool((self.lines.customer >= 0).any())

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Dimensions whose values are few enough to be sources of data."""
        names = [name for name in self.snapshot.dimensions if name != "product"]
        return tuple(name for name in names if 1 < len([v for v in self.lines.labels[name] if v != EMPTY]) <= 100)

    @cached_property
    def body(self) -> tuple[int, int]:
        """Days from `start` up to `end` that hold the shop, without stray dates far away from it."""
        filled = np.flatnonzero(self.orders)
        empty = np.diff(filled)
        start, end = int(filled[0]), int(filled[-1]) + 1
        whole = self.orders.sum()
        for at in np.flatnonzero(empty > FAR_AWAY):
            before = self.orders[: filled[at] + 1].sum()
            if before <= FEW_STRAYS * whole:
                start = int(filled[at + 1])
            elif whole - before <= FEW_STRAYS * whole:
                end = min(end, int(filled[at]) + 1)
        return start, end


# Dates half a year away from all others, on at most one order in fifty, are typing errors or defaults of a program.
# Olist's first orders are 70 empty days away from the rest.
FAR_AWAY = 180
FEW_STRAYS = 0.02
