"""The command line reads products by name, and says when a comparison is none."""

from __future__ import annotations

import json
import sqlite3

import pytest

HEAD = "order_id,customer_id,date,revenue,sku,product_name"
BEGINS = "The shop's data begins on 1 Dec 2024, so there is no whole period to compare with."
ENDS = "The shop's data ends on 9 Feb 2025; choose 'to date' to compare like with like."


@pytest.fixture(scope="module")
def small_shop(shoplight, tmp_path_factory):
    """One sale a day from 1 December to 9 February: 10 in December, 11 in January, 12 in February."""
    folder = tmp_path_factory.mktemp("names")
    days = [("2024-12", 31, 10), ("2025-01", 31, 11), ("2025-02", 9, 12)]
    rows = [
        f"{month}-{day},ann,{month}-{day:02d},{money},K{day % 2},{('Mug', 'Deep Bowl')[day % 2]}"
        for month, last, money in days
        for day in range(1, last + 1)
    ]
    (folder / "orders.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    done = shoplight("import", folder / "orders.csv", "--db", folder / "shop.db")
    assert done.returncode == 0, done.stderr
    return folder / "shop.db"


def _json(shoplight, *arguments):
    done = shoplight(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_comparison_before_the_first_day_has_its_value_a_note_and_no_change(shoplight, small_shop):
    asked = ("kpis", "--db", small_shop, "--from", "2025-01-01", "--to", "2025-02-09")
    got = _json(shoplight, *asked)
    window = got["comparison"]
    with sqlite3.connect(small_shop) as db:
        (before,) = db.execute(
            "select sum(revenue) from transactions where date >= ? and date < date(?, '+1 day')",
            (window["start"], window["end"]),
        ).fetchone()
    revenue = got["metrics"]["revenue"]
    assert window["start"] < "2024-12-01" and revenue["comparison"] == pytest.approx(before)
    assert (revenue["change"], revenue["noise"], revenue["note"]) == (None, None, BEGINS)
    assert "note" not in got["metrics"]["satisfaction"]
    text = shoplight(*asked).stdout
    assert text.count(BEGINS) == 1 and "noise" not in text and "%" not in text


def test_whole_periods_have_no_note(shoplight, small_shop):
    got = _json(shoplight, "kpis", "--db", small_shop, "--from", "2025-01-01", "--to", "2025-01-31")["metrics"]
    assert got["revenue"]["change"] == pytest.approx(0.1) and "note" not in got["revenue"]


def test_an_unfinished_month_is_compared_to_date(shoplight, small_shop):
    asked = ("kpis", "--db", small_shop, "--from", "2025-02-01", "--to", "2025-02-28")
    assert _json(shoplight, *asked)["metrics"]["revenue"]["note"] == ENDS
    got = _json(shoplight, *asked, "--against", "to_date")
    assert got["comparison"] == {"start": "2025-01-01", "end": "2025-01-09"}
    assert got["metrics"]["revenue"]["change"] == pytest.approx(12 / 11 - 1)
    assert "against 2025-01-01 to 2025-01-09" in shoplight(*asked, "--against", "to_date").stdout


def test_a_drill_notes_it_once_and_tells_no_change(shoplight, small_shop):
    asked = ("drill", "--db", small_shop, "--by", "product")
    got = _json(shoplight, *asked)
    assert got["note"] == BEGINS and {row["change"] for row in got["rows"]} == {None}
    assert shoplight(*asked).stdout.count(BEGINS) == 1


def test_a_person_reads_names_and_a_machine_codes(shoplight, small_shop):
    asked = ("drill", "--db", small_shop, "--by", "product,weekday", "--from", "2025-01-01", "--to", "2025-01-31")
    text = shoplight(*asked).stdout
    assert "Deep Bowl" in text and "K1" not in text
    rows = _json(shoplight, *asked)["rows"]
    assert {(row["product"], row["labels"]["product"]) for row in rows} == {("K0", "Mug"), ("K1", "Deep Bowl")}
    assert all(set(row["labels"]) == {"product"} for row in rows)


@pytest.mark.parametrize("value", ["K1", "Deep Bowl", "deep bowl"])
def test_a_product_is_chosen_by_code_or_name(shoplight, small_shop, value):
    rows = _json(shoplight, "drill", "--db", small_shop, "--by", "product", "--product", value)["rows"]
    assert [row["product"] for row in rows] == ["K1"]


def test_a_product_that_is_not_there_gets_the_close_name(shoplight, small_shop):
    done = shoplight("kpis", "--db", small_shop, "--product", "depe bowl")
    assert done.returncode == 2 and "Did you mean 'Deep Bowl'?" in done.stderr
