"""Which column is which."""

from __future__ import annotations

from tests.engine.imports.corpus._case import GOOD, HEAD, Accepted, Case, Refused, money, table

COLUMNS = [
    Case(
        "missing date",
        {"g.csv": table("A1,C1,5.00", head="order_id,customer_id,revenue")},
        Refused("date", "--map date="),
    ),
    Case(
        "missing customer",
        {"g.csv": table("A1,2024-01-01,5.00", head="order_id,date,revenue")},
        Refused("customer_id", "--map customer_id="),
    ),
    Case(
        "no customers, as said",
        {"g.csv": table("A1,2024-01-01,5.00", head="order_id,date,revenue")},
        Accepted(1, revenue="5.00"),
        {"mapping": {"customer_id": ""}},
    ),
    Case(
        "missing money",
        {"g.csv": table("A1,C1,2024-01-01", head="order_id,customer_id,date")},
        Refused("revenue (or quantity and unit_price)"),
    ),
    Case(
        "renamed columns",
        {"g.csv": table(*GOOD, head="Bestellnummer,Kundennummer,Bestelldatum,Umsatz")},
        Accepted(3, revenue="35.75"),
    ),
    Case(
        "headings with units",
        {"g.csv": table(*GOOD, head="Order ID,Customer ID,Order Date,Revenue (EUR)")},
        Accepted(3, revenue="35.75"),
    ),
    Case(
        "headings with accents",
        {
            "g.csv": table(
                "1;03/01/2024;C1;Thé;2;10,50;0,00",
                "2;25/01/2024;C2;Pão;1;9,90;0,90",
                head="Commande;Date;Client;Désignation;Quantité;Prix unitaire;Remise",
            )
        },
        Accepted(2, revenue="30.00"),
    ),
    Case(
        "discounts in percent",
        {"g.csv": table("A1,C1,2024-01-15,2,10.00,10%", head="order_id,customer_id,date,quantity,unit_price,discount")},
        Refused("Is 'discount' ('10%') a share of the price?", "--map revenue=COLUMN"),
    ),
    Case(
        "discounts as shares beside the money",
        {"g.csv": table("A1,C1,2024-01-15,9.00,0.1", "A2,C1,2024-01-16,8.00,0.2", head=HEAD + ",discount")},
        Accepted(2, revenue="17.00", note="holds shares", check={"SELECT count(discount) FROM transactions": [(0,)]}),
    ),
    Case(
        "discounts of either sign",
        {
            "g.csv": table(
                "A1,C1,2024-01-15,2,10.00,-5.00",
                "A2,C1,2024-01-16,-1,10.00,-2.50",
                "A3,C1,2024-01-16,-1,10.00,2.50",
                "A4,C1,2024-01-16,1,10.00,12.00",
                head="order_id,customer_id,date,quantity,unit_price,discount",
            )
        },
        Accepted(
            3,
            {"discount exceeds the line": 1},
            revenue="15.00",
            check={
                "SELECT sum(refund) FROM transactions": [(15.0,)],
                "SELECT discount FROM transactions WHERE kind = 'sale'": [(5.0,)],
            },
        ),
    ),
    Case(
        "line money before the discount",
        {
            "g.csv": table(
                "A1,C1,2024-01-15,2,10.00,5.00,20.00",
                "A2,C1,2024-01-16,1,7.00,0.00,7.00",
                head="order_id,customer_id,date,quantity,price,discount_amount,item_total",
            )
        },
        Accepted(2, revenue="22.00", note="'item_total' is the money before the discount"),
    ),
    Case(
        "line money after the discount",
        {
            "g.csv": table(
                "A1,C1,2024-01-15,2,10.00,5.00,15.00",
                "A2,C1,2024-01-16,1,7.00,0.00,7.00",
                head="order_id,customer_id,date,quantity,price,discount_amount,item_total",
            )
        },
        Accepted(2, revenue="22.00"),
    ),
    Case("euros and dollars", {"g.csv": money("€5.00", "$5.00")}, Refused("money in $ and €")),
    Case(
        "a dollar far below the euros",
        {"g.csv": money(*["€5.00"] * 50_001, "$7.00", "5.00")},
        Accepted(50_002, {"its currency is not EUR": 1}, revenue="250010.00"),
    ),
    Case(
        "dollars of one kind",
        {"g.csv": money("$5.00", "CAD 5.00")},
        Accepted(2, revenue="10.00", check={"SELECT DISTINCT currency FROM transactions": [("CAD",)]}),
    ),
    Case(
        "foot of the table under the products",
        {"g.csv": table("C1,2024-01-15,5.00,Total", ",2024-01-31,5.00,Total", head="customer_id,date,revenue,product")},
        Accepted(1, {"a line of totals": 1}, revenue="5.00"),
    ),
    Case(
        "refunded orders that have refund lines too",
        {
            "g.csv": table(
                "1,a,2024-01-15,5.00,completed",
                "2,b,2024-01-16,7.00,refunded",
                "3,b,2024-01-17,-7.00,refunded",
                head=HEAD + ",status",
            )
        },
        Accepted(
            3, revenue="12.00", note="lines of their own", check={"SELECT sum(refund) FROM transactions": [(7.0,)]}
        ),
    ),
    Case(
        "extra columns",
        {"g.csv": table(*(f"{g},x,1" for g in GOOD), head=HEAD + ",colour,weight")},
        Accepted(3, revenue="35.75"),
    ),
    Case(
        "doubled heading",
        {"g.csv": table("A1,C1,2024-01-01,5.00,6.00", head=HEAD + ",revenue")},
        Refused("Is revenue the column 'revenue' or 'revenue (2)'?", "--map"),
    ),
    Case(
        "doubled heading settled",
        {"g.csv": table("A1,C1,2024-01-01,5.00,6.00", head=HEAD + ",revenue")},
        Accepted(1, revenue="6.00"),
        {"mapping": {"revenue": "revenue (2)"}},
    ),
    Case(
        "two candidates for the money",
        {"g.csv": table("A1,C1,2024-01-01,5.00,6.00", head="order_id,customer_id,date,net_sales,line_total")},
        Refused("Is revenue the column 'net_sales' or 'line_total'?", "--map revenue="),
    ),
    Case(
        "two candidates settled",
        {"g.csv": table("A1,C1,2024-01-01,5.00,6.00", head="order_id,customer_id,date,net_sales,line_total")},
        Accepted(1, revenue="6.00"),
        {"mapping": {"revenue": "line_total"}},
    ),
    Case(
        "map to a column that is not there",
        {"g.csv": table(*GOOD)},
        Refused("no column 'revenu'", "Did you mean 'revenue'?"),
        {"mapping": {"revenue": "revenu"}},
    ),
    Case(
        "map a column we do not have",
        {"g.csv": table(*GOOD)},
        Refused("No column of transactions named 'revenues'"),
        {"mapping": {"revenues": "revenue"}},
    ),
    Case(
        "transaction id that is an order id",
        {
            "g.csv": table(
                *(f"B{i // 4},C1,2024-01-01,{i}.50" for i in range(40)), head="Transaction ID,Customer,Date,Amount"
            )
        },
        Refused("Transaction ID 'B0' is on lines 2 and 3", "--map order_id="),
    ),
    Case(
        "ids keep zeros and digits",
        {"g.csv": table("000123,9007199254740993,2024-01-01,5.00")},
        Accepted(1, check={"SELECT order_id, customer_id FROM transactions": [("000123", "9007199254740993")]}),
    ),
    Case(
        "NA is a region",
        {
            "g.csv": table(
                *(f"{g},{r}" for g, r in zip(GOOD, ("NA", "None", "null"), strict=True)), head=HEAD + ",region"
            )
        },
        Accepted(3, check={"SELECT region FROM transactions ORDER BY order_id": [("NA",), ("None",), ("null",)]}),
    ),
    Case(
        "nan is no customer",
        {"g.csv": table("A1,nan,2024-01-01,5.00", "A2,,2024-01-01,5.00")},
        Accepted(2, check={"SELECT customer_id FROM transactions": [(None,), (None,)]}),
    ),
    Case(
        "two currencies",
        {
            "g.csv": table(
                "A1,C1,2024-01-01,5.00,EUR",
                "A2,C1,2024-01-01,5.00,EUR",
                "A3,C1,2024-01-01,7.00,USD",
                head=HEAD + ",currency",
            )
        },
        Accepted(2, {"currency is not EUR": 1}, revenue="10.00"),
    ),
    Case("two currency signs", {"g.csv": money("£5.00", "€6.00")}, Refused("£ and €")),
    Case("currency against the file", {"g.csv": money("£5.00", "£6.00")}, Refused("GBP, not USD"), {"currency": "USD"}),
    Case("currency of two letters", {"g.csv": table(*GOOD)}, Refused("three letters"), {"currency": "EU"}),
    Case(
        "the order's total on each of its lines",
        {
            "g.csv": table(
                *(f"O{i // 2},C1,2024-01-0{i // 2 + 1},{i // 2 + 5}.00" for i in range(8)),
                head="order_id,customer_id,date,order_total",
            )
        },
        Refused("order_total is the same on all lines of an order", "--map revenue=order_total"),
    ),
    Case(
        "a total beside quantity and price",
        {
            "g.csv": table(
                "1,ann,2024-01-01,2,10.00,25.00",
                "1,ann,2024-01-01,1,5.00,25.00",
                head="order_id,customer_id,date,quantity,price,total",
            )
        },
        Accepted(2, revenue="25.00", note="'total' is not taken"),
    ),
    Case(
        "two candidates for the region",
        {"g.csv": table(*(f"{g},BY,DE" for g in GOOD), head=HEAD + ",state,country")},
        Accepted(3, revenue="35.75", note="Is region the column 'state' or 'country'?"),
    ),
]
