"""What can be wrong with a database file, each in one sentence with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StoreError

NOT_OURS = "{path} is not a Shoplight database. Choose another file, or import your exports into a new one."
READ_ONLY = "{path} cannot be written: the file or its folder is read-only. Copy it to a folder you can write to."
RESTORE = "Put back a copy of it, or import the shop's exports into a new file."

# Keyed by SQLite's primary result code (https://www.sqlite.org/rescode.html).
_BY_CODE = {
    3: "{path} may not be used: permission denied. Give yourself the right to read and write it.",
    5: "{path} is being written by another program for a long time. Close that program and try again.",
    6: "{path} is being written by another program for a long time. Close that program and try again.",
    8: READ_ONLY,
    9: "The question to {path} took too long and was stopped. Ask for less, such as fewer days.",
    10: "{path} could not be read or written ({cause}): the disk is full, failing or limited. "
    "What was stored before is whole; make room and try again.",
    11: "{path} is damaged ({cause}). " + RESTORE,
    13: "The disk with {path} is full. What was stored before is whole; make room and try again.",
    14: "{path} cannot be opened: the file or its folder may not be read or written. Check their permissions.",
    15: "{path} is being written by another program for a long time. Close that program and try again.",
    19: "A row does not fit into {path} ({cause}). Nothing of its batch was stored.",
    23: "That is not allowed here: {path} can only be read ({cause}).",
    26: NOT_OURS,
}


def sentence(error: sqlite3.Error, path: Path) -> str:
    """The sentence for what SQLite reports about the file at `path`."""
    code = getattr(error, "sqlite_errorcode", None)
    template = _BY_CODE.get(code & 0xFF) if code is not None else None
    template = template or "{path} could not be used: {cause}."
    return template.format(path=path, cause=error)


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system reports inside the block into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(sentence(error, path)) from error
    except OverflowError as error:
        raise StoreError(f"A number does not fit into {path}: it has more than 18 digits.") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"A text does not fit into {path}: {error.object!r} is not valid Unicode.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {(error.strerror or str(error)).lower()}.") from error
