"""Names of products: the newest published one counts, and a load is taken back with what it alone said."""

from __future__ import annotations

import sqlite3

import pytest

from engine.errors import StoreError
from engine.store import Outcome, Store
from engine.store.migrations import SHOP
from engine.store.versions import Versions
from tests.engine.store.sample import contents, lines, take_in

COLUMNS = ("product", "name")


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "shop.db")


def _name(store, *rows):
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        outcome = load.put_products(COLUMNS, list(rows))
        load.publish({})
    return load.load_id, outcome


def _names(store):
    return dict(row for batch in store.products(COLUMNS) for row in batch)


def test_the_newest_name_that_is_not_empty_counts(store):
    _name(store, ("84879", "BIRD ORNAMENT"), ("22197", "POPCORN HOLDER"), ("20000", None))
    _name(store, ("84879", "ASSORTED COLOUR BIRD ORNAMENT"), ("22197", None), ("20000", ""))
    assert _names(store) == {"84879": "ASSORTED COLOUR BIRD ORNAMENT", "22197": "POPCORN HOLDER"}
    by_hand = store.query("SELECT product, name FROM published_products ORDER BY product")
    assert {row["product"]: row["name"] for row in by_hand} == _names(store)
    assert store.present_columns("products") == {"product", "name"}


def test_a_name_said_twice_is_known_and_outlives_the_load_that_said_it_first(store):
    first, said = _name(store, ("a", "Mug"), ("b", "Bowl"))
    second, again = _name(store, ("a", "Mug"), ("b", "Deep bowl"), ("a", "Mug"), ("b", "Another bowl"))
    assert (said.stored, said.known) == (2, 0)
    assert (again.stored, again.known, again.different, again.example) == (1, 2, 1, ("b", "Another bowl"))
    with store.writer() as writer:
        writer.undo(first)
    assert _names(store) == {"a": "Mug", "b": "Deep bowl"}
    with store.writer() as writer:
        writer.undo(second)
    assert _names(store) == {} and _count(store.path, "products") == 0


def test_an_undone_rename_gives_the_old_name_back(store):
    _name(store, ("a", "Mug"))
    second, _ = _name(store, ("a", "WRONG FILE"), ("c", "WRONG TOO"))
    version = store.data_version()
    with store.writer() as writer:
        writer.undo(second)
    assert _names(store) == {"a": "Mug"} and store.data_version() == version + 1


def test_names_are_seen_when_their_load_is_published_and_count_as_no_rows(store):
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency=None) as load:
        assert load.put_products(COLUMNS, [("a", "Mug")]) == Outcome(stored=1)
        assert _names(store) == {} and store.query("SELECT * FROM products") == []
        load.publish({})
    assert _names(store) == {"a": "Mug"} and store.loads()[0].rows_stored == 0
    with store.writer() as writer, writer.load("b", "test", sha256="1", currency=None) as load:
        load.put_products(COLUMNS, [("a", "Cup")])
    assert _names(store) == {"a": "Mug"} and _count(store.path, "products") == 1


def test_a_file_of_the_first_version_is_read_without_names_and_takes_them_once_migrated(tmp_path):
    path = tmp_path / "old.db"
    Versions(SHOP.name, SHOP.steps[:1]).prepare(path)
    old = Store.open(path)
    take_in(old, lines(range(10)))
    assert _names(old) == {} and len(old.query("SELECT * FROM transactions")) == 10
    with pytest.raises(StoreError, match="products"):
        old.query("SELECT * FROM products")
    _name(Store.create(path), ("a", "Mug"))
    assert _names(old) == {"a": "Mug"} and contents(old) == sorted(lines(range(10)))


def _count(path, table):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()
