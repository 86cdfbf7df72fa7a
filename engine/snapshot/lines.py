"""A shop's order lines one by one, for questions that totals cannot answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from data.schema import LineKind
from engine.snapshot.columns import KIND_CODE, Number

if TYPE_CHECKING:
    from engine.snapshot.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Lines:
    """Order lines as arrays of one length, by day and then by order; they are the snapshot's own: look, do not change.

    Parameters
    ----------
    first : the first day
    days : days from the first line to the last, both counted
    day : (n,) days since the first
    hour : (n,) hour of the day, None where the shop has days only
    order, customer : (n,) codes from 0; customer is -1 where it is not known
    sold : (n,) whether the line is a sale
    codes, labels : by dimension: (n,) index in the labels
    numbers : by column: facts of the line, in whole units
    facts : by column: facts of the order, by order code, in whole units
    """

    first: date
    days: int
    day: np.ndarray
    hour: np.ndarray | None
    order: np.ndarray
    customer: np.ndarray
    sold: np.ndarray
    codes: dict[str, np.ndarray]
    labels: dict[str, tuple[str, ...]]
    numbers: dict[str, Number]
    facts: dict[str, Number]

    def __len__(self) -> int:
        return len(self.order)


def lines_of(snapshot: Snapshot) -> Lines:
    """The order lines of a snapshot that has some."""
    rows = snapshot._rows
    return Lines(
        first=snapshot.first_day,
        days=rows.days,
        day=rows.day,
        hour=rows.hour,
        order=rows.order,
        customer=rows.customer,
        sold=rows.kind == KIND_CODE[LineKind.SALE],
        codes=rows.codes,
        labels=rows.labels,
        numbers=rows.numbers,
        facts=rows.facts,
    )
