"""One snapshot for everyone, renewed when another process publishes."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from engine.errors import StoreError
from engine.selection import Selection
from engine.snapshot import Snapshot, current
from engine.snapshot import live as keeping
from engine.store import Store

COLUMNS = ("transaction_id", "order_id", "customer_id", "date", "kind", "amount_units", "revenue_units", "region")

PUBLISH = """
import sys
from engine.store import Store
from tests.engine.snapshot.test_live import publish
publish(Store.open(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""

BUILD = Snapshot.from_store.__func__


def publish(store: Store, first: int, count: int) -> None:
    """Store so many orders of one currency unit each, one a day."""
    rows = [
        (f"t{i}", f"o{i}", f"c{i % 3}", f"2024-01-{i % 28 + 1:02d} 10:00:00", "sale", 10_000, 10_000, "North")
        for i in range(first, first + count)
    ]
    with store.writer() as writer, writer.load(f"load {first}", "test", sha256=str(first), currency="GBP") as load:
        load.put_lines(COLUMNS, rows)
        load.publish({})


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(keeping, "RETRY_AFTER", 0.0)
    path = tmp_path / "shop.db"
    publish(Store.create(path), 0, 10)
    return path


def test_everyone_gets_the_same_snapshot(path):
    begin, found = threading.Barrier(8), []

    def ask():
        begin.wait(10)
        found.append(current(path))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len({id(snapshot) for snapshot in found}) == 1
    assert found[0].rows == 10 and found[0].currency == "GBP"
    assert current(str(path)) is found[0]


def test_a_load_published_by_another_process_is_seen_while_the_old_one_answers(path):
    old = current(path)
    subprocess.run([sys.executable, "-c", PUBLISH, str(path), "10", "5"], check=True, timeout=120)
    assert current(path).rows in (10, 15)
    keeping.live(path).wait()
    new = current(path)
    assert (new.rows, new.data_version) == (15, old.data_version + 1)
    whole = Selection(new.whole())
    assert int(new.totals(whole, ("revenue",)).values["revenue"]) == 150_000
    assert int(old.totals(whole, ("revenue",)).values["revenue"]) == 100_000


def test_the_old_one_answers_while_the_new_one_is_being_built(path, monkeypatch):
    old = current(path)
    started, release = threading.Event(), threading.Event()

    def slowly(cls, store):
        started.set()
        release.wait(30)
        return BUILD(cls, store)

    monkeypatch.setattr(Snapshot, "from_store", classmethod(slowly))
    publish(Store.open(path), 10, 1)
    assert current(path) is old
    assert started.wait(30)
    assert current(path) is old
    release.set()
    keeping.live(path).wait()
    assert current(path).rows == 11


def test_a_renewal_that_fails_leaves_the_old_one_and_is_tried_again(path, monkeypatch):
    old = current(path)
    monkeypatch.setattr(Snapshot, "from_store", classmethod(lambda cls, store: 1 / 0))
    publish(Store.open(path), 10, 1)
    assert current(path) is old
    keeping.live(path).wait()
    assert isinstance(keeping.live(path).trouble, ZeroDivisionError)
    monkeypatch.setattr(Snapshot, "from_store", classmethod(BUILD))
    assert current(path).rows in (old.rows, 11)
    keeping.live(path).wait()
    assert current(path).rows == 11 and keeping.live(path).trouble is None


def test_the_version_is_not_read_at_every_question(path, monkeypatch):
    monkeypatch.setattr(keeping, "LOOK_EVERY", 3600.0)
    current(path)
    current(path)
    reads = []
    monkeypatch.setattr(Store, "data_version", lambda self: reads.append(1))
    for _ in range(100):
        current(path)
    assert reads == []


def test_no_database_is_a_sentence_each_time_and_works_once_it_is_there(tmp_path):
    path = tmp_path / "later.db"
    for _ in range(2):
        with pytest.raises(StoreError, match="later.db"):
            current(path)
    Store.create(path)
    assert current(path).rows == 0


def test_another_file_in_its_place_is_another_shop(path, tmp_path):
    assert current(path).rows == 10
    other = tmp_path / "other.db"
    publish(Store.create(other), 0, 3)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    other.replace(path)
    current(path)
    keeping.live(path).wait()
    assert current(path).rows == 3


def test_a_database_that_is_gone_leaves_the_last_answers(path, caplog):
    old = current(path)
    path.unlink()
    assert current(path) is old
    assert "could not be renewed" in caplog.text
