"""The demo shop in a database: where it lies, and making it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import platformdirs

from data.demo import generate, to_rows
from data.schema import TABLES
from engine.errors import StoreError
from engine.store import Store

FORMAT = "demo"


def default_path() -> Path:
    """Where the demo shop lies when nobody names a database: the user's own data folder."""
    return Path(platformdirs.user_data_dir("shoplight", appauthor=False)) / "demo.db"


def ensure(path: Path) -> Path:
    """The path itself; the demo shop is made there first where there is no file yet."""
    if not path.exists():
        make(path)
    return path


def make(
    path: Path,
    *,
    rows: int = 15_000,
    seed: int = 7,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Store:
    """Make the demo shop in a new database.

    Parameters
    ----------
    path : the database; its folder is made where it is missing
    rows : order lines, one an order
    seed : the same seed makes the same shop
    progress : called with what is being done, how many rows are done and how many there are

    Returns
    -------
    Store
        The shop, opened for reading.

    Raises
    ------
    StoreError
        where the database already holds another load: nothing is mixed into a shop
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    store = Store.create(path)
    if store.data_version():
        raise StoreError(f"{path} already holds a shop; name another file with --db or delete this one first.")
    demo = generate(rows, seed=seed)
    source = f"demo shop of {rows:,} orders, seed {seed}"
    digest = hashlib.sha256(source.encode()).hexdigest()
    stored = 0
    with store.writer() as writer, writer.load(source, FORMAT, sha256=digest, currency=demo.currency) as load:
        load.put_customers(*_table("customers", demo.customers))
        load.put_spend(*_table("spend", demo.spend))
        for batch in demo.batches():
            stored += load.put_lines(*to_rows(batch)).stored
            if progress:
                progress("making the demo shop", stored, rows)
        load.publish(lambda outcomes: {"tables": {name: outcome.stored for name, outcome in outcomes.items()}})
    return store


def _table(name: str, columns: dict) -> tuple[tuple[str, ...], list[tuple]]:
    present = [c.stored_name for c in TABLES[name] if c.stored_name in columns]
    return tuple(present), list(zip(*(columns[c].tolist() for c in present), strict=True))
