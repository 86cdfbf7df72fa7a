"""The data page: bring in files, see them first, import, take back; and who may not."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest

from engine.store import Store
from tests.dashboards.reading import exact, waits_for
from tests.dashboards.serving import arrived, serving, visitor

GOOD = """Order No;Customer;Date;Article;Pieces;Price
1001;anna;2024-03-01;Mug;2;9,50
1002;bert;2024-03-02;Mug;1;9,50
1003;anna;2024-03-05;Lamp;1;40,00
1004;cora;2024-03-05;Lamp;3;40,00
1005;bert;2024-03-28;Rug;1;120,25
"""
TOTAL = 2 * 9.5 + 9.5 + 40 + 120 + 120.25


@pytest.fixture
def empty_db(tmp_path):
    """A shop without a single order."""
    path = tmp_path / "new.db"
    Store.create(path)
    return path


@pytest.fixture
def export(tmp_path):
    """A small export, as a spreadsheet in German saves it."""
    path = tmp_path / "export.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def _published(db) -> int:
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT count(*) FROM loads WHERE status = 'published'").fetchone()[0]


def test_from_an_empty_shop_to_numbers_and_back_in_the_browser(browser, empty_db, export):
    with serving(empty_db) as server, visitor(browser) as page:
        page.goto(server.url)
        arrived(page)
        page.get_by_text("This shop has no orders yet").wait_for()
        page.get_by_role("button", name="Bring in files").click()
        page.get_by_label("Choose files to import").set_input_files(export)
        page.get_by_role("button", name="Import", exact=True).and_(page.locator(":enabled")).wait_for()
        assert _published(empty_db) == 0
        shown = page.locator(".wrap table").first.inner_text()
        assert "Lamp" in shown
        assert "2024-03-28" in shown
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("5 of 5 rows stored").wait_for()
        page.get_by_role("heading", name="export.csv").wait_for()
        page.get_by_role("link", name="Overview").click()
        page.locator(".cards .card").first.wait_for()
        waits_for(page, "Revenue", TOTAL)
        assert exact(page, "Orders") == 5
        page.get_by_role("link", name="Data").click()
        page.get_by_role("button", name="Take back").click()
        assert _published(empty_db) == 1
        page.get_by_role("button", name="Yes, take it back").click()
        page.get_by_text("Taken back", exact=True).wait_for()
        assert _published(empty_db) == 0
        page.get_by_role("link", name="Overview").click()
        page.get_by_text("This shop has no orders yet").wait_for()


def test_a_page_fills_itself_when_another_process_imports(browser, empty_db, export):
    with serving(empty_db) as server, visitor(browser) as page:
        page.goto(server.url)
        arrived(page)
        page.get_by_text("This shop has no orders yet").wait_for()
        code = "import sys; from engine.imports import import_paths; import_paths([sys.argv[1]], sys.argv[2])"
        subprocess.run([sys.executable, "-c", code, str(export), str(empty_db)], check=True, timeout=120)
        page.locator(".cards .card").first.wait_for()
        waits_for(page, "Revenue", TOTAL)


def test_what_is_no_table_is_refused_with_a_sentence(browser, empty_db, tmp_path):
    pdf = tmp_path / "invoice.csv"
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    with serving(empty_db) as server, visitor(browser) as page:
        page.goto(server.url + "/?page=sources")
        arrived(page)
        page.get_by_label("Choose files to import").set_input_files(pdf)
        said = page.locator(".said.bad")
        said.wait_for()
        assert "PDF" in said.inner_text()
        assert "Traceback" not in said.inner_text()
        assert _published(empty_db) == 0


def test_open_questions_are_settled_on_the_page(browser, empty_db, tmp_path):
    doubtful = tmp_path / "doubtful.csv"
    doubtful.write_text("date,revenue\n03/04/2024,12.50\n05/06/2024,9.50\n", encoding="utf-8")
    with serving(empty_db) as server, visitor(browser) as page:
        page.goto(server.url + "/?page=sources")
        arrived(page)
        page.get_by_text("What counts as revenue").wait_for()
        page.get_by_label("Choose files to import").set_input_files(doubtful)
        page.locator(".said.ask").filter(has_text="Choose below, under Columns").wait_for()
        assert page.locator(".said", has_text="--").count() == 0
        go = page.get_by_role("button", name="Import", exact=True)
        assert go.is_disabled()
        page.locator("label.one").filter(has_text="customer_id").locator("select").select_option("")
        page.locator(".said.ask").filter(has_text="Choose below, under Dates").wait_for()
        page.get_by_label("Dates").select_option("day")
        go.and_(page.locator(":enabled")).click()
        page.get_by_text("Balanced: the 22.00 in the file are all accounted for").wait_for()
        with sqlite3.connect(f"file:{empty_db}?mode=ro", uri=True) as connection:
            days = [day for (day,) in connection.execute("SELECT date FROM transactions ORDER BY date")]
        assert days == ["2024-04-03", "2024-06-05"]


def test_where_imports_are_not_allowed_nothing_gets_in(browser, empty_db, export):
    with serving(empty_db, extra=", allow_imports=False") as server, visitor(browser) as page:
        page.goto(server.url + "/?page=sources")
        arrived(page)
        page.get_by_text("Files are not taken through the page here").wait_for()
        assert page.get_by_label("Choose files to import").count() == 0
        status = server.get("/upload?to=x&name=y", method="POST", Origin=server.url)[0]
        assert status == 403
        assert _published(empty_db) == 0


def test_an_upload_needs_a_key_an_origin_and_a_size(shop_server):
    own = {"Origin": shop_server.url}
    assert shop_server.get("/upload?to=guess&name=x.csv", method="POST", **own)[0] == 404
    assert shop_server.get("/upload?to=guess&name=x.csv", method="POST")[0] == 403
    assert shop_server.get("/upload?to=guess&name=x.csv", method="POST", Origin="http://evil.example")[0] == 403
    assert shop_server.get("/upload?to=guess&name=x.csv")[0] == 405
