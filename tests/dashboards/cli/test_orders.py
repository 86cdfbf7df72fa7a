"""The command that lists orders: the same rows as the database has, to read, for machines, and as a file."""

from __future__ import annotations

import csv
import io
import json
import sqlite3

import pytest

from engine.store import Store
from tests.engine.store.sample import COLUMNS, line

ASKED = ("--from", "2025-02-01", "--to", "2025-04-30", "--region", "West")
SALES = "from transactions where kind = 'sale' and date >= '2025-02-01' and date < '2025-05-01' and region = 'West'"


@pytest.fixture(scope="module")
def sold(shop_db):
    with sqlite3.connect(shop_db) as db:
        return db.execute(f"select transaction_id, revenue {SALES} order by revenue desc, date desc").fetchall()


def test_the_largest_come_first_and_the_whole_is_counted(shoplight, shop_db, sold):
    done = shoplight("orders", "--db", shop_db, *ASKED, "--sort", "revenue", "--limit", 5, "--json")
    got = json.loads(done.stdout)
    assert [row["revenue"] for row in got["rows"]] == [money for _, money in sold[:5]]
    assert (got["count"], got["orders"]) == (len(sold), len(sold))
    assert got["revenue"] == pytest.approx(sum(money for _, money in sold))
    assert got["window"] == {"start": "2025-02-01", "end": "2025-04-30"} and got["kinds"] == ["sale"]


def test_a_person_reads_the_first_rows_and_how_many_more(shoplight, shop_db, sold):
    lines = shoplight("orders", "--db", shop_db, *ASKED, "--limit", 3).stdout.splitlines()
    assert lines[0].startswith("2025-02-01 to 2025-04-30")
    assert lines[1].startswith(f"{len(sold):,} lines in {len(sold):,} orders, revenue €")
    assert lines[2].split()[:2] == ["Date", "Order"] and lines[-1].startswith(f"{len(sold) - 3:,} more;")
    assert len(lines) == 7


def test_the_file_has_every_row_and_replaces_the_old_one_whole(shoplight, shop_db, sold, tmp_path):
    place = tmp_path / "orders.csv"
    place.write_text("old")
    done = shoplight("orders", "--db", shop_db, *ASKED, "--csv", place)
    assert done.returncode == 0 and f"{len(sold):,} rows are in" in done.stderr and done.stdout == ""
    with open(place, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["transaction_id"] for row in rows} == {name for name, _ in sold}
    piped = shoplight("orders", "--db", shop_db, *ASKED, "--csv", "-").stdout
    assert list(csv.DictReader(io.StringIO(piped))) == rows
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sort", "revenu"], "No order of rows named 'revenu'. Did you mean 'revenue'?"),
        (["--kind", "refunds"], "No kind of lines named 'refunds'. Did you mean 'refund'?"),
        (["--csv", "/dev/null/orders.csv"], "/dev/null/orders.csv.part cannot be used: not a directory"),
        (["--csv", "/dev/full"], "Error: no space left on device"),
        (["--limit", "9999"], "A page has 0 to 1,000 rows"),
    ],
)
def test_a_mistake_is_one_sentence(shoplight, shop_db, arguments, sentence):
    done = shoplight("orders", "--db", shop_db, *arguments)
    assert done.returncode == 2 and sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_what_is_stored_does_not_steer_the_terminal(shoplight, tmp_path):
    store = Store.create(tmp_path / "shop.db")
    with store.writer() as writer, writer.load("a", "test", sha256="0", currency="EUR") as load:
        load.put_lines((*COLUMNS, "region"), [(*line(1), "\x1b[2JWest\nEast")])
        load.publish({})
    done = shoplight("orders", "--db", store.path)
    assert done.returncode == 0 and " [2JWest East" in done.stdout and "\x1b" not in done.stdout
