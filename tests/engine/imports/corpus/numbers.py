"""How figures are written."""

from __future__ import annotations

from tests.engine.imports.corpus._case import GOOD, Accepted, Case, Refused, money, table

NUMBERS = [
    Case(f"money {name}", {"g.csv": money(*values, delimiter=";")}, Accepted(len(values), revenue=revenue))
    for name, values, revenue in (
        ("en", ("1,234.56", "0.44"), "1235.00"),
        ("de", ("1.234,56", "0,44"), "1235.00"),
        ("fr", ("1 234,56", "1\u00a0000,44"), "2235.00"),
        ("fr narrow", ("1\u202f234,56",), "1234.56"),
        ("in", ("1,23,456.50", "10.00"), "123466.50"),
        ("ch", ("1'234.50", "1’000.50"), "2235.00"),
        ("signs", ("£5.00", "£1,000.10"), "1005.10"),
        ("codes", ("EUR 5,00", "5,50 EUR"), "10.50"),
        ("dollars", ("$5.00", "US$6.00"), "11.00"),
        ("whole", ("5", "1000"), "1005.00"),
        ("plus", ("+5.00",), "5.00"),
        ("one dot proves the rest", ("1,234", "0.50"), "1234.50"),
        ("one comma proves the rest", ("1.234", "0,50"), "1234.50"),
    )
] + [
    Case(
        "money with accounting negatives",
        {"g.csv": money("(12.00)", "20.00", "3.00-", delimiter=";")},
        Accepted(3, revenue="20.00", kinds={"sale": 1, "refund": 2}),
    ),
    Case("money that could be either", {"g.csv": money("1.234", "5.678")}, Refused("'1.234'", "--decimal")),
    Case(
        "money that could be either, said",
        {"g.csv": money("1.234", "5.678")},
        Accepted(2, revenue="6.912"),
        {"decimal": "."},
    ),
    Case(
        "money that could be either, said otherwise",
        {"g.csv": money("1.234", "5.678")},
        Accepted(2, revenue="6912.00"),
        {"decimal": ","},
    ),
    Case(
        "money both ways",
        {"g.csv": money("1.234,56", "1,234.56", delimiter=";")},
        Refused("both with '.' and with ','"),
    ),
    Case(
        "one comma among dots",
        {"g.csv": money(*["1.25"] * 30, "1,5", delimiter=";")},
        Accepted(30, {"revenue is no number": 1}),
    ),
    Case(
        "NaN, inf, 1e308 and words",
        {"g.csv": money("5.00", "NaN", "inf", "1e308", "1e308", "free", "#REF!", "")},
        Accepted(1, {"revenue is empty": 2, "revenue is no number": 5}, revenue="5.00"),
    ),
    Case(
        "too much money",
        {"g.csv": money("5.00", "250000000.00")},
        Accepted(1, {"revenue is above 100,000,000": 1}, revenue="5.00"),
    ),
    Case(
        "more decimals than are kept",
        {"g.csv": money("5.00", "0.123456")},
        Accepted(2, revenue="5.1235", note="+0.000044"),
    ),
    Case("decimal sign of three letters", {"g.csv": table(*GOOD)}, Refused("decimal sign"), {"decimal": "dot"}),
]
