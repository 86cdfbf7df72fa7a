"""Case files: a question with its evidence, what was ruled out and a note, pinned to the data it was found in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.diagnose.cases import parts
from engine.diagnose.cases.pin import fingerprint
from engine.errors import EngineError
from engine.metrics import metric
from engine.store.cases import LARGEST_EVIDENCE, LARGEST_RULED_OUT, LONGEST_ASKED, CaseHead, CaseRow, Cases

if TYPE_CHECKING:
    from engine.snapshot import Snapshot

# Of the evidence. A change that older programs cannot show raises it.
FORMAT = 1

Path = str | os.PathLike[str]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is to be kept as a case.

    Parameters
    ----------
    title : one line
    metric : the name of the metric in question; empty where there is none
    question : the page's query, as it stands in the address after `?`
    asked : the selection in words, see `pin.in_words`
    sentences : what the page said
    results : the frozen results behind it by name, such as {"explanation": Explanation(...)}; read back, they are plain
        dictionaries and lists
    ruled_out : a sentence for each cause that it was not
    note : a person's own words
    """

    title: str
    metric: str
    question: str
    asked: str
    sentences: tuple[str, ...]
    results: Mapping[str, Any] = field(default_factory=dict)
    ruled_out: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Case(Finding):
    """A finding as it is kept.

    Parameters
    ----------
    case_id : random and url-safe: whoever knows it may read the case
    data_version, shop : of the data it was found in, see `pin.out_of_date`
    created_at, changed_at : moments in UTC, `YYYY-MM-DD HH:MM:SS`
    """

    case_id: str
    data_version: int
    shop: str
    created_at: str
    changed_at: str


def save_case(db: Path, finding: Finding, snapshot: Snapshot) -> Case:
    """Keep a finding as a case beside the shop's database, durably.

    Parameters
    ----------
    db : the shop's database
    finding : what is to be kept
    snapshot : the data it was found in

    Raises
    ------
    EngineError
        where a part is too long, or the folder cannot be written
    """
    if finding.metric:
        metric(finding.metric)
    row = CaseRow(
        case_id=parts.new_id(),
        format=FORMAT,
        title=parts.title(finding.title),
        metric=finding.metric,
        question=parts.query(finding.question),
        asked=parts.short("description of what was asked", parts.line(finding.asked), LONGEST_ASKED),
        data_version=snapshot.data_version,
        shop=fingerprint(snapshot),
        created_at="",
        changed_at="",
        deleted_at=None,
        evidence=parts.to_json(
            "evidence", {"sentences": finding.sentences, "results": finding.results}, largest=LARGEST_EVIDENCE
        ),
        ruled_out=parts.to_json("list of ruled-out causes", finding.ruled_out, largest=LARGEST_RULED_OUT),
        note=parts.note(finding.note),
    )
    return _case(Cases(db).add(row))


def cases(db: Path, *, deleted: bool = False) -> tuple[CaseHead, ...]:
    """The cases of a shop without their evidence, newest first; or those that were deleted of late."""
    return Cases(db).list(deleted=deleted)


def case(db: Path, case_id: str) -> Case:
    """One case with its evidence.

    Raises
    ------
    EngineError
        where there is none of that id, or it was saved by a newer program, or is damaged
    """
    return _case(Cases(db).get(parts.known(case_id)))


def update_note(db: Path, case_id: str, note: str) -> Case:
    """Write another note on a case; returns it."""
    Cases(db).change(parts.known(case_id), note=parts.note(note))
    return case(db, case_id)


def rename_case(db: Path, case_id: str, title: str) -> Case:
    """Give a case another title; returns it."""
    Cases(db).change(parts.known(case_id), title=parts.title(title))
    return case(db, case_id)


def delete_case(db: Path, case_id: str) -> CaseHead:
    """Put a case away, also one that cannot be read; `restore_case` brings it back for 30 days."""
    return Cases(db).delete(parts.known(case_id))


def restore_case(db: Path, case_id: str) -> Case:
    """Bring a deleted case back; returns it."""
    Cases(db).restore(parts.known(case_id))
    return case(db, case_id)


def _case(row: CaseRow) -> Case:
    if row.format > FORMAT:
        raise EngineError(
            f"The case {row.title!r} was saved by a newer Shoplight (format {row.format} of the evidence, this one "
            f"knows {FORMAT}). Update Shoplight to open it."
        )
    try:
        sentences, results = parts.evidence(parts.from_json(row.evidence))
        ruled = parts.texts(parts.from_json(row.ruled_out))
    except ValueError as error:
        raise EngineError(
            f"The evidence of the case {row.title!r} is damaged ({error}); delete the case and ask again."
        ) from error
    return Case(
        case_id=row.case_id,
        title=row.title,
        metric=row.metric,
        question=row.question,
        asked=row.asked,
        sentences=sentences,
        results=results,
        ruled_out=ruled,
        note=row.note,
        data_version=row.data_version,
        shop=row.shop,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
