"""Every file of the corpus gets its verdict; what is refused leaves no trace."""

from decimal import Decimal

import pytest

from data.schema import TABLES
from engine.errors import EngineError
from engine.imports import import_paths
from engine.store import Store
from tests.engine.imports.corpus import CASES, TODAY, Accepted, Refused, table

BASE = table("Z1,Z,2023-01-01,1.00", "Z2,Z,2023-01-02,2.00")


def content(db):
    """Everything a reader can see."""
    store = Store.open(db)
    tables = [store.query(f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in TABLES]
    return store.data_version(), tables, [load for load in store.loads() if load.status == "published"]


def values(db, sql):
    return [tuple(row.values()) for row in Store.open(db).query(sql)]


@pytest.fixture
def shop(tmp_path):
    """A database that already holds two lines."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "base.csv").write_bytes(BASE)
    db = tmp_path / "shop.db"
    import_paths([tmp_path / "base" / "base.csv"], db, today=TODAY)
    return db


def test_the_corpus_is_as_large_as_promised():
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [c for c in CASES if isinstance(c.verdict, Refused)], ids=str)
def test_a_bad_file_gets_a_sentence_and_leaves_no_trace(case, shop, tmp_path):
    (tmp_path / "case").mkdir()
    before = content(shop)
    with pytest.raises(EngineError) as refusal:
        import_paths(case.build(tmp_path / "case"), shop, today=TODAY, **case.options)
    sentence = str(refusal.value)
    for fragment in case.verdict.fragments:
        assert fragment in sentence
    assert sentence.endswith((".", "?", "!", ",")), sentence
    assert content(shop) == before


@pytest.mark.parametrize("case", [c for c in CASES if isinstance(c.verdict, Accepted)], ids=str)
def test_a_good_file_is_stored_counted_and_known_the_second_time(case, tmp_path):
    (tmp_path / "case").mkdir()
    db, paths = tmp_path / "shop.db", case.build(tmp_path / "case")
    report = import_paths(paths, db, today=TODAY, **case.options)
    verdict = case.verdict

    assert report.balanced
    assert report.rows_stored == verdict.rows, report.text()
    assert report.rows_known == verdict.known
    found = {a.reason: a.share.rows for a in report.aside}
    assert len(found) == len(verdict.aside), found
    for fragment, rows in verdict.aside.items():
        assert [n for reason, n in found.items() if fragment in reason] == [rows], found
    if verdict.line is not None:
        assert report.aside[0].example.line == verdict.line
    agrees_with_the_database(report, db)
    if verdict.revenue is not None:
        assert values(db, "SELECT sum(revenue_units) FROM transactions") == [(int(Decimal(verdict.revenue) * 10_000),)]
    if verdict.kinds is not None:
        assert dict(values(db, "SELECT kind, count(*) FROM transactions GROUP BY kind")) == verdict.kinds
    for sql, expected in (verdict.check or {}).items():
        assert values(db, sql) == expected
    if verdict.note:
        assert any(verdict.note in note for note in report.notes), report.notes

    version = Store.open(db).data_version()
    again = import_paths(paths, db, today=TODAY, **case.options)
    assert again.balanced
    assert (again.rows_stored, again.load_id) == (0, None)
    assert Store.open(db).data_version() == version


def agrees_with_the_database(report, db):
    """The report's stored rows and money are those that SQL finds."""
    found = {
        kind: (rows, units)
        for kind, rows, units in values(db, "SELECT kind, count(*), sum(amount_units) FROM transactions GROUP BY kind")
    }
    others = ("customers", "spend")
    assert {k: (s.rows, s.units) for k, s in report.stored.items() if k not in others} == found
    assert report.text().strip()
