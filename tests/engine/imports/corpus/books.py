"""Spreadsheets and Parquet."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal

from tests.engine.imports.corpus._case import Accepted, Case, Refused
from tests.engine.imports.corpus._make import good_parquet, inflated_book, parquet, stray_cell, workbook

BOOKS = [
    Case(
        "workbook",
        {
            "o.xlsx": workbook(
                ("order_id", "customer_id", "date", "revenue"),
                ("007", 12345, datetime(2024, 1, 15, 10, 30), 10.1),
                ("008", "x", datetime(2024, 2, 15, 9, 0), 0.3),
            )
        },
        Accepted(
            2,
            revenue="10.40",
            check={
                "SELECT order_id, customer_id, date FROM transactions ORDER BY 1": [
                    ("007", "12345", "2024-01-15 10:30:00"),
                    ("008", "x", "2024-02-15 09:00:00"),
                ]
            },
        ),
    ),
    Case(
        "workbook of days",
        {"o.xlsx": workbook(("order_id", "customer_id", "date", "revenue"), ("1", "a", date(2024, 1, 15), 10))},
        Accepted(1, check={"SELECT date FROM transactions": [("2024-01-15",)]}),
    ),
    Case(
        "workbook with a totals row",
        {
            "o.xlsx": workbook(
                ("order_id", "customer_id", "date", "revenue"),
                ("1", "a", date(2024, 1, 15), 10),
                ("Total", None, None, 10),
            )
        },
        Accepted(1, {"line of totals": 1}, revenue="10.00"),
    ),
    Case(
        "workbook of two years",
        {
            "o.xlsx": workbook(
                sheets={
                    "2023": [("order_id", "customer_id", "date", "revenue"), ("1", "a", date(2023, 1, 15), 10)],
                    "2024": [("order_id", "customer_id", "date", "revenue"), ("2", "a", date(2024, 1, 15), 20)],
                }
            )
        },
        Accepted(2, revenue="30.00"),
    ),
    Case(
        "workbook, packed",
        {
            "o.xlsx.gz": gzip.compress(
                workbook(("order_id", "customer_id", "date", "revenue"), ("1", "a", date(2024, 1, 15), 10))
            )
        },
        Accepted(1),
    ),
    Case("workbook without rows", {"o.xlsx": workbook()}, Refused()),
    Case("stray cell, declared", {"o.xlsx": stray_cell(True)}, Refused("XFD1048576")),
    Case("stray cell, hidden", {"o.xlsx": stray_cell(False)}, Refused("XFD1048576")),
    Case("workbook that inflates", {"o.xlsx": inflated_book()}, Refused("decompression bomb")),
    Case("workbook cut off", {"o.xlsx": workbook(("order_id", "customer_id"), ("1", "a"))[:-200]}, Refused("damaged")),
    Case(
        "old workbook that is none", {"o.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600}, Refused("damaged")
    ),
    Case(
        "parquet",
        {"o.parquet": good_parquet()},
        Accepted(
            2,
            revenue="10.40",
            check={
                "SELECT order_id, customer_id, date FROM transactions ORDER BY 1": [
                    ("9007199254740993", "007", "2024-01-15 10:30:00"),
                    ("9007199254740995", None, "2024-01-16"),
                ]
            },
        ),
    ),
    Case(
        "parquet with lists whose name we know",
        {
            "o.parquet": parquet(
                order_id=["A1", "A2"],
                customer_id=[7, 8],
                date=["2024-01-15", "2024-01-16"],
                revenue=[Decimal("10.0001"), Decimal("0.3999")],
                items=[[{"sku": "a"}], None],
            )
        },
        Accepted(2, revenue="10.40", note="items hold lists or records and are left out"),
    ),
    Case(
        "workbook with a title",
        {
            "o.xlsx": workbook(
                ("Sales of 2024",),
                (),
                ("order_id", "customer_id", "date", "revenue"),
                ("1", "a", date(2024, 1, 15), 10),
            )
        },
        Accepted(1, revenue="10.00", note="begins on line 3"),
    ),
    Case(
        "workbook with sheets that hold no sales",
        {
            "o.xlsx": workbook(
                sheets={
                    "Notes": [("Made by Ann",)],
                    "Orders": [("order_id", "customer_id", "date", "revenue"), ("1", "a", date(2024, 1, 15), 10)],
                    "Rates": [("from", "to", "rate"), ("EUR", "USD", 1.1)],
                }
            )
        },
        Accepted(1, revenue="10.00", note="Rates: no column could be recognised"),
    ),
    Case("parquet cut off", {"o.parquet": good_parquet()[:-30]}, Refused("Parquet")),
    Case("parquet of noise", {"o.parquet": b"PAR1" + b"\x07" * 400 + b"PAR1"}, Refused("Parquet")),
    Case("parquet, packed", {"o.parquet.gz": gzip.compress(good_parquet())}, Accepted(2, revenue="10.40")),
    Case(
        "stray cell that would still fit into two gigabytes",
        {"o.xlsx": stray_cell(False, 4_000, "BZ")},
        Refused("memory"),
    ),
    Case("stray cell, far behind good ones", {"o.xlsx": stray_cell(False, rows=4_000)}, Refused("memory")),
    Case(
        "workbook with empty rows above and between",
        {
            "o.xlsx": workbook(
                (None, None),
                ("order_id", "customer_id", "date", "revenue"),
                ("1", "a", date(2024, 1, 15), 10),
                (None, None),
                ("2", "a", "never", 10),
            )
        },
        Accepted(1, {"date is no date": 1}, revenue="10.00", line=5),
    ),
]
