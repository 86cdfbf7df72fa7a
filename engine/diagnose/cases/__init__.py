"""Findings kept as files: a question, its evidence and a note, pinned to the data they were found in."""

from engine.diagnose.cases.file import (
    Case,
    Finding,
    case,
    cases,
    delete_case,
    rename_case,
    restore_case,
    save_case,
    update_note,
)
from engine.diagnose.cases.pin import fingerprint, in_words, is_current, out_of_date
from engine.diagnose.cases.values import plain
from engine.store.cases import LONGEST_NOTE, LONGEST_TITLE, CaseHead

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_TITLE",
    "Case",
    "CaseHead",
    "Finding",
    "case",
    "cases",
    "delete_case",
    "fingerprint",
    "in_words",
    "is_current",
    "out_of_date",
    "plain",
    "rename_case",
    "restore_case",
    "save_case",
    "update_note",
]
