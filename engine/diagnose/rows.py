"""The orders themselves: the rows behind a figure, by the page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from data.schema import MONEY_SCALE, TRANSACTIONS, Kind
from engine.errors import EngineError
from engine.selection import Selection
from engine.store.orders import Listing

if TYPE_CHECKING:
    from engine.store import OrderLines, Store

# Told what is written, how many rows are done, and of how many.
Progress = Callable[[str, int, int | None], None]

# A page of more rows than this is an export.
LARGEST_PAGE = 1_000

# A spreadsheet takes text that begins so for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

_MONEY = frozenset(column.name for column in TRANSACTIONS if column.kind is Kind.MONEY)


@dataclass(frozen=True)
class OrderRows:
    """Order lines of a selection.

    Parameters
    ----------
    columns : names, in the schema's order
    rows : a value a column: text, int, float (money in currency units, time in days) or None; moments are text as
        `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`
    offset : how many rows come before these
    count : rows of the whole selection
    orders : distinct orders in them
    revenue : their revenue, in currency units
    currency : of the money, where it is known
    data_version : the store's when they were read
    """

    columns: tuple[str, ...]
    rows: tuple[tuple, ...]
    offset: int
    count: int
    orders: int
    revenue: float
    currency: str | None
    data_version: int


def order_rows(
    store: Store, selection: Selection, *, listing: Listing | None = None, limit: int = 50, offset: int = 0
) -> OrderRows:
    """One page of the order lines behind a selection, and how many there are in all.

    Parameters
    ----------
    listing : kinds and order; sold lines, the newest first, where it is None
    limit, offset : up to so many rows, after the first so many

    Raises
    ------
    MissingColumn
        where a filter is on a column that the shop does not have
    EngineError
        where the page is no page
    """
    if not 0 <= limit <= LARGEST_PAGE or offset < 0:
        raise EngineError(
            f"A page has 0 to {LARGEST_PAGE:,} rows after the first ones, not {limit:,} after {offset:,}; "
            "take all rows as a CSV file."
        )
    with store.reading() as reading:
        lines = reading.orders(selection, listing)
        counts = lines.count()
        return OrderRows(
            columns=lines.columns,
            rows=tuple(lines.page(limit, offset)) if offset < counts.rows else (),
            offset=offset,
            count=counts.rows,
            orders=counts.orders,
            revenue=counts.revenue_units / MONEY_SCALE,
            currency=reading.currency(),
            data_version=reading.data_version(),
        )


def export_csv(
    store: Store,
    selection: Selection,
    out: TextIO,
    *,
    listing: Listing | None = None,
    progress: Progress | None = None,
) -> int:
    """Write all order lines behind a selection as CSV; returns how many.

    One record a line under a header; money has a dot, empty cells are missing values, and text that a spreadsheet
    would take for a formula begins with an apostrophe.

    Parameters
    ----------
    out : open for text in UTF-8, without translation of line ends
    progress : told after each 2,000 rows
    """
    whole = _count(store, selection, listing) if progress else None
    done = 0
    # What goes wrong with `out` happens here, outside of the reading, which would blame the database.
    with closing(_pieces(store, selection, listing, chunk_rows=2_000)) as pieces:
        for rows, text in pieces:
            out.write(text)
            done += rows
            if progress:
                progress("orders", done, whole)
    return done


def csv_chunks(
    store: Store, selection: Selection, *, listing: Listing | None = None, chunk_rows: int = 2_000
) -> Iterator[str]:
    """The text of `export_csv` piece by piece, the header with the first: joined they are the file.

    Parameters
    ----------
    chunk_rows : rows a piece, at most 2,000
    """
    with closing(_pieces(store, selection, listing, chunk_rows=chunk_rows)) as pieces:
        for _, text in pieces:
            yield text


def _count(store: Store, selection: Selection, listing: Listing | None) -> int:
    with store.reading() as reading:
        return reading.orders(selection, listing).count().rows


def _pieces(
    store: Store, selection: Selection, listing: Listing | None, *, chunk_rows: int
) -> Iterator[tuple[int, str]]:
    with store.reading() as reading:
        yield from _texts(reading.orders(selection, listing), chunk_rows=chunk_rows)


def _texts(lines: OrderLines, *, chunk_rows: int) -> Iterator[tuple[int, str]]:
    """Pieces of the file, each with its number of rows; the first has the header and may have none."""
    how = [_money if name in _MONEY else _cell for name in lines.columns]
    first = True
    for batch in _at_least_one(lines.batches(chunk_rows)):
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        if first:
            writer.writerow(lines.columns)
        writer.writerows([write(value) for write, value in zip(how, line, strict=True)] for line in batch)
        yield len(batch), text.getvalue()
        first = False


def _at_least_one(batches: Iterator[list[tuple]]) -> Iterator[list[tuple]]:
    yield next(batches, [])
    yield from batches


def _money(value: float | None) -> str:
    """Two decimals, up to four where there are more: what is stored, to the last digit."""
    if value is None:
        return ""
    text = f"{value:.4f}"
    return text[:-2] + text[-2:].rstrip("0")


def _cell(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
