"""The command that asks whether it is the data: for a person, for machines, and never an error by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.engine.diagnose import clean, faulty

SEED = 1002


@pytest.fixture(scope="module")
def short_shop(shoplight, tmp_path_factory):
    """A shop imported from a file that lacks 6 to 9 June 2023 and has dates nobody can read."""
    folder = tmp_path_factory.mktemp("short")
    columns = clean.plain(SEED, clean.Shape(days=240))
    columns = clean.without(columns, ~faulty.within(columns, 155, 159))
    moments = np.char.replace(columns["date"].astype(str), "T", " ")
    rows = zip(
        columns["order_id"], columns["customer_id"], moments, columns["revenue"], columns["channel"], strict=True
    )
    lines = [",".join(map(str, row)) for row in rows]
    lines += [f"x{i},1,31.02.2023,5.00,Search" for i in range(len(lines) // 20)]
    (folder / "orders.csv").write_text("\n".join(["order_id,customer_id,date,revenue,channel", *lines]) + "\n")
    done = shoplight("import", folder / "orders.csv", "--db", folder / "shop.db")
    assert done.returncode == 0, done.stderr
    return folder / "shop.db"


def answer(shoplight, *arguments) -> dict:
    done = shoplight("check", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_demo_shop_has_none_and_what_was_looked_at_is_said(shoplight, shop_db):
    done = shoplight("check", "--db", shop_db)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No data problem found. Looked at 15,000 rows from 2024-01-01 to 2025-12-31 for: ")
    assert all(word in done.stdout for word in ("duplicates", "gaps", "sources", "units", "partial"))
    assert answer(shoplight, "--db", shop_db)["problems"] == []


def test_a_missing_week_is_found_with_rows_from_before_it(shoplight, short_shop):
    asked = ("--db", short_shop, "--from", "2023-06-01", "--to", "2023-06-30")
    (gap,) = [p for p in answer(shoplight, *asked)["problems"] if p["kind"] == "gap"]
    assert gap["days"] == {"start": "2023-06-06", "end": "2023-06-09"}
    assert gap["label"] == "Data problem" and gap["is_fault"] and gap["touches"] and gap["blocks_cause"]
    assert len(gap["examples"]) == 5 and all(e["date"] < "2023-06-06" for e in gap["examples"])
    text = shoplight("check", *asked).stdout
    assert "Data problem: There is no order at all from 6 Jun 2023 to 9 Jun 2023" in text
    assert "No data problem" not in text and gap["examples"][0]["order_id"] in text


def test_what_lies_outside_of_the_days_asked_about_is_said_to(shoplight, short_shop):
    asked = ("--db", short_shop, "--from", "2023-08-01", "--to", "2023-08-15", "--against", "none")
    (gap,) = [p for p in answer(shoplight, *asked)["problems"] if p["kind"] == "gap"]
    assert not gap["touches"] and not gap["blocks_cause"]
    assert "Data problem (outside of the days asked about): There is no order" in shoplight("check", *asked).stdout


def test_rows_the_import_set_aside_are_told_again(shoplight, short_shop):
    (found,) = [p for p in answer(shoplight, "--db", short_shop)["problems"] if p["kind"] == "import"]
    assert found["rows"] > 0 and f"set {found['rows']:,} of" in found["sentence"] and found["days"] is None


def test_an_unknown_metric_gets_the_close_name(shoplight, shop_db):
    done = shoplight("check", "--db", shop_db, "--metric", "revenu")
    assert done.returncode == 2 and "Did you mean 'revenue'?" in done.stderr
