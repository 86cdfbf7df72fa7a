"""Case files in the operations database: kept durably, deleted softly, every value bound."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.errors import StoreError
from engine.store.ledger import now
from engine.store.operations import OPERATIONS, beside, reading, writing
from engine.store.sql import fill, listed

# The version of the operations tables in which case files came.
_SINCE = 2

LONGEST_TITLE, LONGEST_QUESTION, LONGEST_ASKED, LONGEST_NOTE = 200, 8_000, 2_000, 20_000
# Bytes of JSON. The explanation of a month takes 43 kB in the demo shop and 222 kB in Online Retail.
LARGEST_EVIDENCE, LARGEST_RULED_OUT = 1_000_000, 100_000
# A gigabyte at the very most, and more than a person can look through.
MOST_CASES = 1_000

# A deleted case can be brought back for so many days, as long as it is among the last so many deleted.
KEPT_DAYS, KEPT_DELETED = 30, 100


@dataclass(frozen=True)
class CaseHead:
    """What a list of cases shows; moments are in UTC, `YYYY-MM-DD HH:MM:SS`.

    Parameters
    ----------
    case_id : random, url-safe
    format : of the evidence, rising with the program's versions
    title, metric : what it is about
    question : the page's query
    asked : the selection in words
    data_version, shop : of the data it was found in
    created_at, changed_at : when it was saved and last changed
    deleted_at : None while it is not deleted
    """

    case_id: str
    format: int
    title: str
    metric: str
    question: str
    asked: str
    data_version: int
    shop: str
    created_at: str
    changed_at: str
    deleted_at: str | None


@dataclass(frozen=True)
class CaseRow(CaseHead):
    """A case as it is stored: the evidence and what was ruled out are JSON, the note is a person's words."""

    evidence: str
    ruled_out: str
    note: str


_HEAD = listed(field.name for field in fields(CaseHead))
_ROW = listed(field.name for field in fields(CaseRow))
_ADD = fill("INSERT INTO cases ({row}) VALUES ({marks})", row=_ROW, marks=", ".join("?" for _ in fields(CaseRow)))
_LIST = fill("SELECT {head} FROM cases WHERE deleted_at IS NULL ORDER BY created_at DESC, rowid DESC", head=_HEAD)
_LIST_DELETED = fill(
    "SELECT {head} FROM cases WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, rowid DESC", head=_HEAD
)
_GET = fill("SELECT {row} FROM cases WHERE case_id = ? AND deleted_at IS NULL", row=_ROW)
_GET_HEAD = fill("SELECT {head} FROM cases WHERE case_id = ?", head=_HEAD)


class Cases:
    """The case files beside a shop's database. Every call is short and may come from any thread or process.

    Looking makes no file: a shop whose folder is read-only has no cases, until they are to be saved.

    Parameters
    ----------
    shop : the path of the shop's database
    """

    def __init__(self, shop: str | os.PathLike[str]) -> None:
        self.path: Path = beside(shop)

    def add(self, row: CaseRow) -> CaseRow:
        """Keep a new case; returns it with its moments."""
        moment = now()
        row = replace(row, created_at=moment, changed_at=moment, deleted_at=None)
        OPERATIONS.prepare(self.path)
        with writing(self.path) as connection:
            _forget(connection)
            (count,) = connection.execute("SELECT count(*) FROM cases WHERE deleted_at IS NULL").fetchone()
            if count >= MOST_CASES:
                raise StoreError(f"{count:,} cases are kept already, as many as there may be; delete some first.")
            connection.execute(_ADD, astuple(row))
        return row

    def list(self, *, deleted: bool = False) -> tuple[CaseHead, ...]:
        """The cases without their evidence, newest first; or the deleted ones that can be brought back."""
        return tuple(CaseHead(*row) for row in self._select(_LIST_DELETED if deleted else _LIST, ()))

    def get(self, case_id: str) -> CaseRow:
        """One case that is not deleted."""
        found = self._select(_GET, (case_id,))
        if not found:
            raise self._unknown(case_id)
        return CaseRow(*found[0])

    def change(self, case_id: str, *, title: str | None = None, note: str | None = None) -> None:
        """Give a case another title, another note, or both; None leaves it."""
        self._update(
            "UPDATE cases SET title = coalesce(?, title), note = coalesce(?, note), changed_at = ?"
            " WHERE case_id = ? AND deleted_at IS NULL",
            (title, note, now(), case_id),
        )

    def delete(self, case_id: str) -> CaseHead:
        """Put a case away, whatever state its evidence is in; `restore` brings it back."""
        self._update("UPDATE cases SET deleted_at = ? WHERE case_id = ? AND deleted_at IS NULL", (now(), case_id))
        (found,) = self._select(_GET_HEAD, (case_id,))
        return CaseHead(*found)

    def restore(self, case_id: str) -> None:
        """Bring a deleted case back."""
        self._update("UPDATE cases SET deleted_at = NULL WHERE case_id = ? AND deleted_at IS NOT NULL", (case_id,))

    def _update(self, text: str, parameters: tuple) -> None:
        """Change one case, which ends the parameters' list; StoreError where there is none such."""
        if self._has_cases():
            with writing(self.path) as connection:
                if connection.execute(text, parameters).rowcount:
                    return
        raise self._unknown(parameters[-1])

    def _select(self, text: str, parameters: tuple) -> list[tuple]:
        if not self.path.exists():
            return []
        with reading(self.path) as (connection, version):
            return connection.execute(text, parameters).fetchall() if version >= _SINCE else []

    def _has_cases(self) -> bool:
        return bool(self._select("SELECT 1 FROM cases LIMIT 1", ()))

    def _unknown(self, case_id: str) -> StoreError:
        # The ids of other cases are nobody's business who does not know them.
        return StoreError(
            f"There is no case {case_id!r} here, or it was deleted; `shoplight cases` lists those there are."
        )


def _forget(connection: sqlite3.Connection) -> None:
    """Remove for good what was deleted long ago, or before many others."""
    long_ago = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).strftime("%Y-%m-%d %H:%M:%S")
    connection.execute(
        "DELETE FROM cases WHERE deleted_at < ? OR case_id IN (SELECT case_id FROM cases WHERE deleted_at IS NOT NULL"
        " ORDER BY deleted_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
        (long_ago, KEPT_DELETED),
    )
