"""`shoplight import`: take a shop's exports in, look at loads, take one back."""

from __future__ import annotations

from pathlib import Path

import click

from dashboards.cli._options import as_json, print_json, progress_bar
from dashboards.cli._table import print_table
from engine.errors import EngineError


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--db",
    type=click.Path(path_type=Path, readable=False),
    envvar="SHOPLIGHT_DB",
    show_envvar=True,
    help="The shop's database; made where there is none.",
)
@click.option(
    "--map",
    "mappings",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Settle which of the file's columns is ours, such as --map date='Created at'; may be repeated.",
)
@click.option("--day-first/--month-first", "day_first", default=None, help="How 03/04/2025 is meant.")
@click.option(
    "--decimal", type=click.Choice([".", ","]), help="Which mark begins the decimals where 1,234 could be either."
)
@click.option("--currency", metavar="CODE", help="Three-letter currency, where the file does not say.")
@click.option("--preview", "preview_wanted", is_flag=True, help="Show how the file would be read; store nothing.")
@click.option("--undo", "undo", type=int, metavar="LOAD", help="Take that load back.")
@click.option("--list", "list_wanted", is_flag=True, help="List the loads of the database.")
@as_json
def command(paths, db, mappings, day_first, decimal, currency, preview_wanted, undo, list_wanted, json_wanted) -> None:
    """Import a shop's exports: CSV, TSV, Excel, Parquet (gz too), or folders of them."""
    settled = dict(_pair(text) for text in mappings)
    reading = {"day_first": day_first, "decimal": decimal, "currency": currency}
    if preview_wanted:
        return _preview(paths, settled, reading, json_wanted)
    if db is None:
        raise EngineError("Name the database with --db, such as --db shop.db; it is made where there is none.")
    if list_wanted:
        return _list(db, json_wanted)
    if undo is not None:
        return _undo(db, undo, json_wanted)
    from engine.imports import import_paths

    report = import_paths(_named(paths), db, mapping=settled or None, progress=progress_bar(), **reading)
    if json_wanted:
        print_json(report.to_dict())
    else:
        click.echo(report.text())
    return None


def _preview(paths, settled, reading, json_wanted) -> None:
    from engine.imports import preview

    seen = preview(_named(paths), mapping=settled or None, **reading)
    if json_wanted:
        print_json(seen.to_dict())
        return
    click.echo(f"Read as: {seen.format}")
    columns = [(ours, f"from {theirs!r}", why) for ours, theirs, why in seen.mapping]
    print_table(("our column", "is taken", "because"), columns, left=3)
    for sentence in (*seen.questions, *seen.notes):
        click.echo(f"- {sentence}")
    if seen.rows:
        click.echo("The first rows:")
        heads = list(seen.rows[0])
        print_table(heads, [[_cell(row[h]) for h in heads] for row in seen.rows], left=len(heads))


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 24 else f"{text[:23]}…"


def _list(db: Path, json_wanted: bool) -> None:
    from engine.store import Store

    loads = Store.open(db).loads()
    if json_wanted:
        print_json({"loads": [_load_json(load) for load in loads]})
        return
    if not loads:
        click.echo("No loads yet.")
    for load in loads:
        click.echo(
            f"{load.load_id:>4}  {load.status:<9}  {load.started_at}  {load.rows_stored:>12,} rows  "
            f"{load.format}: {load.source}"
        )


def _load_json(load) -> dict:
    fields = (
        "load_id",
        "source",
        "format",
        "sha256",
        "status",
        "started_at",
        "published_at",
        "rows_read",
        "rows_stored",
    )
    return {name: getattr(load, name) for name in fields}


def _undo(db: Path, load_id: int, json_wanted: bool) -> None:
    from engine.store import Store

    store = Store.open(db)
    with store.writer() as writer:
        version = writer.undo(load_id)
    if json_wanted:
        print_json({"undone": load_id, "data_version": version})
    else:
        click.echo(f"Load {load_id} is taken back; the data is now version {version}.")


def _named(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if not paths:
        raise EngineError("Name the files or folders to import, such as `shoplight import orders.csv --db shop.db`.")
    return paths


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours.strip() and equals):
        raise EngineError(f"--map {text!r} does not say OURS=THEIRS; write for example --map date='Created at'.")
    return ours.strip(), theirs.strip()
