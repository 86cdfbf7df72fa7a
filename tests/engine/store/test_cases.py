"""Case files are kept durably beside the shop, whoever saves at the same time and whoever is killed."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import sqlite3
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import Operations
from engine.store import cases as kept
from engine.store.cases import CaseRow, Cases
from engine.store.versions import Versions
from tests.engine.store.children import Child, is_whole


def row(number: int = 0, **changed) -> CaseRow:
    made = CaseRow(
        case_id=secrets.token_urlsafe(16),
        format=1,
        title=f"case {number}",
        metric="revenue",
        question="page=diagnose",
        asked="2025-01-01 to 2025-01-31",
        data_version=3,
        shop="a" * 32,
        created_at="",
        changed_at="",
        deleted_at=None,
        evidence='{"sentences":[],"results":{}}',
        ruled_out="[]",
        note="",
    )
    return replace(made, **changed)


@pytest.fixture
def cases(tmp_path) -> Cases:
    return Cases(tmp_path / "shop.db")


def test_a_case_is_read_back_as_it_was_kept(cases):
    first = cases.add(row(1, title="O'Brien \"; DROP TABLE cases; --", evidence='{"x":"é\\u0000"}'))
    assert cases.get(first.case_id) == first and first.created_at == first.changed_at and first.deleted_at is None
    second = cases.add(row(2))
    assert [head.title for head in cases.list()] == ["case 2", first.title]
    cases.change(second.case_id, note="mine")
    assert (cases.get(second.case_id).note, cases.get(second.case_id).title) == ("mine", "case 2")
    cases.change(second.case_id, title="new", note="")
    assert (cases.get(second.case_id).note, cases.get(second.case_id).title) == ("", "new")


def test_deleting_can_be_undone(cases):
    one, other = cases.add(row(1)), cases.add(row(2))
    assert cases.delete(one.case_id).title == "case 1"
    assert [head.case_id for head in cases.list()] == [other.case_id]
    assert [head.case_id for head in cases.list(deleted=True)] == [one.case_id]
    for call in (cases.get, cases.delete, lambda i: cases.change(i, note="x")):
        with pytest.raises(StoreError, match="There is no case"):
            call(one.case_id)
    cases.restore(one.case_id)
    assert cases.get(one.case_id) == one and cases.list(deleted=True) == ()
    with pytest.raises(StoreError, match="There is no case"):
        cases.restore(one.case_id)


def test_an_unknown_case_does_not_tell_of_others(cases):
    one = cases.add(row(1))
    close = one.case_id[:-1] + ("A" if one.case_id[-1] != "A" else "B")
    with pytest.raises(StoreError) as caught:
        cases.get(close)
    assert one.case_id not in str(caught.value)


def test_looking_makes_no_file(cases):
    assert cases.list() == () and cases.list(deleted=True) == ()
    with pytest.raises(StoreError, match="There is no case"):
        cases.delete("x" * 22)
    assert not cases.path.exists() and list(cases.path.parent.iterdir()) == []


def test_a_database_of_before_gets_its_table_and_keeps_its_jobs(tmp_path, monkeypatch):
    from engine.store import operations

    old = Versions("operations", (operations.jobs_table,), durable=True)
    old.prepare(tmp_path / "shop.ops.db")
    with monkeypatch.context() as past:
        past.setattr(operations, "OPERATIONS", old)
        number = Operations(tmp_path / "shop.ops.db").start("import", "reading")
    cases = Cases(tmp_path / "shop.db")
    assert cases.list() == ()
    one = cases.add(row(1))
    assert cases.get(one.case_id) == one
    assert Operations.beside(tmp_path / "shop.db").job(number).message == "reading"


def test_a_database_of_a_newer_program_is_refused(cases):
    cases.add(row(1))
    connection = sqlite3.connect(cases.path)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    for call in (cases.list, lambda: cases.add(row(2))):
        with pytest.raises(StoreError, match="was made by a newer Shoplight"):
            call()


@pytest.mark.parametrize(
    "changed", [{"title": ""}, {"title": "x" * 201}, {"note": "x" * 20_001}, {"evidence": "x" * 1_000_001}]
)
def test_the_database_holds_the_limits_too(cases, changed):
    with pytest.raises(StoreError, match="does not fit"):
        cases.add(row(1, **changed))
    assert cases.list() == ()


def test_there_are_only_so_many(cases, monkeypatch):
    monkeypatch.setattr(kept, "MOST_CASES", 3)
    ids = [cases.add(row(n)).case_id for n in range(3)]
    with pytest.raises(StoreError, match="3 cases are kept already"):
        cases.add(row(4))
    cases.delete(ids[0])
    cases.add(row(5))
    assert len(cases.list()) == 3


def test_what_was_deleted_long_ago_or_before_many_others_is_forgotten(cases, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_DELETED", 2)
    ids = [cases.add(row(n)).case_id for n in range(5)]
    for n, case_id in enumerate(ids[:4]):
        cases.delete(case_id)
        with kept.writing(cases.path) as connection:
            moment = kept.now() if n else "2020-01-01 00:00:00"
            connection.execute("UPDATE cases SET deleted_at = ? WHERE case_id = ?", (moment, case_id))
    assert len(cases.list(deleted=True)) == 4
    cases.add(row(9))
    assert {head.case_id for head in cases.list(deleted=True)} < set(ids[1:4])
    assert len(cases.list(deleted=True)) == 2 and {head.title for head in cases.list()} == {"case 4", "case 9"}


def _save_many(pipe, shop, times):
    cases = Cases(shop)
    for number in range(times):
        pipe.send(cases.add(row(number, evidence='{"x":"' + "y" * 50_000 + '"}')).case_id)


def test_processes_that_save_at_once_lose_nothing(tmp_path):
    children = [Child(_save_many, tmp_path / "shop.db", 8) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    told = [case_id for child in children for case_id in child.said()]
    assert len(told) == 24 and {head.case_id for head in Cases(tmp_path / "shop.db").list()} == set(told)


def test_who_is_killed_leaves_what_was_said_and_nothing_half(tmp_path):
    chance, told = random.Random(3), set()
    cases = Cases(tmp_path / "shop.db")
    for _ in range(8):
        child = Child(_save_many, tmp_path / "shop.db", 1_000)
        time.sleep(chance.uniform(0.03, 0.25))
        child.kill()
        told |= set(child.said())
        found = {head.case_id for head in cases.list()}
        assert told <= found and all(len(cases.get(case_id).evidence) == 50_008 for case_id in found)
    assert told and (is_whole(cases.path))
    one = cases.add(row(1))
    assert cases.get(one.case_id) == one


def _as_nobody(pipe, shop):
    """Root is allowed everything: step down first."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    cases = Cases(shop)
    pipe.send([head.title for head in cases.list()])
    for call in (lambda: cases.add(row(2)), lambda: cases.delete(cases.list()[0].case_id) if cases.list() else None):
        try:
            call()
            pipe.send("done")
        except StoreError as error:
            pipe.send(str(error))


@pytest.mark.parametrize("has_cases", [False, True])
def test_a_read_only_folder_shows_its_cases_and_takes_none(anyones_folder, has_cases):
    shop = anyones_folder / "shop.db"
    if has_cases:
        Cases(shop).add(row(1))
        for end in (".lock", "-wal", "-shm"):
            (anyones_folder / f"shop.ops.db{end}").unlink(missing_ok=True)
        (anyones_folder / "shop.ops.db").chmod(0o644)
    anyones_folder.chmod(0o555)
    child = Child(_as_nobody, shop)
    assert child.wait() == 0
    titles, added, deleted = child.said()
    assert titles == (["case 1"] if has_cases else []) and "read-only" in added and added.count("\n") == 0
    assert deleted == "done" if not has_cases else "read-only" in deleted


@pytest.fixture
def anyones_folder():
    folder = Path(tempfile.mkdtemp(prefix="shoplight-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)
