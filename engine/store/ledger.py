"""The ledger: which loads there are, what each brought, and what they make visible together."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_ALL_LOADS = (
    "SELECT load_id, source, format, sha256, status, currency, started_at, published_at, undone_at,"
    " rows_read, rows_stored, columns, report FROM loads ORDER BY load_id DESC"
)


@dataclass(frozen=True)
class Load:
    """One import as the ledger keeps it.

    Parameters
    ----------
    load_id : its number, rising
    source, format, sha256 : what was read, as which format, and the digest of its bytes
    status : open, published or undone
    currency : three letters, None where the load did not say
    started_at, published_at, undone_at : moments in UTC, `YYYY-MM-DD HH:MM:SS`
    rows_read, rows_stored : rows of the file, and rows that were new
    columns : per table, the schema's columns that have a value
    report : what the import said
    """

    load_id: int
    source: str
    format: str
    sha256: str
    status: str
    currency: str | None
    started_at: str
    published_at: str | None
    undone_at: str | None
    rows_read: int
    rows_stored: int
    columns: dict[str, list[str]] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


def now() -> str:
    """This moment in UTC, as the ledger writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def loads(connection: sqlite3.Connection) -> list[Load]:
    """All loads, newest first."""
    return [Load(*row[:-2], json.loads(row[-2]), json.loads(row[-1])) for row in connection.execute(_ALL_LOADS)]


def shop(connection: sqlite3.Connection) -> tuple[int, str | None]:
    """The data version and the shop's currency."""
    return connection.execute("SELECT data_version, currency FROM shop").fetchone()


def raise_version(connection: sqlite3.Connection) -> int:
    """Say that what readers see has changed; returns the new data version."""
    connection.execute("UPDATE shop SET data_version = data_version + 1")
    return shop(connection)[0]


def renew_currency(connection: sqlite3.Connection) -> None:
    """The shop's currency is the one of its published loads."""
    connection.execute(
        "UPDATE shop SET currency = (SELECT currency FROM loads WHERE status = 'published' AND currency IS NOT NULL"
        " ORDER BY load_id LIMIT 1)"
    )
