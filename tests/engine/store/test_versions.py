"""Migrations: all of a step or nothing, whatever happens in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3

import pytest

from engine.errors import StoreError
from engine.store import Store
from engine.store.migrations import SHOP
from engine.store.versions import Versions, run
from tests.engine.store.children import Child, die_after_steps, is_whole
from tests.engine.store.sample import contents, lines, take_in


def _notes(db):
    run(db, "CREATE TABLE notes (note TEXT) STRICT;\nINSERT INTO notes SELECT 'n' || row_id FROM transactions;")


def _die(db):
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(db):
    raise sqlite3.OperationalError("planted")


def _next(*steps):
    return Versions(SHOP.name, (*SHOP.steps, *steps))


@pytest.fixture
def path(tmp_path):
    take_in(Store.create(tmp_path / "shop.db"), lines(range(2000)))
    return tmp_path / "shop.db"


def _tables(path):
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()


def test_a_new_step_is_applied_once_and_keeps_the_data(path):
    newer = _next(_notes)
    newer.prepare(path)
    newer.prepare(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (2000,)
    applied = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
    assert applied == [("first_tables",), ("names_of_products",), ("_notes",)]
    connection.close()
    with pytest.raises(StoreError, match="was made by a newer Shoplight"):
        Store.open(path)


def test_a_step_that_fails_changes_nothing(path):
    with pytest.raises(StoreError, match="planted"):
        _next(_notes, _fail).prepare(path)
    assert "notes" not in _tables(path)
    assert contents(Store.open(path)) == sorted(lines(range(2000)))


def _prepare(pipe, path, versions):
    versions.prepare(path)


def test_a_kill_in_the_middle_of_a_step_leaves_the_old_version(path):
    child = Child(_prepare, path, _next(_notes, _die))
    assert child.wait() == -signal.SIGKILL
    assert "notes" not in _tables(path) and is_whole(path)
    assert contents(Store.open(path)) == sorted(lines(range(2000)))
    _next(_notes).prepare(path)
    assert "notes" in _tables(path)


def _prepare_dying(pipe, path, steps):
    def dying(db):
        die_after_steps(db.conn, steps)
        _notes(db)

    _next(dying, _notes_again).prepare(path)


def _notes_again(db):
    run(db, "CREATE TABLE more AS SELECT a.row_id FROM transactions AS a, (SELECT 1 UNION SELECT 2);")


@pytest.mark.parametrize("steps", [0, 3, 11, 30, 60])
def test_a_kill_at_any_step_of_the_machine_leaves_the_old_version_or_the_new_one(path, steps):
    Child(_prepare_dying, path, steps).wait()
    assert is_whole(path)
    assert {"notes", "more"} <= _tables(path) or not {"notes", "more"} & _tables(path)


def test_a_kill_while_the_file_is_made_leaves_no_file_and_the_next_start_makes_it(tmp_path):
    path = tmp_path / "shop.db"
    child = Child(_prepare, path, Versions(SHOP.name, (*SHOP.steps, _die)))
    assert child.wait() == -signal.SIGKILL
    assert not path.exists()
    assert Store.create(path).data_version() == 0
    assert sorted(entry.name for entry in tmp_path.iterdir() if ".new" in entry.name) == []


def test_several_processes_may_make_the_same_file_at_once(tmp_path):
    path = tmp_path / "shop.db"
    makers = [Child(_create, path) for _ in range(4)]
    assert [maker.wait() for maker in makers] == [0] * 4
    assert is_whole(path) and Store.open(path).data_version() == 4
    assert len(contents(Store.open(path))) == 4


def _create(pipe, path):
    take_in(Store.create(path), lines([1], prefix=f"{os.getpid()}-"))


def test_a_script_that_ends_within_a_statement_is_refused():
    from sqlite_utils import Database

    with pytest.raises(ValueError, match="ends within a statement"):
        run(Database(memory=True), "CREATE TABLE a (b);\nCREATE TABLE c (")
