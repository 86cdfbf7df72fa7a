"""Which shop is shown."""

from __future__ import annotations

import os
from pathlib import Path

from engine.store import Store


def shop(path: Path | str | None = None) -> Path:
    """The database to show: the one named, else that of SHOPLIGHT_DB, else the demo shop, made if need be.

    Raises
    ------
    StoreError
        one sentence on why it cannot be opened
    """
    named = path or os.environ.get("SHOPLIGHT_DB")
    if named:
        found = Path(named).expanduser().absolute()
    else:
        from engine.demo import default_path, ensure

        found = ensure(default_path())
    Store.open(found).data_version()
    return found
