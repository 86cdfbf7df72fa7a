"""Run as a script of its own: a spreadsheet becomes CSV files, under limits of memory, time and size.

One cell at XFD1048576 makes a reader allocate a full sheet and abort, which no `except` can catch:
so the reading happens in this process, which may die without hurting anybody.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

MEMORY = 1 << 30
CPU_SECONDS = 120
FILE_BYTES = 2 << 30
MOST_SHEETS = 200


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return str(cell)


def main(path: str, folder: str) -> None:
    limit()
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    names = book.sheet_names
    if len(names) > MOST_SHEETS:
        print(json.dumps({"error": f"holds {len(names):,} sheets, {MOST_SHEETS} are the most"}))
        return
    sheets = []
    for number, name in enumerate(names):
        rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
        target = Path(folder) / f"{number}.csv"
        count = 0
        with target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            for row in rows:
                cells = [text(cell) for cell in row]
                # An empty row stays an empty line: what is said about line 7 is in row 7 of the sheet.
                writer.writerow(cells if any(cells) else [])
                count += any(cells)
        sheets.append({"name": name, "file": target.name, "rows": count})
    print(json.dumps({"sheets": sheets}))


if __name__ == "__main__":
    main(*sys.argv[1:])
