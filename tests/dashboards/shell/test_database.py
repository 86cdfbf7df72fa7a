"""Which shop is shown: the one named, else that of the environment, and a sentence where there is none."""

from __future__ import annotations

import pytest

from dashboards.shell.database import shop
from engine.errors import StoreError


def test_the_named_one_wins_over_the_environment(shop_db, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPLIGHT_DB", str(tmp_path / "other.db"))
    assert shop(shop_db) == shop_db
    with pytest.raises(StoreError, match=r"other\.db"):
        shop()


def test_the_environment_names_one(shop_db, monkeypatch):
    monkeypatch.setenv("SHOPLIGHT_DB", str(shop_db))
    assert shop() == shop_db


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match=r"gone\.db"):
        shop(tmp_path / "gone.db")
