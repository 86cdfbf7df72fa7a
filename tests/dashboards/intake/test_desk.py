"""The desk believes nothing a browser says: forbidden acts, strange settings, hostile file names."""

from __future__ import annotations

import pytest

from components.state import AppState
from dashboards.intake import ImportDesk, Ledger, work
from dashboards.intake.desk import Settings
from dashboards.server import uploads
from dashboards.server.uploads import Inbox, harmless


@pytest.fixture
def started(monkeypatch):
    """The jobs that would have been started."""
    jobs = []
    monkeypatch.setattr(work, "start", lambda job, hear: jobs.append(job))
    return jobs


@pytest.fixture
def allowed(monkeypatch):
    """Imports from the page, allowed for one test."""
    monkeypatch.setattr(uploads, "_allowed", True)


@pytest.mark.parametrize("what", ["import", "preview", "clear", "undo", "__class__", None, 7])
def test_a_forged_message_does_nothing_where_imports_are_not_allowed(shop_db, started, what):
    desk = ImportDesk(AppState(path=shop_db))
    desk._files = [uploads.Upload("x.csv", shop_db, 1)]
    desk._island.say({"do": what, "settings": {}})
    Ledger(AppState(path=shop_db))._island.say({"undo": 1})
    assert started == []


@pytest.mark.parametrize("load_id", ["1", 1.0, True, None, [1], {"id": 1}])
def test_only_a_number_names_a_load(shop_db, started, allowed, load_id):
    Ledger(AppState(path=shop_db))._island.say({"undo": load_id})
    assert started == []


def test_an_allowed_undo_is_one_job(shop_db, started, allowed):
    ledger = Ledger(AppState(path=shop_db))
    ledger._island.say({"undo": 1})
    ledger._island.say({"undo": 1})
    assert started == [{"do": "undo", "db": str(shop_db), "load_id": 1}]


@pytest.mark.parametrize("said", [None, 7, "x", [], {"mapping": 3}, {"mapping": [1], "currency": {}, "day_first": []}])
def test_settings_of_no_expected_form_are_left_out(said):
    assert Settings.read(said) == Settings()


def test_settings_keep_what_they_know():
    said = {
        "mapping": {"date": "Datum", "customer_id": "", "rm -rf": "x", "revenue": 5},
        "day_first": "day",
        "currency": " eur",
    }
    # A column mapped to nothing is an answer too: the shop has no customers.
    kept = {"date": "Datum", "customer_id": ""}
    assert Settings.read(said) == Settings(mapping=kept, day_first=True, currency="EUR")
    assert Settings.read({"decimal": ","}).decimal == "," and Settings.read({"decimal": ";"}).decimal == ""
    assert Settings.read({"currency": "€; DROP"}).currency == ""


@pytest.mark.parametrize(
    "label", ["../../../etc/cron.d/x", "/etc/passwd", "C:\\x.csv", "a\x00b.csv", "x" * 5000, "", ".."]
)
def test_a_file_name_is_a_label_and_never_a_place(label):
    inbox = Inbox(lambda upload: None)
    try:
        path = inbox.place(label)
        assert path.resolve().parent.parent == inbox._folder.resolve()
        assert not path.name.startswith(".")
        assert len(path.name) < 100
        path.write_text("x")
    finally:
        folder = inbox._folder
        inbox.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Online Retail (1).xlsx", "Online-Retail-1-.xlsx"),
        ("..\\..\\olist_orders.csv.gz", "olist_orders.csv.gz"),
        ("\u202egnp.exe", "gnp.exe"),
        (".bashrc", "bashrc"),
        ("...", "file"),
    ],
)
def test_a_name_keeps_what_is_readable_in_it(label, name):
    assert harmless(label) == name
