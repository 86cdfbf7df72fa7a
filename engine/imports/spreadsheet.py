"""Excel and OpenDocument files: checked, then turned into text tables by a child process under limits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from engine.errors import ImportRefused
from engine.imports.delimited import TextTable
from engine.imports.sources import Source
from engine.imports.survey import fingerprint

CHILD = Path(__file__).with_name("_sheet_child.py")
CHILD_SECONDS = 180
# A full sheet of 1,048,576 rows has 30 columns in a large export: beyond that the reader needs gigabytes.
MOST_CELLS = 32_000_000
MOST_UNPACKED = 1 << 30
MOST_RATIO = 200
RATIO_COUNTS_FROM = 16 << 20

DIMENSION = re.compile(rb'<dimension[^>]*ref="(?:\$?[A-Z]+\$?\d+:)?\$?([A-Z]+)\$?(\d+)"')
CELL = re.compile(rb'<c[^>]*? r="([A-Z]+)(\d+)"')


def sheets(source: Source, folder: Path) -> list[TextTable]:
    """The tables of a spreadsheet, one for each sheet that holds rows; `folder` must outlive them."""
    with source.on_disk() as plain:
        if zipfile.is_zipfile(plain):
            _check(plain, source.name)
        answer = _convert(plain, folder, source.name)
    sha256 = fingerprint(source)
    found: list[TextTable] = []
    for sheet in answer["sheets"]:
        if sheet["rows"] < 1:
            continue
        name = source.name if len(answer["sheets"]) == 1 else f"{source.name} › {sheet['name']}"
        table = TextTable(Source(folder / sheet["file"], name, "text", False, source.named))
        table.sha256 = sha256
        found.append(table)
    if not found:
        raise ImportRefused(f"{source.name} has no sheet with rows.")
    return found


def _check(path: Path, name: str) -> None:
    """Refuse what would unpack to gigabytes or declares a sheet no shop exports."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(1, sum(entry.compress_size for entry in entries))
        if unpacked > MOST_UNPACKED or (unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed):
            raise ImportRefused(
                f"{name} unpacks from {packed:,} to {unpacked:,} bytes: it looks like a decompression bomb. "
                "Save the table as CSV."
            )
        for entry in entries:
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                with archive.open(entry) as file:
                    _check_extent(file.read(64 << 10), name, entry.filename)


def _check_extent(head: bytes, name: str, sheet: str) -> None:
    for column, row in (*DIMENSION.findall(head)[:1], *CELL.findall(head)[-1:]):
        cells = _column_number(column.decode()) * int(row)
        if cells > MOST_CELLS:
            raise ImportRefused(
                f"{name} ({sheet}) reaches to cell {column.decode()}{row.decode()}, {cells:,} cells: more than "
                f"{MOST_CELLS:,} cannot be read safely. Delete the stray cell or save the table as CSV."
            )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _convert(path: Path, folder: Path, name: str) -> dict:
    command = [sys.executable, str(CHILD), str(path), str(folder)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=CHILD_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise ImportRefused(f"{name} took longer than {CHILD_SECONDS} seconds to read. Save it as CSV.") from error
    if done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr:
        raise ImportRefused(f"{name} needs more memory or time than a spreadsheet may take. Save the table as CSV.")
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ImportRefused(
            f"{name} is a damaged or protected spreadsheet ({(reason or ['no reason given'])[-1][:160]})."
        )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ImportRefused(f"{name} {answer['error']}.")
    return answer
