"""What was written down comes back: any table, any dialect, twice, in halves, undone, damaged."""

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.imports import import_paths
from engine.store import Store
from tests.engine.imports.corpus import table as rows_of
from tests.engine.imports.shops import dialects, lines, written

TODAY = date(2025, 6, 30)
COLUMNS = ("order_id", "customer_id", "date", "amount_units", "region")


def stored(db) -> Counter:
    return Counter(row for batch in Store.open(db).lines(COLUMNS) for row in batch)


def ids(db) -> set[str]:
    return {row[0] for batch in Store.open(db).lines(("transaction_id",)) for row in batch}


def expected(table) -> Counter:
    return Counter((x.order, x.customer, str(x.when).removesuffix(" 00:00:00"), x.units, x.region) for x in table)


def take(folder: Path, db: Path, name: str, content: bytes, **options):
    (folder / name).write_bytes(content)
    return import_paths([folder / name], db, today=TODAY, **options)


@settings(max_examples=25, deadline=None)
@given(lines(), dialects())
def test_any_table_in_any_dialect_comes_back_whole_and_only_once(table, dialect):
    day_first = {"%d/%m/%Y %H:%M": True, "%m/%d/%Y %H:%M": False}.get(dialect.day)
    with tempfile.TemporaryDirectory() as home:
        folder, db = Path(home), Path(home) / "shop.db"
        report = take(folder, db, "a.csv", written(table, dialect), day_first=day_first)
        assert report.balanced
        assert stored(db) == expected(table)
        assert report.read.units == sum(x.units for x in table)
        again = take(folder, db, "b.csv", written(table), day_first=day_first)
        assert (again.rows_stored, again.rows_known) == (0, len(table))
        assert stored(db) == expected(table)


@settings(max_examples=25, deadline=None)
@given(lines(), st.data())
def test_two_parts_in_any_order_are_the_whole_or_the_report_says_where_it_cannot_tell(table, data):
    assume(len(table) > 1)
    cut = data.draw(st.integers(1, len(table) - 1))
    parts = [("a.csv", table[:cut]), ("b.csv", table[cut:])]
    # Two files of the same bytes are one file imported twice, whatever they were cut from.
    assume(written(table[:cut]) != written(table[cut:]))
    if data.draw(st.booleans()):
        parts.reverse()
    together = data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as home:
        folder, db = Path(home), Path(home) / "shop.db"
        reports = []
        if together:
            for name, part in parts:
                (folder / name).write_bytes(written(part))
            reports.append(import_paths([folder / name for name, _ in parts], db, today=TODAY))
        else:
            reports += [take(folder, db, name, written(part)) for name, part in parts]
        missing = expected(table) - stored(db)
        assert not stored(db) - expected(table)
        assert missing.total() == sum(report.rows_known for report in reports)
        assert all(report.balanced for report in reports)
        if missing:
            assert any("counted once" in note for report in reports for note in report.notes)
        before = stored(db)
        for name, part in parts:
            assert take(folder, db, name, written(part)).rows_stored == 0
        assert stored(db) == before


def test_a_part_that_is_all_of_one_order_comes_again_as_known(tmp_path):
    first, second = "A1,7,2024-01-15,1.00", "A1,7,2024-01-15,2.00"
    parts = {"a.csv": (first, first, second), "b.csv": (second, second)}
    db = tmp_path / "shop.db"
    for name, part in parts.items():
        assert take(tmp_path, db, name, rows_of(*part)).rows_stored == len(part)
    for name, part in parts.items():
        assert take(tmp_path, db, name, rows_of(*part)).rows_stored == 0


@settings(max_examples=8, deadline=None)
@given(lines(), lines())
def test_an_undone_load_leaves_nothing_and_can_come_again(first, second):
    second = [type(x)(f"P{x.order}", x.customer, x.when, x.units, x.region) for x in second]
    with tempfile.TemporaryDirectory() as home:
        folder, db = Path(home), Path(home) / "shop.db"
        take(folder, db, "a.csv", written(first))
        report = take(folder, db, "b.csv", written(second))
        whole = ids(db)
        with Store.open(db).writer() as writer:
            writer.undo(report.load_id)
        assert stored(db) == expected(first)
        assert take(folder, db, "b.csv", written(second)).rows_stored == len(second)
        assert ids(db) == whole


@settings(max_examples=50, deadline=None)
@given(lines(), dialects(), st.data())
def test_damaged_bytes_are_taken_in_balance_or_refused_with_a_sentence(table, dialect, data):
    content = bytearray(written(table, dialect))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        kind = data.draw(st.sampled_from(["drop", "put", "swap", "cut"]))
        if kind == "drop":
            del content[at : at + data.draw(st.integers(1, 4))]
        elif kind == "put":
            content[at:at] = data.draw(
                st.sampled_from([b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"1e999", b"-", b"\xef\xbb\xbf"])
            )
        elif kind == "swap":
            content[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
        else:
            del content[at:]
    with tempfile.TemporaryDirectory() as home:
        folder, db = Path(home), Path(home) / "shop.db"
        try:
            report = take(folder, db, "a.csv", bytes(content), day_first=True, decimal=".")
        except EngineError as refusal:
            assert len(str(refusal)) > 10
            assert not db.exists() or Store.open(db).data_version() == 0
        else:
            assert report.balanced
            found = Store.open(db).query(
                "SELECT count(*) AS n, coalesce(sum(amount_units), 0) AS money FROM transactions"
            )[0]
            assert (found["n"], found["money"]) == (report.rows_stored, sum(s.units for s in report.stored.values()))


@settings(max_examples=50, deadline=None)
@given(
    st.binary(min_size=0, max_size=400),
    st.sampled_from(["x.csv", "x.xlsx", "x.parquet", "x.csv.gz"]),
    st.sampled_from(
        [b"", b"PAR1", b"\x1f\x8b\x08", b"\xff\xfe", b"PK\x03\x04", b"order_id,customer_id,date,revenue\n"]
    ),
)
def test_noise_is_refused_with_a_sentence(noise, name, start):
    with tempfile.TemporaryDirectory() as home:
        try:
            report = take(Path(home), Path(home) / "shop.db", name, start + noise)
        except EngineError as refusal:
            assert len(str(refusal)) > 10
        else:
            assert report.balanced
