"""`shoplight orders`: the order lines behind a figure, to read or as a CSV file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from dashboards.cli._options import as_json, database, frame, print_json, progress_bar, selection, stored, windows
from dashboards.cli._table import print_table
from data.schema import LineKind
from engine.dimensions import DIMENSIONS
from engine.metrics import Unit

# What a terminal's width has room for, in this order, as far as the shop has it.
_SHOWN = ("date", "order_id", "customer_id", "kind", "product", "region", "channel", "quantity", "amount")
_NUMBERS = ("quantity", "amount")
_HEADS = {
    **{"date": "Date", "order_id": "Order", "customer_id": "Customer", "kind": "Kind"},
    **{"quantity": "Pieces", "amount": "Amount"},
}
_EVERY = "all"


@click.command("orders")
@click.option("--sort", default="date", show_default=True, metavar="WHAT", help="date (newest first) or revenue.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="How many rows to print.")
@click.option("--offset", default=0, type=click.IntRange(0), help="How many rows to leave out before them.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    default=(LineKind.SALE.value,),
    metavar="KIND",
    help=f"{', '.join(LineKind)} or {_EVERY}; may be given several times.  [default: sale]",
)
@click.option("--csv", "path", metavar="FILE", help="Write every row to a CSV file instead; - is standard output.")
@as_json
@database
@stored
@selection
def command(store, snapshot, selection, sort, limit, offset, kinds, path, json_wanted) -> None:
    """The order lines behind a selection, as a table or as a file."""
    from engine.diagnose.rows import order_rows
    from engine.store import Listing

    listing = Listing(tuple(LineKind) if _EVERY in kinds else kinds, sort)
    if path:
        _write(store, selection, listing, path)
        return
    found = order_rows(store, selection, listing=listing, limit=limit, offset=offset)
    if json_wanted:
        whole = {"count": found.count, "orders": found.orders, "revenue": found.revenue}
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        asked = {"sort": sort, "kinds": [str(kind) for kind in listing.kinds], "offset": offset}
        read = {"data_version": found.data_version}
        print_json(frame(snapshot, selection) | read | asked | whole | {"rows": rows})
        return
    _print(found, windows(snapshot, selection))


def _write(store, selection, listing, path: str) -> None:
    from engine.diagnose.rows import export_csv

    if path == "-":
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
            export_csv(store, selection, out, listing=listing)
        return
    place = Path(path)
    # Written under another name and moved: a file that exists is whole. A pipe or a device has no other name.
    draft = place if place.exists() and not place.is_file() else place.with_name(f"{place.name}.part")
    try:
        with open(draft, "w", encoding="utf-8", newline="") as out:
            count = export_csv(store, selection, out, listing=listing, progress=progress_bar())
        if draft != place:
            os.replace(draft, place)
    finally:
        if draft != place:
            draft.unlink(missing_ok=True)
    click.echo(f"{count:,} rows are in {place}.", err=True)


def _print(found, heading: str) -> None:
    from components import theme

    money = theme.number(found.revenue, Unit.MONEY, found.currency, exact=True)
    click.echo(heading)
    click.echo(f"{found.count:,} lines in {found.orders:,} orders, revenue {money}")
    if found.rows:
        shown = [name for name in _SHOWN if name in found.columns]
        heads = [DIMENSIONS[name].label if name in DIMENSIONS else _HEADS[name] for name in shown]
        lines = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        table = [[_cell(line, name, found.currency) for name in shown] for line in lines]
        print_table(heads, table, left=sum(name not in _NUMBERS for name in shown))
    left = found.count - found.offset - len(found.rows)
    if found.rows and left > 0:
        click.echo(f"{left:,} more; see them with --limit and --offset, or take all with --csv FILE.")


def _cell(line: dict, name: str, currency: str | None) -> str:
    from components import theme

    value = line[name]
    if name == "product":
        value = line.get("product_name") or value
    if name == "amount":
        return theme.number(value, Unit.MONEY, currency, exact=True)
    # What a shop's file says must not steer the terminal.
    return "".join(c if c.isprintable() else " " for c in str("" if value is None else value))
