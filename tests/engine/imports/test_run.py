"""An import as a whole: preview, progress, report, evidence that comes late, other imports at the same time."""

import json
from datetime import date

import pytest

from engine.errors import ImportRefused
from engine.imports import import_paths, preview
from engine.imports.report import Share, money
from engine.imports.taking import Tally
from engine.store import Outcome, Store
from tests.engine.imports.corpus import TODAY, table

LATE = 60_000


def write(folder, *rows, head="order_id,customer_id,date,revenue", name="g.csv"):
    (folder / name).write_bytes(table(*rows, head=head))
    return folder / name


def many(day):
    return [f"O{i},C{i % 7},{day},1.25" for i in range(LATE)]


class TestPreview:
    def test_it_says_which_column_is_which_and_why(self, tmp_path):
        path = write(tmp_path, "1,ann,25/12/2024,2,1.50,x", head="Order No,Client,Day,Qty,Price,Colour")
        found = preview([path], today=TODAY)
        assert found.format == "generic"
        assert [(ours, theirs) for ours, theirs, _ in found.mapping] == [
            ("order_id", "Order No"),
            ("customer_id", "Client"),
            ("date", "Day"),
            ("quantity", "Qty"),
            ("unit_price", "Price"),
        ]
        assert all(reason for _, _, reason in found.mapping)
        assert found.unused == ("Colour",)
        assert found.rows[0]["date"] == "2024-12-25"
        assert (found.rows[0]["amount"], found.rows[0]["kind"], found.rows[0]["problem"]) == (3.0, "sale", None)
        json.dumps(found.to_dict())

    def test_it_shows_what_would_be_set_aside(self, tmp_path):
        found = preview([write(tmp_path, "1,ann,2024-01-01,5", "2,ann,never,5")], today=TODAY)
        assert [row["problem"] for row in found.rows] == [None, "date is no date"]

    def test_it_asks_instead_of_refusing(self, tmp_path):
        doubt = write(tmp_path, "1,ann,03/04/2024,5", name="a.csv")
        missing = write(tmp_path, "1,ann", head="order_id,customer_id", name="b.csv")
        assert "--day-first" in preview([doubt]).questions[0]
        assert "--map date=COLUMN" in preview([missing]).questions[0]
        assert not preview([doubt], day_first=True).questions

    def test_it_stores_nothing(self, tmp_path):
        preview([write(tmp_path, "1,ann,2024-01-01,5")])
        assert [p.name for p in tmp_path.iterdir()] == ["g.csv"]


class TestReport:
    def test_it_is_the_same_in_words_json_and_ledger(self, tmp_path):
        path = write(tmp_path, "1,ann,2024-01-01,5.25", "2,ann,never,1.50", "3,bob,2024-01-02,-2.00")
        report = import_paths([path], tmp_path / "shop.db", today=TODAY)
        found = json.loads(json.dumps(report.to_dict()))
        assert found["money"] == {"in_file": 4.75, "stored": 3.25, "known": 0.0, "aside": 1.5, "balanced": True}
        assert found["aside"] == [
            {
                "reason": "date is no date",
                "rows": 1,
                "money": 1.5,
                "example": {"file": "g.csv", "line": 3, "column": "date", "value": "never"},
            }
        ]
        load = Store.open(tmp_path / "shop.db").loads()[0]
        assert load.report["money"] == found["money"]
        assert (load.load_id, load.rows_read, load.rows_stored) == (report.load_id, 3, 2)
        for fragment in (
            "2 new rows",
            "set aside: date is no date",
            "g.csv, line 3, column 'date': never",
            "stored: refund",
        ):
            assert fragment in report.text()

    def test_money_is_written_exactly(self):
        assert [money(u) for u in (0, 1, 12_300, -97_477_479_340)] == ["0.00", "0.0001", "1.23", "-9,747,747.934"]

    def test_an_imbalance_would_show(self, tmp_path):
        from dataclasses import replace

        report = import_paths([write(tmp_path, "1,ann,2024-01-01,5.25")], tmp_path / "shop.db", today=TODAY)
        assert report.balanced
        assert not replace(report, known=Share(0, 1)).balanced
        assert not replace(report, read=Share(2, report.read.units)).balanced

    def test_rows_that_another_import_published_meanwhile_are_known(self):
        tally = Tally()
        tally.stored["sale"] = Share(10, 100)
        tally.agree({"transactions": Outcome(stored=4, known=6, stored_units=40, known_units=60)})
        assert (dict(tally.stored), tally.known) == ({"lines": Share(4, 40)}, Share(6, 60))


class TestEvidence:
    def test_it_is_looked_for_in_the_whole_file(self, tmp_path):
        path = write(tmp_path, *many("03/04/2024"), "Z,C1,25/12/2024,1.25")
        report = import_paths([path], tmp_path / "shop.db", today=TODAY)
        assert report.rows_stored == LATE + 1
        assert Store.open(tmp_path / "shop.db").query("SELECT min(date) AS day FROM transactions") == [
            {"day": "2024-04-03"}
        ]

    def test_what_contradicts_it_later_refuses_the_whole_file(self, tmp_path):
        path = write(tmp_path, "Y,C1,25/12/2024,1.25", *many("03/04/2024"), "Z,C1,12/25/2024,1.25")
        with pytest.raises(ImportRefused, match="line 60,003: '12/25/2024' has the month first"):
            import_paths([path], tmp_path / "shop.db", today=TODAY)
        assert Store.open(tmp_path / "shop.db").data_version() == 0

    def test_a_doubtful_figure_that_comes_late_refuses_the_whole_file(self, tmp_path):
        rows = [row.replace("1.25", "7") for row in many("2024-01-01")]
        with pytest.raises(ImportRefused, match=r"'1\.234' could be a decimal or group thousands"):
            import_paths([write(tmp_path, *rows, "Z,C1,2024-01-01,1.234")], tmp_path / "shop.db", today=TODAY)
        assert Store.open(tmp_path / "shop.db").data_version() == 0


def test_progress_rises_to_all_rows(tmp_path):
    seen = []
    path = write(tmp_path, *many("2024-01-01"))
    import_paths([path], tmp_path / "shop.db", today=TODAY, progress=lambda *step: seen.append(step))
    assert [name for name, _, _ in seen] == ["g.csv"] * len(seen)
    assert sorted(done for _, done, _ in seen) == [done for _, done, _ in seen]
    assert seen[-1] == ("g.csv", LATE, LATE)


def test_line_numbers_are_those_of_the_file(tmp_path):
    """Blank lines, broken rows, quoted line breaks before it: line 12 is line 12."""
    rows = ["1,ann,2024-01-01,1", "", "2,ann,2024-01-01", "3,ann,2024-01-01,1", "", ""]
    quoted = ['4,"an\nn",2024-01-01,1', "5,ann,2024-01-01"]
    plain = import_paths([write(tmp_path, *rows, "6,ann,never,1")], tmp_path / "a.db", today=TODAY)
    broken = import_paths([write(tmp_path, *rows, *quoted, "6,ann,never,1")], tmp_path / "b.db", today=TODAY)
    assert {a.reason: a.example.line for a in plain.aside} == {
        "3 cells where the header has 4": 4,
        "date is no date": 8,
    }
    assert {a.reason: a.example.line for a in broken.aside} == {
        "3 cells where the header has 4": 4,
        "date is no date": 11,
    }


def test_today_decides_what_is_the_future(tmp_path):
    path = write(tmp_path, "1,ann,2024-01-01,5", "2,ann,2024-06-01,5")
    report = import_paths([path], tmp_path / "shop.db", today=date(2024, 1, 1))
    assert [a.reason for a in report.aside] == ["date lies in the future"]


def test_every_format_keeps_the_contract():
    from engine.imports.choose import formats

    found = formats()
    assert [f.name for f in found][-1] == "generic"
    assert len({f.name for f in found}) == len(found) >= 6
    assert all(f.label and callable(f.claims) and callable(f.plans) for f in found)
