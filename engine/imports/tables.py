"""From files to tables that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.errors import ImportRefused
from engine.imports.batch import Table
from engine.imports.columnar import ParquetTable
from engine.imports.delimited import TextTable
from engine.imports.sources import Source
from engine.imports.spreadsheet import sheets


def open_tables(sources: Iterable[Source], folder: Path, notes: list[str]) -> list[Table]:
    """A table for each file, or sheet; what a folder holds beside tables is passed over with a note."""
    found: list[Table] = []
    for number, source in enumerate(sources):
        try:
            found += _open(source, folder, number)
        except ImportRefused as refused:
            if source.named:
                raise
            notes.append(f"Passed over: {refused}")
    if not found:
        raise ImportRefused(notes[0] if notes else "There is no table to import.")
    return found


def _open(source: Source, folder: Path, number: int) -> list[Table]:
    if source.kind == "parquet":
        return [ParquetTable(source)]
    if source.kind == "sheet":
        home = folder / str(number)
        home.mkdir()
        return list(sheets(source, home))
    return [TextTable(source)]
