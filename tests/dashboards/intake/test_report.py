"""A load's report as tables: every line and every cent, formatted."""

from __future__ import annotations

import pytest

from dashboards.intake.desk import in_page
from dashboards.intake.report import described
from engine.imports import import_paths
from engine.store import Store

LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,71053,LANTERN,1000,2010-12-01 08:26:00,3.39,17850,United Kingdom
C536379,85123A,HEART HOLDER,-1,2010-12-01 09:41:00,2.55,17850,United Kingdom
536370,POST,POSTAGE,1,2010-12-01 08:45:00,18.00,12583,France
"""
GOODS, POSTAGE, BACK = 6 * 2.55 + 1000 * 3.39, 18.00, 2.55


@pytest.fixture
def shown(tmp_path):
    export = tmp_path / "lines.csv"
    export.write_text(LINES, encoding="utf-8")
    import_paths([export], tmp_path / "shop.db")
    return described(Store.open(tmp_path / "shop.db").loads()[0])


def _table(shown: dict, title: str) -> dict[str, list[str]]:
    (found,) = [table for table in shown["tables"] if table["title"] == title]
    return {row["cells"][0]: row["cells"][1:] for row in found["rows"]}


def test_every_line_is_somewhere_and_the_parts_make_the_file(shown):
    assert _table(shown, "Where every line went") == {
        "Sold": ["2", f"£{GOODS:,.2f}"],
        "Given back": ["1", f"\u2212£{BACK:,.2f}"],
        "No sale of goods": ["1", f"£{POSTAGE:,.2f}"],
        "In the file": ["4", f"£{GOODS + POSTAGE - BACK:,.2f}"],
    }
    assert shown["balance"]["balanced"] and f"£{GOODS + POSTAGE - BACK:,.2f}" in shown["balance"]["words"]


def test_the_ladder_leads_from_the_file_to_revenue(shown):
    steps = _table(shown, "From the file to revenue")
    assert steps["Lines in the file"][:2] == ["4", f"£{GOODS + POSTAGE - BACK:,.2f}"]
    assert steps["without cancellations (C invoices)"][:2] == ["\u22121", f"+£{BACK:,.2f}"]
    assert steps["Lines sold: revenue"][:2] == ["2", f"£{GOODS:,.2f}"]


def test_the_demo_shop_shows_its_tables(shop_db):
    tables = _table(described(Store.open(shop_db).loads()[0]), "What is in it")
    assert {"Order lines and refunds", "Customers"} <= set(tables)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Say which with --day-first or --month-first.", "Choose below, under Dates."),
        ('Say which with --decimal "." or --decimal ",".', "Choose below, under Decimals."),
        (
            "Say which is which with --map customer_id=COLUMN (--map customer_id= where there are no customers).",
            "Choose below, under Columns.",
        ),
    ],
)
def test_the_page_names_its_fields_and_no_options(said, shown):
    assert in_page("a.csv: which? " + said) == "a.csv: which? " + shown
