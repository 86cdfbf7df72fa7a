"""`shoplight demo`: make the demo shop."""

from __future__ import annotations

from pathlib import Path

import click

from dashboards.cli._options import progress_bar


@click.command("demo")
@click.option(
    "--db", type=click.Path(path_type=Path, readable=False), help="The new database; default in your own data folder."
)
@click.option("--rows", type=click.IntRange(1, 50_000_000), default=15_000, show_default=True, help="Orders to make.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="The same seed makes the same shop.")
@click.option(
    "--csv",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write transactions.csv, customers.csv and spend.csv there instead of a database.",
)
def command(db: Path | None, rows: int, seed: int, folder: Path | None) -> None:
    """Make the demo shop: two years of orders with effects that are known."""
    from engine import demo

    if folder is not None:
        from data.demo import generate, write_csv

        folder.mkdir(parents=True, exist_ok=True)
        write_csv(generate(rows, seed=seed), folder)
        click.echo(f"The demo shop's tables are in {folder}.")
        return
    path = db or demo.default_path()
    demo.make(path, rows=rows, seed=seed, progress=progress_bar())
    click.echo(f"The demo shop of {rows:,} orders is in {path}. See it: shoplight serve --db {path}")
