"""How bytes become text."""

from __future__ import annotations

from tests.engine.imports.corpus._case import GOOD, Accepted, Case, Refused, table

ENCODINGS = [
    Case(
        f"encoding {name}",
        {"g.csv": table("A1,Müller,2024-01-15,10.00", "A2,Éric,2024-02-15,1.00", encoding=encoding)},
        Accepted(
            2,
            revenue="11.00",
            check={"SELECT customer_id FROM transactions ORDER BY order_id": [("Müller",), ("Éric",)]},
        ),
    )
    for name, encoding in (
        ("utf-8", "utf-8"),
        ("utf-8 with BOM", "utf-8-sig"),
        ("utf-16 with BOM", "utf-16"),
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("utf-16-le without BOM", "utf-16-le"),
        ("utf-32", "utf-32"),
    )
] + [
    Case(
        "cp1252 with euro signs",
        {
            "g.csv": table(
                "A1;Zoë;2024-01-15;€ 10,00",
                "A2;Zoë;2024-02-15;€ 1,50",
                head="order_id;customer_id;date;revenue",
                encoding="cp1252",
            )
        },
        Accepted(2, revenue="11.50", note="cp1252"),
    ),
    Case("NUL bytes", {"g.csv": table(*GOOD) + b"A9,\x00,2024-01-01,3\n"}, Refused("line 5", "NUL")),
    Case(
        "ends inside a character", {"g.csv": table(*GOOD) + "A9,Mü".encode()[:-1]}, Refused("ends inside a character")
    ),
    Case("utf-16 cut off", {"g.csv": table(*GOOD, encoding="utf-16")[:-1]}, Refused("cut off")),
]
