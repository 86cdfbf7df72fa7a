"""`shoplight serve`: the pages, in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from dashboards.cli._options import database


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=5006, show_default=True, help="0 takes a free one.")
@click.option("--address", default="localhost", show_default=True, help="Where to listen; 0.0.0.0 for all.")
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Another address browsers may come from; needed behind a proxy.",
)
@click.option(
    "--imports/--no-imports",
    "allow_imports",
    default=None,
    help="Whether the Data page takes files; by default only when served on this machine alone.",
)
@click.option("--show", is_flag=True, help="Open a browser.")
@database
def command(db: Path, **options) -> None:
    """Serve the shop's pages at http://localhost:5006."""
    from dashboards.server import serve

    serve(db, **options)
