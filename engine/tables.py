"""Any table of a person's, read as text: for answers that need no shop."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import EngineError, UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

    from engine.imports.batch import Table as Readable

# Whole columns are held as text: this many rows of ten columns take about 2 GB.
MOST_ROWS = 10_000_000
# Figures as most files write them, with groups or without; what else a figure can look like is read one by one.
USUAL = {
    ".": (r"^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$", ",", "."),
    ",": (r"^-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$", ".", ","),
}


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of text, all of one length.

    Parameters
    ----------
    path : where it was read from
    name : how sentences call it: the file, and the sheet where a file has several
    text : by column: trimmed text, "" where the cell is empty
    lines : (rows,) line of the file, or row of the sheet, that each row begins on
    """

    path: Path
    name: str
    text: dict[str, pa.Array]
    lines: np.ndarray

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """Every column as an array of str objects."""
        return {name: text.to_numpy(zero_copy_only=False) for name, text in self.text.items()}

    def column(self, name: str) -> np.ndarray:
        """(rows,) str objects of one column; UnknownName with the close match where there is none."""
        return self._text(name).to_numpy(zero_copy_only=False)

    def codes(self, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A column as (rows,) int64 positions in its distinct values, which are sorted."""
        coded = self._text(name).dictionary_encode()
        labels = coded.dictionary.to_pylist()
        order = sorted(range(len(labels)), key=labels.__getitem__)
        place = np.empty(len(labels), np.int64)
        place[order] = np.arange(len(labels))
        return place[coded.indices.to_numpy()], tuple(labels[i] for i in order)

    def numbers(self, name: str) -> np.ndarray:
        """(rows,) float64 figures of one column, NaN where a cell is empty or says that there is no value.

        Raises
        ------
        EngineError
            where a cell is no finite number, or its decimal sign cannot be told; with the line, column and value
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        from engine.imports.numbers import MISSING

        text = self._text(name)
        gone = pc.is_in(pc.utf8_lower(text), value_set=pa.array(sorted(MISSING)))
        filled = pc.if_else(gone, pa.scalar(None, pa.string()), text)
        values = _cast(filled)
        if values is None:
            values = self._read(name, filled)
        wrong = np.isinf(values) | (np.isnan(values) & ~gone.to_numpy(zero_copy_only=False))
        if wrong.any():
            raise self._no_number(name, int(np.flatnonzero(wrong)[0]))
        return values

    def looks_numeric(self, name: str) -> bool:
        """Whether every filled cell of a column is a number, and one is filled."""
        try:
            return bool(np.isfinite(self.numbers(name)).any())
        except EngineError:
            return False

    def _text(self, name: str) -> pa.Array:
        if name not in self.text:
            raise UnknownName(f"column in {self.name}", name, self.text)
        return self.text[name]

    def _read(self, name: str, filled: pa.Array) -> np.ndarray:
        """Figures with a decimal comma, groups, signs of currencies or brackets."""
        import pyarrow.compute as pc

        from engine.imports import numbers

        found = numbers.evidence(filled.drop_null())
        if found.decimal is None and (found.mixed or found.unproven):
            shown = found.unproven or "both 1.5 and 1,5"
            raise EngineError(
                f"{self.name}: the decimal sign of column {name!r} cannot be told from {shown!r}; "
                "write its figures with a dot and without groups."
            )
        decimal = found.decimal or "."
        pattern, group, sign = USUAL[decimal]
        if pc.all(pc.match_substring_regex(filled, pattern)).as_py():
            bare = pc.replace_substring(pc.replace_substring(filled, group, ""), sign, ".")
            return _cast(bare)
        coded = filled.dictionary_encode()
        values = [numbers.read_one(value, decimal) for value in coded.dictionary.to_pylist()]
        codes = pc.fill_null(coded.indices, -1).to_numpy()
        wrong = np.array([*(isinstance(value, str) for value in values), False])[codes]
        if wrong.any():
            raise self._no_number(name, int(np.flatnonzero(wrong)[0]))
        return np.array([*(np.nan if value is None else float(value) for value in values), np.nan])[codes]

    def _no_number(self, name: str, row: int) -> EngineError:
        value = self.text[name][row].as_py()
        return EngineError(
            f"{self.name}, line {self.lines[row]:,}, column {name!r}: {value[:60]!r} is no number; correct the cell."
        )


def read_table(path: str | os.PathLike[str], *, needed: Sequence[str] = ()) -> Table:
    """Read a CSV, TSV, semicolon, Excel or Parquet file, gzip or not.

    Parameters
    ----------
    path : a file; what it is is told by content
    needed : columns it must have. Of a workbook, the first sheet that has them all is read

    Raises
    ------
    ImportRefused
        where the file cannot be read, is empty or damaged
    UnknownName
        where a needed column is missing; with the close match
    EngineError
        where it is a folder, has no rows, or a row does not fit the header
    """
    from engine.imports import sources
    from engine.imports.tables import open_tables

    path = Path(path)
    if path.is_dir():
        raise EngineError(f"{path} is a folder; name one file in it.")
    found, _ = sources.find([path])
    with TemporaryDirectory(prefix="shoplight-") as folder:
        opened = open_tables(found, Path(folder), [])
        chosen = next((t for t in opened if set(needed) <= set(t.header)), opened[0])
        for name in needed:
            if name not in chosen.header:
                raise UnknownName(f"column in {chosen.name}", name, chosen.header)
        return _table(path, chosen)


def _table(path: Path, readable: Readable) -> Table:
    import pyarrow as pa

    batches, rows = [], 0
    for batch in readable.batches():
        if batch.broken:
            row = batch.broken[0]
            raise EngineError(f"{readable.name}, line {row.line:,}: {row.reason}; correct the row.")
        rows += len(batch)
        if rows > MOST_ROWS:
            raise EngineError(f"{readable.name} has more than {MOST_ROWS:,} rows; split it, or import it as a shop.")
        batches.append(batch)
    if not rows:
        raise EngineError(f"{readable.name} has a header but no rows.")
    text = {name: pa.concat_arrays([batch.columns[name] for batch in batches]) for name in readable.header}
    return Table(path, readable.name, text, np.concatenate([batch.lines for batch in batches]))


def _cast(text: pa.Array) -> np.ndarray | None:
    """Figures written as programs do, NaN for null; None where one is not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
