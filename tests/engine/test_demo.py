"""The demo shop in a database: whole, alone, and the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.demo import generate
from engine import demo
from engine.errors import StoreError

COLUMNS = ("transaction_id", "customer_id", "date", "kind", "amount_units", "region", "channel")


def lines(store) -> list[tuple]:
    return [row for batch in store.lines(COLUMNS) for row in batch]


def test_the_database_holds_what_was_generated(tmp_path):
    store = demo.make(tmp_path / "folder" / "demo.db", rows=400)
    stored = lines(store)
    batches = list(generate(400).batches())
    assert len(stored) == 400
    assert sum(row[4] for row in stored) == sum(int(b["amount_units"].sum()) for b in batches)
    assert {row[0] for row in stored} == {str(t) for b in batches for t in b["transaction_id"]}
    (load,) = store.loads()
    assert load.rows_read == load.rows_stored == sum(load.report["tables"].values()) > 400
    assert store.data_version() == 1 and store.currency() == "EUR"
    assert sum(len(batch) for batch in store.customers(("customer_id",))) == len(generate(400).customers["customer_id"])
    assert sum(len(batch) for batch in store.spend(("date",))) == len(generate(400).spend["date"])


def test_the_same_seed_makes_the_same_shop_and_another_does_not(tmp_path):
    one, same, other = (demo.make(tmp_path / f"{i}.db", rows=200, seed=seed) for i, seed in enumerate((3, 3, 4)))
    assert lines(one) == lines(same) != lines(other)


def test_nothing_is_mixed_into_a_shop(tmp_path):
    path = tmp_path / "demo.db"
    demo.make(path, rows=50)
    with pytest.raises(StoreError, match="already holds a shop; name another file"):
        demo.make(path, rows=50)
    assert len(lines(demo.make(tmp_path / "new.db", rows=50))) == 50


def test_an_existing_database_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "make", lambda path: path.write_text("made"))
    path = tmp_path / "shop.db"
    assert demo.ensure(path) == path and path.read_text() == "made"
    path.write_text("mine")
    assert demo.ensure(path).read_text() == "mine"


def test_progress_ends_at_the_whole(tmp_path):
    seen = []
    demo.make(tmp_path / "demo.db", rows=120, progress=lambda *step: seen.append(step))
    assert seen[-1][1:] == (120, 120)


def test_the_default_lies_in_the_users_own_folder():
    assert demo.default_path().name == "demo.db" and Path.home() in demo.default_path().parents
