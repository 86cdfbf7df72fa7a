"""Many processes at once: nobody is locked out, and nobody sees half a load."""

from __future__ import annotations

import fcntl
import time
from collections import Counter

import pytest

from engine.errors import StoreError
from engine.store import Store
from engine.store.lock import WriteLock
from tests.engine.store.children import Child, is_whole
from tests.engine.store.sample import COLUMNS, lines, take_in

SECONDS = 20
READERS = 8
LINES, PIECE = 600, 150


def _write(pipe, path, name, until):
    """Publish load after load, every fourth one is given up, every fifth one is undone."""
    store, holds, published, undone = Store.open(path), [], 0, 0
    number = 0
    while time.monotonic() < until:
        number += 1
        rows = lines(range(LINES), prefix=f"{name}{number}-")
        with store.writer(on_hold=lambda what, seconds: holds.append((seconds, what))) as writer:
            with writer.load(name, "test", sha256="0", currency="EUR") as load:
                for at in range(0, LINES, PIECE):
                    load.put_lines(COLUMNS, rows[at : at + PIECE])
                if number % 4:
                    load.publish({})
                    published += 1
            if number % 5 == 0 and load.is_published:
                writer.undo(load.load_id)
                undone += 1
    pipe.send({"published": published, "undone": undone, "longest": max(holds)})


def _read(pipe, path, until):
    """Look at everything again and again, with a store of its own or a new one; say what was not whole."""
    store, reads, torn, version = Store.open(path), 0, [], 0
    while time.monotonic() < until:
        with store.reading() as reading:
            seen = Counter(row[0].partition("-")[0] for batch in reading.lines(["transaction_id"]) for row in batch)
            here = sum(load.status == "published" for load in reading.loads())
        torn += [(name, count) for name, count in seen.items() if count != LINES]
        torn += [(len(seen), here)] if len(seen) != here else []
        torn += [("version fell", version)] if store.data_version() < version else []
        version = store.data_version()
        total = store.query("SELECT count(*) AS n FROM transactions")[0]["n"]
        torn += [("query", total)] if total % LINES else []
        reads += 1
        if reads % 5 == 0:
            store = Store.open(path)
    pipe.send({"reads": reads, "torn": torn})


@pytest.mark.timeout(180)
def test_two_writers_and_eight_readers_for_twenty_seconds(tmp_path, record_property):
    path = tmp_path / "shop.db"
    Store.create(path)
    until = time.monotonic() + SECONDS
    writers = [Child(_write, path, name, until) for name in ("a", "b")]
    readers = [Child(_read, path, until) for _ in range(READERS)]
    ends = [child.wait(120) for child in (*writers, *readers)]
    assert ends == [0] * len(ends), "a process failed: its traceback is above"
    wrote = [child.said()[0] for child in writers]
    read = [child.said()[0] for child in readers]
    assert [answer["torn"] for answer in read] == [[]] * READERS
    assert all(answer["reads"] > 3 for answer in read) and all(answer["published"] > 3 for answer in wrote)
    store = Store.open(path)
    published = sum(answer["published"] for answer in wrote)
    undone = sum(answer["undone"] for answer in wrote)
    assert store.data_version() == published + undone
    assert store.query("SELECT count(*) AS n FROM transactions") == [{"n": (published - undone) * LINES}]
    assert is_whole(path)
    seconds, what = max(answer["longest"] for answer in wrote)
    record_property("longest_hold_ms", round(seconds * 1000))
    print(f"\nlongest hold of the write lock: {what}, {seconds * 1000:.0f} ms; {published} loads, {undone} undone")


def _is_locked(pipe, path):
    """Whether another process may think that nobody has the database open."""
    shared_first, shared_size = 0x40000002, 510  # https://www.sqlite.org/src/file/src/os.h
    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, shared_size, shared_first)
        except OSError:
            pipe.send(True)
        else:
            pipe.send(False)


def test_opening_a_store_again_keeps_the_locks_of_the_first_one(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    store.data_version()
    Store.open(store.path)
    Store.create(store.path)
    child = Child(_is_locked, store.path)
    child.wait()
    assert child.said() == [True]
    del store


def test_who_waits_too_long_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "shop.db"
    store = Store.create(path)
    lock = WriteLock(path)
    with (
        lock.held("something long"),
        pytest.raises(StoreError, match="Another import has been writing to"),
        store.writer(patience=0.05),
    ):
        pass
    lock.close()
    take_in(store, lines(range(3)))


def test_every_hold_of_the_lock_is_told(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    holds = []
    with (
        store.writer(on_hold=lambda what, seconds: holds.append((what, seconds))) as writer,
        writer.load("a", "test", sha256="0", currency=None) as load,
    ):
        load.put_lines(COLUMNS, lines(range(5)))
        load.publish({})
    assert [what for what, _ in holds] == [
        "open", "look for dead loads", "begin load", "put transactions", "settle", "checkpoint", "publish", "close",
    ]  # fmt: skip
    assert all(seconds > 0 for _, seconds in holds)


def test_a_lock_goes_to_who_waits_before_the_same_writer_gets_it_again(tmp_path):
    path = tmp_path / "shop.db"
    Store.create(path)
    busy = Child(_hold_again_and_again, path)
    lock = WriteLock(path, patience=20)
    for _ in range(5):
        with lock.held("short"):
            pass
    busy.kill()
    lock.close()


def _hold_again_and_again(pipe, path):
    lock = WriteLock(path)
    while True:
        with lock.held("long"):
            time.sleep(0.05)
