"""SQL texts with names filled in: every name is one of the schema's own words."""

from __future__ import annotations

from collections.abc import Iterable

from data.schema import TABLES
from engine.errors import UnknownName

# What makes two rows the same fact, per table.
KEYS: dict[str, tuple[str, ...]] = {
    "transactions": ("transaction_id",),
    "customers": ("customer_id",),
    "spend": ("date", "channel"),
    "products": ("product",),
}

PUBLISHED = "SELECT load_id FROM loads WHERE status = 'published'"


def fill(template: str, **parts: str) -> str:
    """The template with its `{parts}` replaced; values never come this way, they are bound."""
    return template.format(**parts)


def stored_names(table: str) -> tuple[str, ...]:
    """The stored columns of a table, in stored order."""
    return tuple(column.stored_name for column in TABLES[table])


def checked(table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns, when the table stores them all; UnknownName otherwise."""
    known = stored_names(table)
    columns = tuple(columns)
    for name in columns:
        if name not in known:
            raise UnknownName(f"stored column of {table}", name, known)
    return columns


def listed(columns: Iterable[str], prefix: str = "") -> str:
    """The columns as a quoted SQL list: `"date", "kind"`."""
    return ", ".join(f'{prefix}"{name}"' for name in columns)
