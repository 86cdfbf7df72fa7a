"""Open pages are told of new data, also of another process's, and the watching ends with the last page."""

from __future__ import annotations

import threading

import pytest

from dashboards.shell import watch as module
from dashboards.shell.watch import Watch
from engine.store import Store

COLUMNS = ("transaction_id", "order_id", "date", "kind", "amount_units", "revenue_units")


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    """Look often, so that the tests wait little."""
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.02)


@pytest.fixture
def shop(tmp_path):
    """An empty shop."""
    Store.create(tmp_path / "shop.db")
    return tmp_path / "shop.db"


def _load(path, key: str) -> None:
    store = Store.open(path)
    with store.writer() as writer, writer.load(key, "test", sha256=key, currency="EUR") as load:
        load.put_lines(COLUMNS, [(key, key, "2024-01-01", "sale", 10_000, 10_000)])
        load.publish({"rows_read": 1, "rows_stored": 1})


def test_each_publish_is_told_once(shop):
    watch, told = Watch(shop), threading.Semaphore(0)
    watch.add("page", told.release)
    for key in ("a", "b"):
        _load(shop, key)
        assert told.acquire(timeout=20)
    assert not told.acquire(timeout=0.2)
    watch.remove("page")


def test_the_thread_ends_with_the_last_page_and_begins_again(shop):
    watch, told = Watch(shop), threading.Event()
    watch.add("one", told.set)
    thread = watch._thread
    watch.remove("one")
    watch.remove("one")
    thread.join(20)
    assert not thread.is_alive()
    assert len(watch) == 0
    watch.add("two", told.set)
    _load(shop, "a")
    assert told.wait(20)
    watch.remove("two")


def test_a_database_that_is_away_for_a_moment_is_waited_for(shop, tmp_path):
    watch, told = Watch(shop), threading.Event()
    watch.add("page", told.set)
    away = tmp_path / "away.db"
    shop.rename(away)
    assert not told.wait(0.2)
    away.rename(shop)
    _load(shop, "a")
    assert told.wait(20)
    watch.remove("page")
