"""Where one file ends and another goes on: identical lines of an order that a cut between files tore apart.

A line without an id is known by its order, its content and its number among twins. When an export is
cut in two, an order can lie on both sides, and its twin on the far side would look known. So each load
remembers the lines of the orders at the two ends of each file. An order met at the other end of another
file goes on there when each side has lines the other lacks: then its twins are counted on. Where one
side contains the other, content alone cannot tell a cut from an overlap; the lines count once, and the
report says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.imports.batch import BATCH_ROWS, Batch, join

# Invoices of a thousand lines exist; a longer run is a file without real order ids.
LONGEST_RUN = 5_000
OPPOSITE = {"head": "tail", "tail": "head"}


@dataclass(frozen=True)
class Edge:
    """The lines of one order at one end of a file.

    Parameters
    ----------
    file : the file's name
    end : "head" or "tail"
    order : the order's id
    lines : hash of each line's content, sorted
    alone : whether the file has no other order
    """

    file: str
    end: str
    order: str
    lines: tuple[str, ...]
    alone: bool = False

    def to_dict(self) -> dict:
        return {
            "file": self.file,
            "end": self.end,
            "order": self.order,
            "lines": list(self.lines),
            "alone": self.alone,
        }


def from_reports(reports: Iterable[dict]) -> list[Edge]:
    """The edges that earlier loads remembered."""
    found = (edge for report in reports for edge in report.get("edges", ()))
    return [Edge(e["file"], e["end"], e["order"], tuple(e["lines"]), e.get("alone", False)) for e in found]


def goes_on(edge: Edge, earlier: list[Edge]) -> bool | None:
    """Whether the order goes on here; None where it cannot be told and twins are at stake."""
    same_order = [e for e in earlier if e.order == edge.order]
    # The same lines at the same end: that file again. A file of nothing but this order has it at both ends, so that
    # its start is no sign of being the same file as one that goes on to other orders.
    if any((e.end, e.lines, e.alone) == (edge.end, edge.lines, edge.alone) for e in same_order):
        return False
    mine = Counter(edge.lines)
    unsure = False
    for other in same_order:
        theirs = Counter(other.lines)
        if other.end != OPPOSITE[edge.end] or not mine & theirs:
            continue
        if mine - theirs and theirs - mine:
            return True
        unsure = True
    return None if unsure else False


def whole_orders(batches: Iterable[Batch]) -> Iterator[tuple[Batch, bool]]:
    """The same rows cut so that lines of one order that lie together stay together; and whether it is the last."""
    held: Batch | None = None
    ready: Batch | None = None
    for batch in batches:
        batch = join([held, batch]) if held is not None else batch
        cut = _last_run(batch)
        if cut == 0 and len(batch) < BATCH_ROWS + LONGEST_RUN:
            held = batch
            continue
        part, held = (batch.slice(0, cut), batch.slice(cut, len(batch))) if cut else (batch, None)
        part.broken = batch.broken
        if ready is not None:
            yield ready, False
        ready = part
    last = [b for b in (ready, held) if b is not None]
    if last:
        yield join(last), True


def _last_run(batch: Batch) -> int:
    """Where the last run of one order begins."""
    orders = batch.columns["order_id"]
    if not len(orders):
        return 0
    tail = orders.slice(max(0, len(orders) - LONGEST_RUN))
    other = np.flatnonzero(~_equal(tail, orders[-1]))
    return len(orders) - len(tail) + (int(other[-1]) + 1 if len(other) else 0)


def runs(orders: np.ndarray) -> tuple[slice, slice]:
    """The first and the last run of one order."""
    size = len(orders)
    ahead, behind = np.flatnonzero(orders != orders[0]), np.flatnonzero(orders != orders[-1])
    return slice(0, int(ahead[0]) if len(ahead) else size), slice(int(behind[-1]) + 1 if len(behind) else 0, size)


def _equal(column: pa.Array, value: pa.Scalar) -> np.ndarray:
    import pyarrow.compute as pc

    return pc.equal(column, value).to_numpy(zero_copy_only=False)
