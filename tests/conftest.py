"""Fixtures shared by all floors: the real data folder, the demo shop, the browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import browser as chromium

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder of real data sets: SHOPLIGHT_DATA, else beside the checkout."""
    folder = Path(os.environ.get("SHOPLIGHT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data is not at {folder}; name its folder in SHOPLIGHT_DATA")
    return folder


@pytest.fixture(scope="session")
def shop_db(tmp_path_factory) -> Path:
    """The demo shop of 15,000 orders in a database of its own; tests must not change it."""
    from engine.demo import make

    path = tmp_path_factory.mktemp("shop") / "demo.db"
    make(path)
    return path


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium for the whole run."""
    path = chromium.find()
    if path is None:
        pytest.skip("no Chromium; `make test` installs one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield launched
        launched.close()
