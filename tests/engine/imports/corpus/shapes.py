"""How lines become cells."""

from __future__ import annotations

import gzip

from tests.engine.imports.corpus._case import GOOD, HEAD, Accepted, Case, Refused, table

SHAPES = (
    [
        Case(
            f"delimiter {name}",
            {"g.csv": table(*(g.replace(",", sign) for g in GOOD), head=HEAD.replace(",", sign))},
            Accepted(3, revenue="35.75"),
        )
        for name, sign in (("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("comma", ","))
    ]
    + [
        Case(f"line ends {name}", {"g.csv": table(*GOOD, end=end)}, Accepted(3, revenue="35.75"))
        for name, end in (("CRLF", "\r\n"), ("CR", "\r"), ("blank lines between", "\n\n"))
    ]
    + [
        Case("no line break at the end", {"g.csv": table(*GOOD)[:-1]}, Accepted(3, revenue="35.75")),
        Case("gzip", {"g.csv.gz": gzip.compress(table(*GOOD))}, Accepted(3, revenue="35.75")),
        Case("gzip under another name", {"g.csv": gzip.compress(table(*GOOD))}, Accepted(3, revenue="35.75")),
        Case("gzip cut off", {"g.csv.gz": gzip.compress(table(*GOOD))[:-12]}, Refused("cut off")),
        Case("gzip damaged", {"g.csv.gz": gzip.compress(table(*GOOD))[:-8] + b"12345678"}, Refused("damaged")),
        Case("gzip in gzip", {"g.csv.gz": gzip.compress(gzip.compress(table(*GOOD)))}, Refused("gzip inside gzip")),
        Case(
            "gzip bomb", {"g.csv.gz": gzip.compress(table(*GOOD) + b"0" * (80 << 20), 9)}, Refused("decompression bomb")
        ),
        Case(
            "truncated last line",
            {"g.csv": table(*GOOD) + b"A4,007,20"},
            Accepted(3, {"3 cells where the header has 4": 1}, revenue="35.75"),
        ),
        Case(
            "one cell too many",
            {"g.csv": table(*GOOD, "A4,007,2024-01-01,5,99")},
            Accepted(3, {"5 cells where the header has 4": 1}, revenue="35.75"),
        ),
        Case(
            "every row has one cell too many",
            {"g.csv": table(*(f"x,{g}" for g in GOOD))},
            Refused("5 cells where the header has 4"),
        ),
        Case(
            "shifted row",
            {"g.csv": table(*GOOD, ",A4,007,2024-01-01")},
            Accepted(3, {"order_id is empty": 1}, revenue="35.75"),
        ),
        Case(
            "totals row", {"g.csv": table(*GOOD, "Total,,,35.75")}, Accepted(3, {"line of totals": 1}, revenue="35.75")
        ),
        Case(
            "grand total in the date column",
            {"g.csv": table(*GOOD, ",,Grand Total,35.75")},
            Accepted(3, {"line of totals": 1}, revenue="35.75"),
        ),
        Case(
            "rows of empty cells",
            {"g.csv": table(*GOOD, ",,,", ",,,")},
            Accepted(3, {"every cell is empty": 2}, revenue="35.75"),
        ),
        Case(
            "quoted line breaks",
            {
                "g.csv": table(
                    'A1,007,2024-01-15,10.00,"two\nlines"', 'A2,007,2024-01-16,x,"and\r\nmore"', head=HEAD + ",note"
                )
            },
            Accepted(1, {"revenue is no number": 1}, revenue="10.00"),
        ),
        Case(
            "doubled quotes",
            {"g.csv": table('A1,"the ""best"" one",2024-01-15,10.00')},
            Accepted(1, check={"SELECT customer_id FROM transactions": [('the "best" one',)]}),
        ),
        Case(
            "inch signs",
            {
                "g.csv": table(
                    'A1\t12" ruler\t2024-01-15\t10.00', "A2\tx\t2024-01-15\t1.00", head=HEAD.replace(",", "\t")
                )
            },
            Accepted(2, check={"SELECT max(revenue) FROM transactions WHERE customer_id = '12\" ruler'": [(10.0,)]}),
        ),
        Case(
            "quote never closed",
            {"g.csv": table(GOOD[0], 'A2,"008,2024-02-20,20.50', GOOD[2])},
            Refused("line 3", "quote"),
        ),
        Case(
            "row shifted to the right",
            {"g.csv": table(*GOOD, "x,A4,007,2024-01-01")},
            Accepted(3, {"date is no date": 1}, revenue="35.75"),
        ),
        Case(
            "text behind a closing quote",
            {"g.csv": table(*GOOD, 'A4,"x"y,2024-01-01,2.00')},
            Accepted(3, {"quotes do not match": 1}, revenue="35.75"),
        ),
        Case(
            "quotes that do not match",
            {"g.csv": table(*GOOD, 'A4,"x"y,"2024-01-01,2.00', 'A5,q,2024-01-01,"2.00"')},
            Accepted(4, {"quotes do not match": 1}),
        ),
        Case(
            "a cell of a megabyte",
            {"g.csv": table(*GOOD, f"A4,{'x' * (1 << 20)},2024-01-15,1.00")},
            Accepted(3, {"customer_id has more than 2,000 characters": 1}, revenue="35.75"),
        ),
        Case(
            "a column of no use with a megabyte cell",
            {"g.csv": table(*(f"{g},{'x' * (1 << 20)}" for g in GOOD), head=HEAD + ",note")},
            Accepted(3, revenue="35.75"),
        ),
        Case("a line without end", {"g.csv": table(*GOOD) + b"x" * (9 << 20)}, Refused("line of more than")),
        Case("header only", {"g.csv": table()}, Refused("no rows")),
        Case("header and blank lines", {"g.csv": table("", "  ", "")}, Refused("no rows")),
        Case("empty file", {"g.csv": b""}, Refused("empty (0 bytes)")),
        Case("blanks only", {"g.csv": b"\n \n\t\n"}, Refused("empty")),
        Case("no header", {"g.csv": "\n".join(GOOD).encode()}, Refused("has no header", "--map")),
        Case(
            "no header, columns named",
            {"g.csv": "\n".join(GOOD).encode()},
            Accepted(3, revenue="35.75"),
            {"mapping": {"order_id": "column_1", "customer_id": "column_2", "date": "column_3", "revenue": "column_4"}},
        ),
        Case(
            "title above the header",
            {"g.csv": b"Sales of 2024,,,\nmade 2025-01-01,,,\n\n" + table(*GOOD)},
            Accepted(3, revenue="35.75", note="the table begins on line 4"),
        ),
        Case(
            "title in one cell, header with a line break",
            {"g.csv": b"Sales of 2024\n" + table(*GOOD, "A4,7,x,2", head='"order\nid",customer_id,date,revenue')},
            Accepted(3, {"date is no date": 1}, revenue="35.75", line=7),
        ),
        Case(
            "Excel's own line for the delimiter",
            {"g.csv": b"sep=;\r\n" + table(*GOOD, end="\r\n").replace(b",", b";")},
            Accepted(3, revenue="35.75"),
        ),
        Case(
            "every line ends in a delimiter, but not the header",
            {"g.csv": table(*(f"{g}," for g in GOOD))},
            Accepted(3, revenue="35.75"),
        ),
        Case("nothing but the line for the delimiter", {"g.csv": b"sep=;\n"}, Refused("no rows")),
        Case("one column", {"g.csv": b"revenue\n1.00\n2.00\n"}, Refused("date")),
        Case(
            "3,000 columns",
            {"g.csv": ",".join(f"c{i}" for i in range(3000)).encode() + b"\n"},
            Refused("3,000 columns"),
        ),
    ]
)
