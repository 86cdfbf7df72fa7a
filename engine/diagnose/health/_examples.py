"""Order lines that show a problem, read from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from data.schema import LineKind
from engine.diagnose.health._base import Example, Problem
from engine.selection import Selection, Window

if TYPE_CHECKING:
    from engine.store import OrderLines, Store

MOST = 5
# Rows of a problem's days that are looked through; nearly all of them are marked where a problem is.
LOOKED_AT = 4_000
# Of what is not there, the last orders before it are shown.
BEFORE = timedelta(days=28)

Row = dict[str, object]


def with_examples(store: Store, found: Iterable[Problem]) -> list[Problem]:
    """The problems with up to five of their rows each, all read at one moment."""
    from engine.store import Listing

    shown = []
    with store.reading() as reading:
        for problem in found:
            if problem.days is None:
                shown.append(problem)
                continue
            selection = Selection(_window(problem), filters=tuple((name, (value,)) for name, value in problem.where))
            listing = Listing(tuple(LineKind) if problem.kind == "dates" else (LineKind.SALE.value,))
            rows = islice(_fitting(reading.orders(selection, listing), problem), MOST)
            shown.append(replace(problem, examples=tuple(map(_example, rows))))
    return shown


def _window(problem: Problem) -> Window:
    days = problem.days
    if problem.kind not in ("gap", "source"):
        return days
    if problem.kind == "source" and not problem.blocks_cause:
        return Window(days.end, days.end + BEFORE)
    return Window(days.start - BEFORE, days.start)


def _fitting(lines: OrderLines, problem: Problem) -> Iterator[Row]:
    rows = [dict(zip(lines.columns, row, strict=True)) for row in lines.page(LOOKED_AT)]
    if problem.kind == "duplicates":
        return _copies(rows)
    if problem.kind == "missing":
        return (row for row in rows if row.get(problem.columns[0]) in (None, ""))
    if problem.kind == "price":
        return (row for row in rows if not row.get("revenue") or row["revenue"] <= 0)
    return iter(rows)


def _copies(rows: list[Row]) -> Iterator[Row]:
    """Rows that say the same, one beside the other; where all ids differ too."""
    same: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        same[tuple(value for name, value in row.items() if name not in ("transaction_id", "order_id"))].append(row)
    return (row for group in same.values() if len(group) > 1 for row in group)


def _example(row: Row) -> Example:
    return Example(str(row["order_id"]), str(row["date"]), float(row["amount"]))
