"""The command line says what the database says, and a mistake is one sentence with exit code 2."""

from __future__ import annotations

import json
import sqlite3

import pytest

SALES = "from transactions where kind = 'sale' and date >= '2025-02-01' and date < '2025-05-01' and region = 'West'"


def answer(shoplight, *arguments) -> dict:
    done = shoplight(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_kpis_equal_plain_sql(shoplight, shop_db):
    got = answer(shoplight, "kpis", "--db", shop_db, "--from", "2025-02-01", "--to", "2025-04-30", "--region", "West")
    with sqlite3.connect(shop_db) as db:
        money, orders, people = db.execute(
            f"select sum(revenue_units), count(distinct order_id), count(distinct customer_id) {SALES}"
        ).fetchone()
        (score,) = db.execute(f"select avg(satisfaction_score) {SALES}").fetchone()
    assert got["window"] == {"start": "2025-02-01", "end": "2025-04-30"}
    assert got["comparison"] == {"start": "2024-11-01", "end": "2025-01-31"}
    assert set(got["metrics"]) == {"revenue", "orders", "customers", "aov", "satisfaction"}
    values = {name: m["value"] for name, m in got["metrics"].items()}
    assert round(values["revenue"] * 10_000) == money
    assert (values["orders"], values["customers"]) == (orders, people)
    assert values["aov"] == pytest.approx(money / 10_000 / orders)
    assert values["satisfaction"] == pytest.approx(score)
    for m in got["metrics"].values():
        assert m["change"] == pytest.approx(m["value"] / m["comparison"] - 1)
        assert m["noise"] in (True, False)


def test_drill_parts_add_up_to_the_whole(shoplight, shop_db):
    parts = answer(shoplight, "drill", "--db", shop_db, "--by", "region,segment", "--from", "2025-01-01")["rows"]
    whole = answer(shoplight, "kpis", "--db", shop_db, "--from", "2025-01-01")["metrics"]["revenue"]["value"]
    assert len(parts) == 12
    assert {"region", "segment", "value", "comparison", "change", "share"} == set(parts[0])
    assert sum(p["value"] for p in parts) == pytest.approx(whole, abs=0.0001)
    assert sum(p["share"] for p in parts) == pytest.approx(1)
    assert [p["value"] for p in parts] == sorted((p["value"] for p in parts), reverse=True)


def test_a_person_reads_money_and_words(shoplight, shop_db):
    text = shoplight("kpis", "--db", shop_db, "--from", "2025-10-01").stdout
    assert "Revenue" in text and "€" in text and "2025-10-01 to 2025-12-31" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["kpis", "--metric", "revenu"], "No metric named 'revenu'. Did you mean 'revenue'?"),
        (["kpis", "--region", "Wset"], "No region 'Wset' in this shop. Did you mean 'West'?"),
        (["kpis", "--to", ""], "--to '' is not a day; write it as 2025-01-31."),
        (["explain", "--metric", ""], "No metric named ''."),
        (["kpis", "--from", "31/01/2025"], "--from '31/01/2025' is not a day; write it as 2025-01-31."),
        (["kpis", "--from", "2025-02-01", "--to", "2025-01-01"], "holds no day"),
        (["kpis", "--from", "0001-01-01", "--to", "0001-01-01"], "0001-01-01 is no day of a shop"),
        (["kpis", "--to", "9999-12-31"], "9999-12-31 is no day of a shop"),
        (["kpis", "--against", "yaer"], "Did you mean 'year'?"),
        (["drill", "--by", "regoin"], "No dimension or time axis named 'regoin'. Did you mean 'region'?"),
        (["drill", "--by", ","], "--by names no dimension"),
        (["import", "--map", "date"], "does not say OURS=THEIRS"),
    ],
)
def test_a_mistake_is_one_sentence(shoplight, shop_db, arguments, sentence):
    done = shoplight(*arguments, "--db", shop_db)
    assert done.returncode == 2
    assert sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_a_file_that_is_no_database_is_a_mistake_not_a_fault(shoplight, tmp_path):
    csv = tmp_path / "orders.csv"
    csv.write_text("date,revenue\n2025-01-01,3\n")
    done = shoplight("kpis", "--db", csv)
    assert done.returncode == 2 and "orders.csv" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["drill"], "Missing option '--by'"),
        (["kpis", "--nope"], "See `shoplight kpis --help`."),
        (["demo", "--seed", "-1"], "-1 is not in the range"),
        (["demo", "--csv", "/dev/null/tables"], "/dev/null/tables cannot be used: not a directory"),
        (["demo", "--db", "/dev/null/shop.db"], "/dev/null cannot be used"),
    ],
)
def test_options_and_places_that_cannot_be_used_get_one_sentence(shoplight, arguments, sentence):
    done = shoplight(*arguments)
    assert done.returncode == 2 and sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_serving_no_shop_is_a_mistake(shoplight, tmp_path):
    done = shoplight("serve", "--db", tmp_path / "none.db")
    assert done.returncode == 2 and "There is no database" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_database_the_demo_shop_is_made_and_named(shoplight):
    done = shoplight("kpis")
    assert done.returncode == 0, done.stderr
    assert "Making the demo shop at" in done.stderr and "Revenue" in done.stdout


def test_the_demo_shop_is_not_made_over_another_shop(shoplight, shop_db):
    done = shoplight("demo", "--db", shop_db)
    assert done.returncode == 2 and "already holds a shop" in done.stderr


def test_importing_the_demo_tables_again_gives_the_same_money(shoplight, shop_db, tmp_path):
    tables, db = tmp_path / "tables", tmp_path / "again.db"
    assert shoplight("demo", "--csv", tables).returncode == 0
    report = answer(shoplight, "import", tables / "transactions.csv", tables / "customers.csv", "--db", db)
    assert report["rows_read"] >= 15_000
    first = answer(shoplight, "kpis", "--db", shop_db)["metrics"]
    again = answer(shoplight, "kpis", "--db", db)["metrics"]
    assert {n: first[n]["value"] for n in ("revenue", "orders", "customers")} == {
        n: again[n]["value"] for n in ("revenue", "orders", "customers")
    }


def test_a_preview_shows_what_would_be_taken_and_stores_nothing(shoplight, tmp_path):
    csv = tmp_path / "orders.csv"
    csv.write_text("Order,Buyer,Day,Total\nA1,ann,2025-03-14,12.50\nA2,bob,2025-03-15,7.00\n")
    done = shoplight("import", "--preview", csv, "--map", "customer_id=Buyer", "--map", "date=Day")
    assert done.returncode == 0, done.stderr
    assert "from 'Buyer'" in done.stdout and "12.5" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]


def test_a_load_is_listed_and_taken_back(shoplight, tmp_path):
    csv, db = tmp_path / "orders.csv", tmp_path / "shop.db"
    csv.write_text("order_id,customer_id,date,revenue\nA1,ann,2025-03-14,12.50\nA2,bob,2025-03-15,7.00\n")
    assert answer(shoplight, "import", csv, "--db", db)["rows_stored"] == 2
    (load,) = answer(shoplight, "import", "--list", "--db", db)["loads"]
    assert answer(shoplight, "import", "--undo", load["load_id"], "--db", db)["data_version"] == 2
    assert answer(shoplight, "import", "--list", "--db", db)["loads"][0]["status"] == "undone"
    assert "holds no orders yet" in shoplight("kpis", "--db", db).stderr
