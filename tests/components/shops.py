"""Small shops in memory, each made to be awkward in one way."""

from __future__ import annotations

import numpy as np

from engine.snapshot import Snapshot

# What a stranger might have typed into a product's name; none of it may ever act.
HOSTILE = (
    "<img src=x onerror=\"window.hacked='img'\">",
    "<script>window.hacked='script'</script>",
    "\"><svg onload=window.hacked='svg'>",
    "javascript:window.hacked='url'",
    "{{ 7 * 7 }} ${7*7} @{name}{safe}",
    "[x](javascript:window.hacked='markdown')",
    "' OR 1=1; --",
    "a\u202ereversed\u202c\u0000\u001b[31m",
    "line\nbreak\ttab",
    "007",
    "1e308",
    "true",
    "NA",
    "",
    "\U0001f4a9 Straße ‮ التسوق",
    "A" * 500,
)


def shop(
    rows: int = 400,
    *,
    seed: int = 3,
    names: tuple[str, ...] = ("Mug", "Lamp", "Bag"),
    data_version: int = 0,
    **more: object,
) -> Snapshot:
    """A shop of a year with products, categories, regions and segments named as asked."""
    draw = np.random.default_rng(seed)
    moments = np.datetime64("2024-01-01T08:00:00") + np.sort(draw.integers(0, 366 * 86_400, rows)).astype(
        "timedelta64[s]"
    )
    words = np.array(names, dtype=object)
    columns = {
        "date": moments,
        "order_id": np.arange(rows).astype(str),
        "customer_id": draw.integers(0, max(rows // 3, 1), rows).astype(str),
        "revenue": draw.integers(100, 90_000, rows) / 100,
        "product": words[draw.integers(0, len(words), rows)],
        "category": words[draw.integers(0, len(words), rows)],
        "region": words[draw.integers(0, len(words), rows)],
        "segment": words[draw.integers(0, len(words), rows)],
        "satisfaction_score": draw.integers(1, 6, rows).astype(float),
    }
    return Snapshot.from_columns({**columns, **more}, currency="GBP", data_version=data_version)


def one_row() -> Snapshot:
    """A shop that sold once."""
    return Snapshot.from_columns(
        {"date": np.array(["2024-05-05T10:00:00"], "datetime64[s]"), "order_id": ["1"], "customer_id": ["c"],
         "revenue": [12.5], "product": ["Mug"]},
        currency="GBP",
    )  # fmt: skip


def one_day(rows: int = 30) -> Snapshot:
    """A shop whose file holds a single day."""
    moments = np.datetime64("2024-05-05T08:00:00") + (np.arange(rows) * 600).astype("timedelta64[s]")
    return shop(rows, date=moments)


def bare() -> Snapshot:
    """A shop of days, customers and money alone: no dimension, no score, no hours."""
    days = np.datetime64("2024-01-01") + np.arange(200)
    return Snapshot.from_columns({"date": days, "customer_id": (np.arange(200) % 40).astype(str),
                                  "revenue": np.full(200, 10.0)})  # fmt: skip


def empty() -> Snapshot:
    """A shop before its first import."""
    return Snapshot.from_columns({"date": np.array([], "datetime64[s]"), "revenue": np.array([], float)})
