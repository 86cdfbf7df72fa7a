"""A question in SQL from outside: it may only read, and only for a while."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import StoreError
from engine.store.sql import KEYS, PUBLISHED, fill

_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info", "user_version"})
# A look at the clock every 20,000 steps of SQLite's machine: about every millisecond.
_STEPS_BETWEEN_LOOKS = 20_000
_LONGEST_VALUE = 10_000_000


def ask(
    connection: sqlite3.Connection, sql: str, parameters: Sequence[Any] | Mapping[str, Any], *, seconds: float
) -> list[dict]:
    """The rows of one question, as dictionaries; StoreError when it is no question or takes too long."""
    _show_published_only(connection)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.set_authorizer(_authorize)
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)
    try:
        cursor = connection.execute(sql, parameters)
        if cursor.description is None:
            raise StoreError("That is no question: it gives no rows. Write one SELECT.")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise StoreError(
                f"The question took longer than {seconds:g} s and was stopped. Ask for less, such as fewer days."
            ) from error
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise StoreError(f"The question is not understood: {error}.") from error
        raise
    except sqlite3.ProgrammingError as error:
        raise StoreError(f"The question is not understood: {error}") from error
    except sqlite3.Warning as error:
        raise StoreError(f"The question is not understood: {error}") from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_AUTH:
            raise StoreError("That is no question: only SELECT is possible here, nothing can be changed.") from error
        raise


def _show_published_only(connection: sqlite3.Connection) -> None:
    """Hide, behind views of the same name, the lines of loads that are not published (yet)."""
    connection.execute("PRAGMA query_only = OFF")
    for table in KEYS:
        text = "CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE load_id IN ({published})"
        connection.execute(fill(text, table=table, published=PUBLISHED.replace("loads", "main.loads")))
    connection.execute("PRAGMA query_only = ON")


def _authorize(action: int, first: str | None, second: str | None, database: str | None, view: str | None) -> int:
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second != "load_extension":
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS and (second is None or first != "user_version"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
