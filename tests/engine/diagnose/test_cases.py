"""A finding is kept whole, read back as it was, pinned to its data, and refused in a sentence where it does not fit."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.describe import kpis
from engine.diagnose.cases import (
    Finding,
    case,
    cases,
    delete_case,
    fingerprint,
    in_words,
    is_current,
    out_of_date,
    plain,
    rename_case,
    restore_case,
    save_case,
    update_note,
)
from engine.diagnose.cases import file as cases_file
from engine.errors import EngineError
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.store import Store
from tests.engine.store.sample import line, take_in

NOVEMBER = Selection.of(date(2025, 11, 1), date(2025, 11, 30), {"region": ["West", ""]})


def finding(**changed) -> Finding:
    made = {
        "title": "November fell",
        "metric": "revenue",
        "question": "page=diagnose&from=2025-11-01&region=West",
        "asked": "2025-11-01 to 2025-11-30",
        "sentences": ("Revenue fell 12.4% (−18,204).", "71% is West × Social."),
        "ruled_out": ("Channel: all moved alike.",),
        "note": "The warehouse\nwas closed.",
    }
    return Finding(**{**made, **changed})


@pytest.fixture
def shop(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    take_in(store, [line(number) for number in range(60)])
    return store


@pytest.fixture
def snapshot(shop):
    return Snapshot.from_store(shop)


def test_a_finding_is_read_back_as_it_was(shop_db, tmp_path):
    db = shutil.copy(shop_db, tmp_path / "shop.db")
    snapshot = Snapshot.from_store(Store.open(db))
    answers = kpis(snapshot, NOVEMBER, ("revenue", "orders"))
    kept = save_case(db, finding(results={"kpis": answers, "selection": NOVEMBER}), snapshot)
    read = case(db, kept.case_id)
    assert read == kept
    for name in ("title", "metric", "question", "asked", "sentences", "ruled_out", "note"):
        assert getattr(read, name) == getattr(finding(), name)
    assert [k["value"] for k in read.results["kpis"]] == [k.value for k in answers]
    assert set(read.results["kpis"][0]) == {f.name for f in fields(answers[0])}
    assert read.results["selection"]["window"] == {"start": "2025-11-01", "end": "2025-12-01"}
    assert is_current(read, snapshot) and read.data_version == snapshot.data_version
    assert json.dumps(dict(read.results), allow_nan=False)
    assert [head.case_id for head in cases(db)] == [kept.case_id] and is_current(cases(db)[0], snapshot)


def test_ids_are_long_random_and_no_option(shop, snapshot):
    ids = [save_case(shop.path, finding(), snapshot).case_id for _ in range(12)]
    assert len(set(ids)) == 12 and all(len(i) == 22 and i[0].isalnum() for i in ids)


def test_a_case_is_annotated_renamed_deleted_and_brought_back(shop, snapshot):
    kept = save_case(shop.path, finding(), snapshot)
    assert update_note(shop.path, kept.case_id, "  later\r\n\tmore \x1b[2J\n").note == "  later\n more  [2J"
    assert rename_case(shop.path, kept.case_id, " New \n title ").title == "New title"
    assert delete_case(shop.path, kept.case_id).title == "New title" and cases(shop.path) == ()
    with pytest.raises(EngineError, match="There is no case"):
        case(shop.path, kept.case_id)
    assert [head.case_id for head in cases(shop.path, deleted=True)] == [kept.case_id]
    assert restore_case(shop.path, kept.case_id).sentences == kept.sentences


def test_a_case_says_that_the_data_has_changed_since(shop, snapshot, tmp_path):
    kept = save_case(shop.path, finding(), snapshot)
    assert out_of_date(kept, snapshot) is None and out_of_date(kept, Snapshot.from_store(shop)) is None
    take_in(shop, [line(700)])
    later = Snapshot.from_store(shop)
    assert out_of_date(kept, later) == (
        "The shop's data has changed since this case was saved (version 1 then, 2 now); its figures are those of then."
    )
    again = Store.create(tmp_path / "again.db")
    take_in(again, [line(number) for number in range(60)])
    assert is_current(kept, Snapshot.from_store(again)), "the same data imported anew is the same"
    other = Store.create(tmp_path / "other.db")
    take_in(other, [line(number, units=10_000 if number == 7 else None) for number in range(60)])
    assert "saved from other data" in out_of_date(kept, Snapshot.from_store(other))
    empty = Store.create(tmp_path / "empty.db")
    assert not is_current(kept, Snapshot.from_store(empty)) and len(fingerprint(Snapshot.from_store(empty))) == 32


def test_a_selection_in_words(shop_db):
    snapshot = Snapshot.from_store(Store.open(shop_db))
    assert in_words(snapshot, NOVEMBER) == (
        "2025-11-01 to 2025-11-30, against 2025-10-01 to 2025-10-31; Region: (not given), West"
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": " \n"}, "A case needs a title"),
        ({"title": "x" * 201}, "The title is too long (201 letters, 200 fit)"),
        ({"note": "x" * 20_001}, "The note is too long"),
        ({"question": "a=" + "b" * 8_000}, "The question is too long"),
        ({"question": "javascript:alert('x')"}, "is no query of a page"),
        ({"question": "a=b\n<script>"}, "is no query of a page"),
        ({"metric": "revenu"}, "Did you mean 'revenue'?"),
        ({"results": {"x": "é" * 500_001}}, "The evidence is too large for a case (1,000,"),
        ({"ruled_out": ("x" * 100_001,)}, "The list of ruled-out causes is too large"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(shop, snapshot, changed, sentence):
    with pytest.raises(EngineError) as caught:
        save_case(shop.path, finding(**changed), snapshot)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)
    assert cases(shop.path) == ()


@pytest.mark.parametrize("case_id", ["", "zzz", "../shop", "' OR 1=1 --", "-" * 22, "é" * 22, "x" * 10_000])
def test_what_is_no_id_is_not_looked_for(shop, case_id):
    for call in (case, delete_case, restore_case):
        with pytest.raises(EngineError, match="names no case"):
            call(shop.path, case_id)


@pytest.mark.parametrize(
    "evidence",
    [
        *("", "{", "null", "[]", "{}", '{"sentences": []}', '{"sentences": [1], "results": {}}'),
        *('{"sentences": "x", "results": {}}', '{"sentences": [], "results": []}'),
        *('{"sentences": [], "results": {"x": NaN}}', '{"sentences": [], "results": {}, "more": 1}'),
        *('{"sentences": [], "results": ' + "[" * 100_000, '{"sentences": [], "results": {"x": ' + "9" * 5_000 + "}}"),
        '{"sentences": [], "results": {"x": ' + "[" * 60 + "]" * 60 + "}}",
    ],
)
def test_damaged_evidence_is_named_and_can_be_deleted(shop, snapshot, evidence):
    kept = save_case(shop.path, finding(), snapshot)
    _alter(shop, "evidence", evidence)
    with pytest.raises(EngineError, match="The evidence of the case 'November fell' is damaged"):
        case(shop.path, kept.case_id)
    assert [head.title for head in cases(shop.path)] == ["November fell"]
    delete_case(shop.path, kept.case_id)
    assert cases(shop.path) == ()


def test_a_case_of_a_newer_program_is_listed_but_not_opened(shop, snapshot, monkeypatch):
    monkeypatch.setattr(cases_file, "FORMAT", 2)
    kept = save_case(shop.path, finding(), snapshot)
    monkeypatch.undo()
    with pytest.raises(EngineError, match="was saved by a newer Shoplight"):
        case(shop.path, kept.case_id)
    assert len(cases(shop.path)) == 1


def _alter(shop, column, value):
    connection = sqlite3.connect(shop.path.with_name("shop.ops.db"))
    with connection:
        connection.execute(f"UPDATE cases SET {column} = ?", (value,))
    connection.close()


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Result:
    day: date
    values: np.ndarray
    parts: tuple


def test_results_become_plain_values():
    result = Result(date(2025, 1, 2), np.array([1.0, np.nan]), (Colour.RED, np.int64(3), float("inf"), frozenset("ba")))
    found = plain({"x": result, 1: None})
    assert found == {
        "x": {"day": "2025-01-02", "values": [1.0, None], "parts": ["red", 3, None, ["a", "b"]]},
        "1": None,
    }
    assert type(found["x"]["parts"][0]) is str
    with pytest.raises(TypeError, match="cannot hold object"):
        plain([object()])


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"]))


@given(st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12))
def test_any_result_is_json_without_nan(value):
    once = plain(value)
    assert plain(once) == once and json.loads(json.dumps(once, allow_nan=False)) == once
