"""The only place that opens SQLite connections: one way to write, one way to read.

Nothing else may open a database file, not even to look at it (see `place.check_file`), and a process
that is forked while connections are open must not use the database.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from engine.errors import StoreError
from engine.store.place import check_file

# "Shop" in ASCII; written into the header of every database of ours.
APPLICATION_ID = 0x53686F70

_WAIT_MS = 5_000
# Lines arrive in any order of their customers, so each batch touches most pages of that index: with pages
# of 8 KB instead of 4 a million lines are written in a tenth less time; larger ones make readers wait.
_PAGE_BYTES = 8_192
# 64 MB hold the pages of the indexes that a million lines touch at random.
_WRITER_CACHE_KB = 64_000
_READER_CACHE_KB = 16_000


def connect_writer(path: Path, *, durable: bool = False) -> sqlite3.Connection:
    """A connection that may write. Only for the holder of the write lock; it never checkpoints by itself.

    Parameters
    ----------
    path : the database; made where it is missing
    durable : whether every commit survives a power cut, for facts that no import brings back
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_MS / 1000)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KB}")
        set_durable(connection, durable)
    except BaseException:
        connection.close()
        raise
    return connection


def set_durable(connection: sqlite3.Connection, durable: bool) -> None:
    """Whether the commits that follow survive a power cut (and not only a crash of ours)."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read; StoreError where the file is no database of ours."""
    check_file(path)
    connection = sqlite3.connect(
        _uri(path), uri=True, isolation_level=None, timeout=_WAIT_MS / 1000, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB}")
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError(
                f"{path} is an SQLite database of another program. Choose another file, or import into a new one."
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(path: Path) -> str:
    return f"{path.as_uri()}?mode=ro{'&immutable=1' if is_still(path) else ''}"


def is_still(path: Path) -> bool:
    """Whether nobody can be writing: a folder we may not write to, and no log beside the database.

    Reading a write-ahead database needs a shared-memory file beside it. Where that cannot be made, the
    file may be read as it is, provided that no connection is open: an open one has its log there.
    """
    if os.access(path.parent, os.W_OK):
        return False
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return True
    if not path.with_name(path.name + "-shm").exists() and log.stat().st_size:
        raise StoreError(
            f"{path} was left in the middle of writing and its folder is read-only. "
            f"Copy {path.name} and {log.name} together to a folder you can write to."
        )
    return log.stat().st_size == 0 and not path.with_name(path.name + "-shm").exists()
