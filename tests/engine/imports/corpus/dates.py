"""How days are written."""

from __future__ import annotations

from tests.engine.imports.corpus._case import Accepted, Case, Refused, days, table

DATES = [
    Case(
        f"dates {name}",
        {"g.csv": days(*values)},
        Accepted(len(values), check={"SELECT date FROM transactions ORDER BY order_id": [(d,) for d in stored]}),
    )
    for name, values, stored in (
        ("day first", ("25/12/2024", "03/04/2024"), ("2024-12-25", "2024-04-03")),
        ("month first", ("12/25/2024", "03/04/2024"), ("2024-12-25", "2024-03-04")),
        ("with dots", ("03.04.2024", "05.06.2024"), ("2024-04-03", "2024-06-05")),
        ("named", ("5 Jan 2024", "March 7, 2024", "Jan-09-24"), ("2024-01-05", "2024-03-07", "2024-01-09")),
        ("named in German", ("5. März 2024", "7. Dez. 2024"), ("2024-03-05", "2024-12-07")),
        ("packed", ("20240105", "20241231"), ("2024-01-05", "2024-12-31")),
        ("of two-digit years", ("12/25/24 8:26", "1/2/24 18:05"), ("2024-12-25 08:26:00", "2024-01-02 18:05:00")),
        (
            "with halves of the day",
            ("12/25/2024 12:30 AM", "01/02/2024 1:05 pm"),
            ("2024-12-25 00:30:00", "2024-01-02 13:05:00"),
        ),
        (
            "ISO with zone",
            ("2024-03-31T02:30:00+01:00", "2024-01-05T10:00:00Z"),
            ("2024-03-31 02:30:00", "2024-01-05 10:00:00"),
        ),
        ("always midnight", ("2024-03-31 00:00:00", "2024-01-05 00:00:00"), ("2024-03-31", "2024-01-05")),
        (
            "sometimes midnight",
            ("2024-03-31 00:00:00", "2024-01-05 10:00:00"),
            ("2024-03-31", "2024-01-05 10:00:00"),
        ),
    )
] + [
    Case(
        "dates that could be either",
        {"g.csv": days("03/04/2024", "05/06/2024")},
        Refused("'03/04/2024'", "--day-first", "--month-first"),
    ),
    Case(
        "dates that could be either, said",
        {"g.csv": days("03/04/2024")},
        Accepted(1, check={"SELECT date FROM transactions": [("2024-04-03",)]}),
        {"day_first": True},
    ),
    Case(
        "dates that could be either, said otherwise",
        {"g.csv": days("03/04/2024")},
        Accepted(1, check={"SELECT date FROM transactions": [("2024-03-04",)]}),
        {"day_first": False},
    ),
    Case("dates both ways", {"g.csv": days("25/12/2024", "12/25/2024")}, Refused("mixes dates")),
    Case(
        "a day that is none",
        {"g.csv": days("2025-02-30", "2024-02-29", "2023-02-29")},
        Accepted(1, {"date is no date": 2}),
    ),
    Case(
        "dates in the future",
        {"g.csv": days("2024-01-01", "2025-07-01", "2025-07-02", "2999-01-01")},
        Accepted(2, {"date lies in the future": 2}),
    ),
    Case(
        "dates of 1899",
        {"g.csv": days("2024-01-01", "1899-12-30", "1900-01-00", "1970-01-01")},
        Accepted(1, {"date lies before 1990": 2, "date is no date": 1}),
    ),
    Case(
        "spreadsheet day numbers",
        {"g.csv": table("A1;C1;45292;1.50", head="order_id;customer_id;date;revenue")},
        Refused("date"),
    ),
    Case("empty dates", {"g.csv": days("2024-01-01", "", "NaT")}, Accepted(1, {"date is empty": 2})),
]
