"""Files that need more than a few lines of text: workbooks, Parquet, archives, links."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path


def workbook(*rows: tuple, sheets: dict[str, list[tuple]] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, content in (sheets or {"Orders": list(rows)}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def stray_cell(declared: bool, rows: int = 1, column: str = "XFD") -> bytes:
    """One cell at the far end of the sheet: 17 billion cells for a reader that makes room for all."""
    sheet = workbook(("order_id", "customer_id", "date", "revenue"), *[("A1", "C1", "2024-01-15", 10)] * rows)
    source, target = zipfile.ZipFile(io.BytesIO(sheet)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item.filename)
            if item.filename == "xl/worksheets/sheet1.xml":
                extent = b"A1:XFD1048576" if declared else b"A1:D2"
                content = content.replace(b'ref="A1:D2"', b'ref="' + extent + b'"')
                far = f'<row r="1048576"><c r="{column}1048576"><v>1</v></c></row></sheetData>'.encode()
                content = content.replace(b"</sheetData>", far)
            out.writestr(item, content)
    return target.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, content)
    return file.getvalue()


def inflated_book() -> bytes:
    """A sheet of 64 MB of blanks: a decompression bomb by ratio."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook(("a", "b"), (1, 2)))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            extra = b" " * (64 << 20) if item.filename == "xl/worksheets/sheet1.xml" else b""
            out.writestr(item, source.read(item.filename) + extra)
    return target.getvalue()


def parquet(**columns) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def good_parquet() -> bytes:
    import pyarrow as pa

    return parquet(
        order_id=pa.array([9007199254740993, 9007199254740995]),
        customer_id=pa.array(["007", None]),
        date=pa.array([datetime(2024, 1, 15, 10, 30), datetime(2024, 1, 16)], pa.timestamp("us")),
        revenue=pa.array([10.1, 0.3]),
    )
