"""A loader that is killed leaves the database whole, and the same import then works."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter

import pytest

from engine.store import Store
from tests.engine.store.children import Child, die_after_steps, is_whole
from tests.engine.store.sample import COLUMNS, contents, lines

LINES, PIECE, LOADS = 4000, 800, 6


def _rows(number):
    return lines(range(LINES), prefix=f"{number}-")


def _import_all(pipe, path, steps=None):
    """Import all loads one after the other, as the same command would on every start."""
    store = Store.open(path)
    for number in range(LOADS):
        with store.writer() as writer:
            if steps is not None:
                writer.read(lambda connection: die_after_steps(connection, steps))
            with writer.load(f"{number}.csv", "test", sha256=str(number), currency="EUR") as load:
                rows = _rows(number)
                for at in range(0, LINES, PIECE):
                    load.put_lines(COLUMNS, rows[at : at + PIECE])
                load.put_customers(("customer_id", "segment"), [("c1", "A"), (f"n{number}", "B")])
                load.publish({})
        pipe.send(number)


def _check_whole(path, acknowledged):
    """What was said to be stored is there, every load is there whole or not at all."""
    store = Store.open(path)
    seen = Counter(row[0].partition("-")[0] for row in contents(store))
    assert set(seen.values()) <= {LINES}
    assert {str(number) for number in acknowledged} <= set(seen)
    assert is_whole(path)


@pytest.mark.parametrize("way", ["by time", "by step"])
def test_kills_at_random_moments(tmp_path, way):
    path = tmp_path / "shop.db"
    Store.create(path)
    chance, acknowledged, kills = random.Random(7), set(), 0
    while kills < 10:
        if way == "by time":
            child = Child(_import_all, path)
            time.sleep(chance.uniform(0.02, 0.5))
            child.kill()
        else:
            child = Child(_import_all, path, chance.randrange(900))
            child.wait()
        kills += 1
        acknowledged |= set(child.said())
        _check_whole(path, acknowledged)
    child = Child(_import_all, path)
    assert child.wait() == 0
    store = Store.open(path)
    assert contents(store) == sorted(row for number in range(LOADS) for row in _rows(number))
    assert _leftovers(path) == []


@pytest.mark.parametrize("hold", range(1, 12))
def test_a_kill_after_each_hold_of_the_lock(tmp_path, hold):
    path = tmp_path / "shop.db"
    Store.create(path)
    child = Child(_die_after_hold, path, hold)
    assert child.wait() == -signal.SIGKILL
    assert len(contents(Store.open(path))) in {0, LINES}
    assert Child(_import_all, path).wait() == 0
    assert contents(Store.open(path)) == sorted(row for number in range(LOADS) for row in _rows(number))
    assert _leftovers(path) == []


def _die_after_hold(pipe, path, hold):
    holds = []

    def count(what, seconds):
        holds.append(what)
        if len(holds) == hold:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store.open(path)
    with store.writer(on_hold=count) as writer:
        with writer.load("0.csv", "test", sha256="0", currency="EUR") as load:
            for at in range(0, LINES, PIECE):
                load.put_lines(COLUMNS, _rows(0)[at : at + PIECE])
            load.publish({})
        writer.undo(load.load_id)


def test_a_load_that_lives_is_not_cleaned_up_by_another_writer(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    with store.writer() as first, first.load("a", "test", sha256="0", currency=None) as load:
        load.put_lines(COLUMNS, lines(range(10)))
        with store.writer():
            pass
        load.put_lines(COLUMNS, lines(range(10, 20)))
        load.publish({})
    assert contents(store) == sorted(lines(range(20)))


def _leftovers(path):
    """Rows, batches and files of loads that were never published."""
    with Store.open(path).writer():
        pass
    connection = sqlite3.connect(path)
    hidden = "load_id NOT IN (SELECT load_id FROM loads WHERE status = 'published')"
    found = [
        (table, count)
        for table in ("transactions", "customers", "products", "batches")
        if (count := connection.execute(f"SELECT count(*) FROM {table} WHERE {hidden}").fetchone()[0])
    ]
    found += connection.execute("SELECT load_id, status FROM loads WHERE status = 'open'").fetchall()
    connection.close()
    return found + [entry.name for entry in path.parent.iterdir() if ".load-" in entry.name]
