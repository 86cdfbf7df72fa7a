"""The command that reads case files: list, show, annotate, delete, bring back."""

from __future__ import annotations

import json
import shutil

import pytest

from engine.diagnose.cases import Finding, save_case
from engine.snapshot import Snapshot
from engine.store import Store


@pytest.fixture
def kept(shop_db, tmp_path):
    """A shop with one case, and the case."""
    db = shutil.copy(shop_db, tmp_path / "shop.db")
    finding = Finding(
        title="West fell \x1b[2J",
        metric="revenue",
        question="page=diagnose",
        asked="2025-11-01 to 2025-11-30",
        sentences=("Revenue fell 12%.",),
        results={"explanation": {"value": 1.5}},
        ruled_out=("Channel: all moved alike.",),
    )
    return db, save_case(db, finding, Snapshot.from_store(Store.open(db)))


def _json(shoplight, *arguments):
    done = shoplight("cases", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_case_is_listed_and_shown(shoplight, kept):
    db, case = kept
    assert [one["case_id"] for one in _json(shoplight, "--db", db)["cases"]] == [case.case_id]
    got = _json(shoplight, "show", case.case_id, "--db", db)
    assert got["sentences"] == ["Revenue fell 12%."] and got["results"] == {"explanation": {"value": 1.5}}
    assert (got["is_current"], got["out_of_date"], got["data_version"]) == (True, None, case.data_version)
    text = shoplight("cases", "--db", db, "show", case.case_id).stdout
    assert "Revenue fell 12%." in text and "Ruled out\nChannel: all moved alike." in text and "\x1b" not in text


def test_a_case_is_annotated_deleted_and_brought_back(shoplight, kept):
    db, case = kept
    note = "It's the warehouse; DROP TABLE cases"
    assert shoplight("cases", "note", case.case_id, note, "--db", db).returncode == 0
    assert _json(shoplight, "--db", db, "show", case.case_id)["note"] == note
    said = shoplight("cases", "delete", case.case_id, "--db", db).stdout
    assert f"`shoplight cases restore {case.case_id}` brings it back" in said
    assert _json(shoplight, "--db", db)["cases"] == []
    assert [one["case_id"] for one in _json(shoplight, "--db", db, "--deleted")["cases"]] == [case.case_id]
    assert shoplight("cases", "restore", case.case_id, "--db", db).returncode == 0
    assert _json(shoplight, "show", case.case_id, "--db", db)["note"] == note


def test_a_shop_without_cases_says_so_and_gets_no_file(shoplight, shop_db, tmp_path):
    db = shutil.copy(shop_db, tmp_path / "shop.db")
    assert "No case is kept yet" in shoplight("cases", "--db", db).stdout
    assert not (tmp_path / "shop.ops.db").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "zzz"), "'zzz' names no case"),
        (("delete", "A" * 22), "There is no case"),
        (("shwo", "A"), "Did you mean 'show'?"),
        (("show",), "Missing argument 'ID'"),
    ],
)
def test_a_mistake_is_one_sentence(shoplight, shop_db, arguments, sentence):
    done = shoplight("cases", "--db", shop_db, *arguments)
    assert done.returncode == 2 and sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1
