"""The common currency of the readers: a batch of rows, every cell still text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Rows that travel together: large enough that per-batch work vanishes, small enough for memory.
BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Broken:
    """A row that could not even be cut into cells."""

    line: int
    text: str
    reason: str


@dataclass
class Batch:
    """Some rows of one file.

    Parameters
    ----------
    source : the file's name in reports
    columns : text of each column, "" where the cell is empty
    lines : (n,) line of the file (row of the sheet) each row starts on
    broken : rows that could not be cut into cells
    """

    source: str
    columns: dict[str, pa.Array]
    lines: np.ndarray
    broken: list[Broken] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, rows: np.ndarray) -> Batch:
        """The rows at these positions (or under this mask); broken rows stay behind."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Batch(self.source, {k: v.take(pa.array(rows)) for k, v in self.columns.items()}, self.lines[rows])

    def slice(self, start: int, stop: int) -> Batch:
        """Rows start to stop, without copying."""
        cut = {k: v.slice(start, stop - start) for k, v in self.columns.items()}
        return Batch(self.source, cut, self.lines[start:stop])


def join(batches: list[Batch]) -> Batch:
    """One batch of several of the same file."""
    first = batches[0]
    if len(batches) == 1:
        return first
    columns = {k: pa.concat_arrays([b.columns[k] for b in batches]) for k in first.columns}
    broken = [row for b in batches for row in b.broken]
    return Batch(first.source, columns, np.concatenate([b.lines for b in batches]), broken)


def flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of text, nulls as empty text, without blanks around it."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    column = column if pa.types.is_string(column.type) else column.cast(pa.string())
    if column.null_count:
        column = pc.fill_null(column, "")
    return pc.utf8_trim_whitespace(column)


class Table(Protocol):
    """A table that can be read more than once, as text."""

    name: str
    sha256: str
    header: list[str]
    has_header: bool
    rows_expected: int | None
    notes: list[str]
    named: bool

    def batches(self, columns: list[str] | None = None) -> Iterator[Batch]:
        """The rows, batch by batch; only these columns where given."""
        ...
