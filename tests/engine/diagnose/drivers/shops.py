"""Demo shops in memory, and small shops made of arrays."""

from __future__ import annotations

import numpy as np

from data.demo import TRUTH, generate
from engine.selection import Selection
from engine.snapshot import Snapshot


def columns(rows: int, seed: int = 7) -> tuple[dict, dict]:
    """A demo shop's lines as arrays, missing numbers NaN, and its customers."""
    demo = generate(rows, seed=seed, truth=TRUTH)
    batches = list(demo.batches())
    found = {name: np.ma.concatenate([b[name] for b in batches]) for name in batches[0]}
    return {name: _plain(values) for name, values in found.items()}, demo.customers


def shop(lines: dict, customers: dict | None = None, *, without: tuple[str, ...] = ()) -> Snapshot:
    """The snapshot of lines, some columns left out."""
    return Snapshot.from_columns(
        {name: values for name, values in lines.items() if name not in without},
        currency="EUR",
        customers={name: values for name, values in (customers or {}).items() if name not in without},
    )


def whole(snapshot: Snapshot) -> Selection:
    """All days."""
    return Selection(snapshot.whole())


def _plain(values) -> np.ndarray:
    masked = np.ma.getmaskarray(values)
    return values.astype(float).filled(np.nan) if masked.any() else np.ma.getdata(values)
