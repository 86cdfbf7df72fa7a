"""Jobs are kept in a file of their own, durably, and end once."""

from __future__ import annotations

import sqlite3

import pytest

from engine.errors import StoreError
from engine.store import Operations, Store
from tests.engine.store.children import Child
from tests.engine.store.sample import COLUMNS, lines


@pytest.fixture
def operations(tmp_path):
    return Operations.beside(tmp_path / "shop.db")


def test_a_job_from_start_to_end(operations):
    assert operations.path.name == "shop.ops.db"
    number = operations.start("import", "reading a.csv")
    operations.progress(number, 0.5, "half")
    job = operations.job(number)
    assert (job.kind, job.state, job.progress, job.message, job.finished_at) == ("import", "running", 0.5, "half", None)
    operations.finish(number, "1,000 lines")
    job = operations.job(number)
    assert (job.state, job.progress, job.message) == ("done", 1.0, "1,000 lines") and job.finished_at
    operations.finish(number, "again", state="failed")
    operations.progress(number, 0.1, "late")
    assert operations.job(number) == job


def test_what_ran_when_the_server_ended_was_interrupted(operations):
    first, second = operations.start("import"), operations.start("import")
    operations.finish(first, "no such column", state="failed")
    assert operations.interrupt_running() == 1
    assert [job.state for job in operations.jobs()] == ["interrupted", "failed"]
    assert operations.job(second).finished_at


def test_progress_stays_between_nothing_and_all(operations):
    number = operations.start("import")
    operations.progress(number, 7, "")
    assert operations.job(number).progress == 1


def test_an_unknown_job_and_an_unknown_state_are_refused(operations):
    with pytest.raises(StoreError, match="There is no job 5"):
        operations.job(5)
    number = operations.start("import")
    with pytest.raises(StoreError, match="does not fit"):
        operations.finish(number, "", state="sleeping")
    assert operations.job(number).state == "running"


def test_commits_survive_a_power_cut(operations, monkeypatch):
    seen = []
    with operations._writing() as connection:
        seen.append(connection.execute("PRAGMA synchronous").fetchone()[0])
        seen.append(connection.execute("PRAGMA journal_mode").fetchone()[0])
    assert seen == [2, "wal"]


def _many(pipe, shop):
    operations = Operations.beside(shop)
    for _ in range(10):
        operations.finish(operations.start("import"), "ok")


def test_many_processes_keep_jobs_while_an_import_writes(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        with writer.transaction("hold the shop's lock"):
            children = [Child(_many, store.path) for _ in range(3)]
            assert [child.wait() for child in children] == [0, 0, 0]
        load.put_lines(COLUMNS, lines(range(3)))
    jobs = Operations.beside(store.path).jobs()
    assert len(jobs) == 30 and {job.state for job in jobs} == {"done"}
    assert len({job.job_id for job in jobs}) == 30


def test_the_file_says_its_version(operations):
    connection = sqlite3.connect(operations.path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()
