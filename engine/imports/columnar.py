"""Parquet files, read as text like everything else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import ImportRefused
from engine.imports.batch import BATCH_ROWS, Batch, flat
from engine.imports.header import named_header
from engine.imports.sources import Source
from engine.imports.survey import fingerprint

MOST_COLUMNS = 2_000
MOST_ROWS = 200_000_000
# Arrow inflates a page at a time; a file that declares more than this is hostile or a whole warehouse.
MOST_UNPACKED = 32 << 30


class ParquetTable:
    """A Parquet file; declared types become their exact text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.name = source.name
        self.named = source.named
        self.sha256 = fingerprint(source)
        self.notes: list[str] = []
        self.has_header = True
        with source.on_disk() as path, self._opened(path) as file:
            self._check(file.metadata)
            self._schema = file.schema_arrow
            self.rows_expected = file.metadata.num_rows
        names = named_header([field.name for field in self._schema])
        nested = [name for name, field in zip(names, self._schema, strict=True) if pa.types.is_nested(field.type)]
        self._fields = {name: field.name for name, field in zip(names, self._schema, strict=True) if name not in nested}
        self.header = list(self._fields)
        if nested:
            self.notes.append(f"{self.name}: {', '.join(nested[:5])} hold lists or records and are left out.")

    def batches(self, columns: list[str] | None = None) -> Iterator[Batch]:
        """The rows of the file; nested columns are left out."""
        pick = {name: theirs for name, theirs in self._fields.items() if columns is None or name in columns}
        line = 1
        with self._source.on_disk() as path, self._opened(path) as file:
            chunks = file.iter_batches(BATCH_ROWS, columns=list(pick.values()))
            while (chunk := self._next(chunks)) is not None:
                cells = {name: as_text(chunk.column(theirs)) for name, theirs in pick.items()}
                yield Batch(self.name, cells, np.arange(line, line + len(chunk), dtype=np.int64))
                line += len(chunk)

    def _opened(self, path):
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise ImportRefused(f"{self.name} is a damaged or cut off Parquet file ({_first(error)}).") from error

    def _next(self, chunks):
        try:
            return next(chunks, None)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise ImportRefused(f"{self.name} is a damaged Parquet file ({_first(error)}).") from error

    def _check(self, metadata) -> None:
        unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        if metadata.num_columns > MOST_COLUMNS or metadata.num_rows > MOST_ROWS or unpacked > MOST_UNPACKED:
            raise ImportRefused(
                f"{self.name} declares {metadata.num_rows:,} rows, {metadata.num_columns:,} columns and "
                f"{unpacked:,} bytes: too large to be an export. Split it."
            )


def as_text(column: pa.Array) -> pa.Array:
    """The exact text of a column of any plain type."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return flat(_moments(column))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return flat(
            pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
        )
    try:
        return flat(pc.cast(column, pa.string()))
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return flat(pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string()))


def _moments(column: pa.Array) -> pa.Array:
    """Moments to the second on the clock they were written for."""
    if column.type.tz:
        column = pc.local_timestamp(column)
    seconds = pc.cast(column, pa.timestamp("s"), safe=False)
    return pc.strftime(seconds, format="%Y-%m-%d %H:%M:%S")


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
