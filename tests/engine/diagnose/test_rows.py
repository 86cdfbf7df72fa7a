"""The orders behind a figure: as many and as much as the figure says, and a file a spreadsheet can be trusted with."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date, datetime

import pytest

from engine.diagnose.rows import csv_chunks, export_csv, order_rows
from engine.errors import EngineError
from engine.imports import import_paths
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.store import Listing, Store
from tests.engine.snapshot.test_against_sql import questions
from tests.engine.store.sample import COLUMNS, line

YEAR = Selection.of(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def demo(shop_db):
    return Store.open(shop_db)


def _check_figures(store, count, seed):
    snapshot = Snapshot.from_store(store)
    for selection in questions(snapshot, count, seed):
        found = order_rows(store, selection, limit=0)
        figures = snapshot.totals(selection, ["revenue", "orders"]).values
        assert round(found.revenue * 10_000) == figures["revenue"], selection
        assert found.orders == figures["orders"], selection


def _written(store, selection, **kwargs):
    out = io.StringIO(newline="")
    count = export_csv(store, selection, out, **kwargs)
    return count, out.getvalue()


def test_rows_add_up_to_the_figures_of_the_demo_shop(demo):
    _check_figures(demo, 80, seed=11)


def test_rows_add_up_to_the_figures_of_olist(data_folder, tmp_path):
    import_paths([data_folder / "olist"], tmp_path / "shop.db")
    _check_figures(Store.open(tmp_path / "shop.db"), 30, seed=12)


def test_rows_add_up_to_the_figures_of_online_retail(data_folder, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    rows = pq.read_table(next((data_folder / "online_retail").glob("*.parquet"))).slice(250_000, 30_000)
    pq.write_table(rows, tmp_path / "online_retail.parquet")
    import_paths([tmp_path / "online_retail.parquet"], tmp_path / "shop.db")
    store = Store.open(tmp_path / "shop.db")
    _check_figures(store, 30, seed=13)
    assert "product_name" in order_rows(store, Selection(Snapshot.from_store(store).whole()), limit=1).columns


def test_pages_are_the_file_in_pieces(demo):
    selection = Selection.of(date(2025, 11, 1), date(2025, 11, 30), {"region": ["West"]})
    listing = Listing(("sale", "refund", "cancelled"), "revenue")
    first = order_rows(demo, selection, listing=listing, limit=50)
    assert first.count > 100 and len(first.rows) == 50 and first.currency == "EUR"
    pages = [
        row
        for at in range(0, first.count, 50)
        for row in order_rows(demo, selection, listing=listing, limit=50, offset=at).rows
    ]
    count, text = _written(demo, selection, listing=listing)
    header, *records = csv.reader(io.StringIO(text))
    assert count == first.count == len(pages) == len(records)
    assert tuple(header) == first.columns
    money = first.columns.index("amount")
    assert [float(record[money]) for record in records] == [row[money] for row in pages]
    assert [record[0] for record in records] == [row[0] for row in pages]
    assert all(datetime.fromisoformat(record[header.index("date")]) for record in records)


def test_the_file_adds_up_to_the_cent_where_another_program_reads_it(demo, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    with open(tmp_path / "orders.csv", "w", encoding="utf-8", newline="") as out:
        export_csv(demo, Selection.of(date(2025, 1, 1), date(2025, 12, 31)), out)
    read = "SELECT sum(revenue::DECIMAL(18, 4)), count(*), max(date) FROM read_csv(?, all_varchar=true)"
    money, rows, last = duckdb.connect().execute(read, [str(tmp_path / "orders.csv")]).fetchone()
    (sold,) = demo.query(
        "SELECT sum(revenue_units) AS money, count(*) AS n, max(date) AS last FROM transactions"
        " WHERE kind = 'sale' AND date >= '2025-01-01'"
    )
    assert (int(money * 10_000), rows, last) == (sold["money"], sold["n"], sold["last"])


def test_progress_is_told_up_to_the_last_row(demo):
    told = []
    whole = Selection.of(date(2024, 1, 1), date(2025, 12, 31))
    count, _ = _written(demo, whole, progress=lambda *step: told.append(step))
    assert told[0] == ("orders", 2_000, count) and told[-1] == ("orders", count, count) and len(told) == 8


def test_chunks_joined_are_the_file(demo):
    selection = Selection.of(date(2025, 3, 1), date(2025, 3, 31))
    chunks = list(csv_chunks(demo, selection, chunk_rows=100))
    assert len(chunks) > 2 and "".join(chunks) == _written(demo, selection)[1]
    nothing = Selection.of(date(2030, 1, 1), date(2030, 1, 31))
    (header,) = csv_chunks(demo, nothing)
    assert header.startswith("transaction_id,order_id") and header.count("\r\n") == 1
    assert _written(demo, nothing) == (0, header)


def test_a_full_disk_is_not_blamed_on_the_database(demo):
    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device", "orders.csv")

    with pytest.raises(OSError, match="No space left"):
        export_csv(demo, YEAR, Full())


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")']
HARMLESS = ["Mug", "a=b", "7-Eleven", "", 'say "x", twice', "two\nlines", "'quoted", "São Paulo"]


@pytest.fixture
def hostile(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    words = [*DANGEROUS, *HARMLESS]
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency="EUR") as load:
        rows = [(*line(n), word) for n, word in enumerate(words)]
        refund = (*line(90)[:4], "refund", -12_345, None, "=refund")
        load.put_lines((*COLUMNS, "channel"), [*rows, refund])
        load.publish({})
    return store


def test_no_text_begins_a_formula_and_numbers_stay_numbers(hostile):
    everything = Listing(("sale", "refund"))
    _, text = _written(hostile, YEAR, listing=everything)
    records = list(csv.DictReader(io.StringIO(text, newline="")))
    found = {record["channel"] for record in records}
    assert found == {f"'{word}" for word in (*DANGEROUS, "=refund")} | set(HARMLESS)
    (refund,) = (record for record in records if record["kind"] == "refund")
    assert refund["amount"] == "-1.2345" and refund["revenue"] == ""
    assert {record["amount"] for record in records if record["kind"] == "sale"} == {f"{n + 1}.00" for n in range(17)}


def test_what_is_on_the_page_is_as_it_is_stored(hostile):
    found = order_rows(hostile, YEAR)
    at = found.columns.index("channel")
    assert {row[at] for row in found.rows} == {*DANGEROUS, *HARMLESS}
    assert found.revenue == sum(range(1, 18)) and found.count == 17


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (5, -1), (1_001, 0)])
def test_a_page_that_is_none_is_refused(hostile, limit, offset):
    with pytest.raises(EngineError, match="A page has 0 to 1,000 rows"):
        order_rows(hostile, YEAR, limit=limit, offset=offset)


def test_a_long_export_takes_no_more_memory_than_a_short_one(tmp_path):
    store = Store.create(tmp_path / "shop.db")
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency="EUR") as load:
        load.put_lines(COLUMNS, [line(n) for n in range(24_000)])
        load.publish({})
    short, quarter = _most_memory(store, Selection.of(date(2024, 1, 1), date(2024, 3, 31)))
    long, whole = _most_memory(store, YEAR)
    assert whole == 24_000 and 5_500 < quarter < 6_500
    assert long < 1.2 * short


def _most_memory(store, selection):
    tracemalloc.start()
    try:
        count = export_csv(store, selection, _Nowhere(), listing=Listing(sort="revenue"))
        return tracemalloc.get_traced_memory()[1], count
    finally:
        tracemalloc.stop()


class _Nowhere:
    def write(self, text):
        pass
