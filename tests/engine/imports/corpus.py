"""Small files, good and bad, each with the verdict it must get: built in code, so that every byte is visible."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

TODAY = date(2025, 6, 30)


@dataclass(frozen=True)
class Accepted:
    """Rows stored; rows set aside by a fragment of the reason; what the sales add up to."""

    rows: int
    aside: dict[str, int] = field(default_factory=dict)
    revenue: str | None = None
    kinds: dict[str, int] | None = None
    check: dict[str, list] | None = None
    known: int = 0
    note: str | None = None


@dataclass(frozen=True)
class Refused:
    """Fragments that the sentence must have."""

    fragments: tuple[str, ...]

    def __init__(self, *fragments: str) -> None:
        object.__setattr__(self, "fragments", fragments)


Content = bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """Files by name, the options given, and the verdict."""

    name: str
    files: dict[str, Content]
    verdict: Accepted | Refused
    options: dict = field(default_factory=dict)
    paths: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.name

    def build(self, folder: Path) -> list[Path]:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content)
        return [folder / name for name in (self.paths if self.paths is not None else self.files)]


HEAD = "order_id,customer_id,date,revenue"
GOOD = ("A1,007,2024-01-15,10.00", "A2,008,2024-02-20,20.50", "A3,007,2024-03-25,5.25")


def table(*lines: str, head: str = HEAD, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return (end.join((head, *lines)) + end).encode(encoding)


def money(*values: str, delimiter: str = ",", column: str = "revenue") -> bytes:
    """A good table whose money is written like this."""
    rows = [delimiter.join((f"A{i}", "C1", "2024-01-15", value)) for i, value in enumerate(values)]
    return table(*rows, head=delimiter.join(("order_id", "customer_id", "date", column)))


def days(*values: str) -> bytes:
    """A good table whose dates are written like this."""
    return table(*(f"A{i};C1;{value};1.50" for i, value in enumerate(values)), head="order_id;customer_id;date;revenue")


def workbook(*rows: tuple, sheets: dict[str, list[tuple]] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, content in (sheets or {"Orders": list(rows)}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def stray_cell(declared: bool) -> bytes:
    """One cell at the far end of the sheet: 17 billion cells for a reader that makes room for all."""
    sheet = workbook(("order_id", "customer_id", "date", "revenue"), ("A1", "C1", "2024-01-15", 10))
    source, target = zipfile.ZipFile(io.BytesIO(sheet)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item.filename)
            if item.filename == "xl/worksheets/sheet1.xml":
                extent = b"A1:XFD1048576" if declared else b"A1:D2"
                content = content.replace(b'ref="A1:D2"', b'ref="' + extent + b'"')
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            out.writestr(item, content)
    return target.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(name, content)
    return file.getvalue()


def inflated_book() -> bytes:
    """A sheet of 64 MB of blanks: a decompression bomb by ratio."""
    source, target = zipfile.ZipFile(io.BytesIO(workbook(("a", "b"), (1, 2)))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            extra = b" " * (64 << 20) if item.filename == "xl/worksheets/sheet1.xml" else b""
            out.writestr(item, source.read(item.filename) + extra)
    return target.getvalue()


def parquet(**columns) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def good_parquet() -> bytes:
    import pyarrow as pa

    return parquet(
        order_id=pa.array([9007199254740993, 9007199254740995]),
        customer_id=pa.array(["007", None]),
        date=pa.array([datetime(2024, 1, 15, 10, 30), datetime(2024, 1, 16)], pa.timestamp("us")),
        revenue=pa.array([10.1, 0.3]),
    )


SHOPIFY_HEAD = (
    "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Payment Method,Refunded Amount,Shipping Province,Shipping Country,Source"
)
SHOPIFY = table(
    "#1001,Ann@x.org,paid,EUR,27.00,5.00,0,32.00,3.00,2024-03-01 10:00:00 +0100,2,Mug,10.00,MUG,,PayPal,0.00,,DE,web",
    "#1001,,,,,,,,,2024-03-01 10:00:00 +0100,1,Card,10.00,CARD,,,,,,",
    "#1002,bob@x.org,partially_refunded,EUR,40.00,0,0,40.00,0,2024-03-02 11:00:00 +0100,1,Lamp,40.00,LAMP,,PayPal,15.00,CA,US,web",
    "#1003,bob@x.org,voided,EUR,40.00,0,0,40.00,0,2024-03-02 12:00:00 +0100,1,Lamp,40.00,LAMP,2024-03-02 13:00:00 +0100,PayPal,0,CA,US,web",
    "#1004,eve@x.org,paid,EUR,50.00,0,0,50.00,0,2024-03-03 12:00:00 +0100,1,Gift card 50,50.00,GC,,PayPal,0,CA,US,web",
    "#1005,eve@x.org,paid,EUR,9.00,0,0,9.00,0,2024-03-04 12:00:00 +0100,1,Pen,9.00,PEN,,bogus,0,CA,US,web",
    head=SHOPIFY_HEAD,
)

UCI_HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
UCI = table(
    '536365,85123A,"HOLDER, WHITE",6,12/13/2010 8:26,2.55,17850.0,United Kingdom',
    "536365,85123A,HOLDER,6,12/13/2010 8:26,2.55,17850.0,United Kingdom",
    "536366,POST,POSTAGE,1,12/13/2010 8:28,18,17850.0,France",
    "C536367,85123A,HOLDER,-2,12/13/2010 8:30,2.55,17850.0,United Kingdom",
    "536368,22222,found,10,12/13/2010 9:00,0,,United Kingdom",
    "536369,22222,lost,-10,12/13/2010 9:00,0,,United Kingdom",
    "536370,22728,CLOCK,1,12/14/2010 9:00,0.001,,NA",
    head=UCI_HEAD,
)

OLIST = {
    "shop/olist_orders_dataset.csv": table(
        "o1,c1,delivered,2018-01-01 10:00:00,2018-01-01 11:00:00,,2018-01-11 10:00:00,2018-01-21 00:00:00",
        "o2,c2,canceled,2018-01-02 10:00:00,,,,2018-01-22 00:00:00",
        "o3,c3,unavailable,2018-01-03 10:00:00,,,,2018-01-23 00:00:00",
        head="order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    ),
    "shop/again/olist_orders_resaved.csv": table(
        "o1,c1,delivered,1/1/2018 10:00,1/1/2018 11:00,,1/11/2018 10:00,1/21/2018 0:00",
        "o4,c4,delivered,1/5/2018 10:00,1/5/2018 11:00,,1/6/2018 22:00,1/25/2018 0:00",
        head="order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    ),
    "shop/olist_order_items_dataset.csv": table(
        "o1,1,p1,s1,2018-01-05,10.00,2.00",
        "o1,2,p1,s1,2018-01-05,10.00,2.00",
        "o2,1,p2,s1,2018-01-05,99.90,5.00",
        "o4,1,p2,s1,2018-01-05,7.05,1.00",
        "o9,1,p2,s1,2018-01-05,3.00,1.00",
        head="order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
    ),
    "shop/olist_order_payments_dataset.csv": table(
        "o1,1,voucher,1,4.00",
        "o1,2,credit_card,1,15.00",
        "o1,3,voucher,1,5.00",
        head="order_id,payment_sequential,payment_type,payment_installments,payment_value",
    ),
    "shop/olist_order_reviews_dataset.csv": table(
        'r1,o1,1,,"late\nand broken",2018-01-12 00:00:00,2018-01-13 10:00:00',
        "r2,o1,4,,,2018-01-14 00:00:00,2018-01-15 10:00:00",
        head="review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,"
        "review_answer_timestamp",
    ),
    "shop/olist_customers_dataset.csv": table(
        "c1,u1,01000,sao paulo,SP",
        "c2,u2,01000,rio,RJ",
        "c4,u1,01000,sao paulo,SP",
        head="customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
    ),
    "shop/olist_products_dataset.csv": table("p1,perfumaria", "p2,artes", head="product_id,product_category_name"),
    "shop/product_category_name_translation.csv": table(
        "perfumaria,perfumery", head="\ufeffproduct_category_name,product_category_name_english"
    ),
    "shop/daily_revenue.csv": table("2018-01-01,New,3,30.5", head="date,customer_type,orders,revenue"),
}

SEED_HEAD = (
    "transaction_id,customer_id,date,revenue,category,channel,payment_method,delivery_days,satisfaction_score,segment,"
    "region,age_group"
)
SEED_ROWS = (
    "T1,C1,2024-05-01,100.00,Toys,Web,Card,3,5,Premium,NA,25-34",
    "T2,C2,2024-05-02,50.50,Books,App,Card,,,Budget,North,35-44",
)
CUSTOMERS = table(
    "C1,Premium,NA,2023-01-01,25-34,2024-05-01,60,0",
    "C2,Budget,North,2023-02-01,35-44,2024-05-02,59,0",
    head="customer_id,segment,region,acquisition_date,age_group,last_purchase_date,days_since_purchase,is_churned",
)
SPEND = table("2024-05-01,Web,12.50", "2024-05-02,App,7", head="date,channel,spend")

FORMATS = [
    Case(
        "shopify",
        {"orders.csv": SHOPIFY},
        Accepted(
            6,
            revenue="67.00",
            kinds={"sale": 3, "cancelled": 1, "other": 2},
            check={
                "SELECT product, discount, revenue, shipping, refund, region, customer_id FROM transactions "
                "WHERE order_id = '#1001' ORDER BY product": [
                    ("CARD", 1.0, 9.0, None, None, "DE", "ann@x.org"),
                    ("MUG", 2.0, 18.0, 5.0, None, "DE", "ann@x.org"),
                ],
                "SELECT refund FROM transactions WHERE order_id = '#1002'": [(15.0,)],
            },
        ),
    ),
    Case(
        "online retail csv of floats",
        {"retail.csv": UCI},
        Accepted(
            7,
            revenue="30.601",
            kinds={"sale": 3, "refund": 1, "other": 3},
            check={
                "SELECT count(*), min(customer_id), max(date) FROM transactions WHERE order_id = '536365'": [
                    (2, "17850", "2010-12-13 08:26:00")
                ],
                "SELECT refund FROM transactions WHERE kind = 'refund'": [(5.1,)],
                "SELECT customer_id, region FROM transactions WHERE order_id = '536370'": [(None, "NA")],
            },
        ),
    ),
    Case(
        "olist folder",
        OLIST,
        Accepted(
            4,
            {"no file of orders": 1},
            revenue="27.05",
            kinds={"sale": 3, "cancelled": 1},
            check={
                "SELECT DISTINCT customer_id, category, payment_method, region, delivery_days, promised_days, "
                "satisfaction_score FROM transactions WHERE order_id = 'o1'": [
                    ("u1", "perfumery", "credit_card", "SP", 10.0, 19.5833, 4.0)
                ],
                "SELECT customer_id, category, date, delivery_days FROM transactions WHERE order_id = 'o4'": [
                    ("u1", "artes", "2018-01-05 10:00:00", 1.5)
                ],
            },
            note="1 orders are in two files",
        ),
        paths=("shop",),
    ),
    Case(
        "olist without items",
        {k: v for k, v in OLIST.items() if "items" not in k},
        Refused("file of items is missing"),
        paths=("shop",),
    ),
    Case(
        "cdnow with header",
        {
            "master.txt": b" customer_id  date number_of_cds  dollar_value\n 00001 19970101  1   11.77\n 00002 19970112  1    0.00\n"
        },
        Accepted(
            2,
            revenue="11.77",
            kinds={"sale": 2},
            check={"SELECT customer_id FROM transactions ORDER BY 1": [("00001",), ("00002",)]},
        ),
    ),
    Case(
        "cdnow without header",
        {
            "sample.txt": b" 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n"
        },
        Accepted(3, revenue="122.40", check={"SELECT max(customer_id) FROM transactions": [("00021",)]}),
    ),
    Case(
        "seed transactions",
        {"transactions.csv": table(*SEED_ROWS, head=SEED_HEAD)},
        Accepted(2, revenue="150.50", check={"SELECT region FROM transactions WHERE transaction_id = 'T1'": [("NA",)]}),
    ),
    Case(
        "seed folder of three tables",
        {"s/transactions.csv": table(*SEED_ROWS, head=SEED_HEAD), "s/customers.csv": CUSTOMERS, "s/spend.csv": SPEND},
        Accepted(6, revenue="150.50", note="is_churned not taken"),
        paths=("s",),
    ),
    Case("seed customers alone", {"customers.csv": CUSTOMERS}, Accepted(2)),
    Case(
        "satisfaction 0 and 6",
        {
            "t.csv": table(
                SEED_ROWS[0],
                SEED_ROWS[0].replace("T1", "T3").replace(",5,", ",0,"),
                SEED_ROWS[0].replace("T1", "T4").replace(",5,", ",6,"),
                head=SEED_HEAD,
            )
        },
        Accepted(1, {"satisfaction_score is below 1": 1, "satisfaction_score is above 5": 1}, revenue="100.00"),
    ),
    Case(
        "duplicate id with the same content",
        {"t.csv": table(SEED_ROWS[0], SEED_ROWS[0], head=SEED_HEAD)},
        Accepted(1, known=1, revenue="100.00"),
    ),
    Case(
        "duplicate id with other content",
        {"t.csv": table(SEED_ROWS[0], SEED_ROWS[0].replace("100.00", "70.00"), head=SEED_HEAD)},
        Accepted(1, {"other content": 1}, revenue="100.00"),
    ),
    Case(
        "generic with shipping dates and status",
        {
            "g.csv": table(
                "1,ann,2024-01-01,2,10.00,paid",
                "2,bob,2024-01-02,1,5.00,cancelled",
                "3,bob,2024-01-03,1,7.00,refunded",
                head="Order Number,Customer,Order Date,Qty,Price,Order Status",
            )
        },
        Accepted(
            3,
            revenue="27.00",
            kinds={"sale": 2, "cancelled": 1},
            check={"SELECT refund FROM transactions WHERE order_id = '3'": [(7.0,)]},
        ),
    ),
    Case(
        "twins of an order stay",
        {"g.csv": table("1,ann,2024-01-01,2.00", "1,ann,2024-01-01,2.00", "1,ann,2024-01-01,2.00")},
        Accepted(3, revenue="6.00"),
    ),
    Case(
        "two files of one kind",
        {"a.csv": table(GOOD[0], GOOD[1]), "b.csv": table(GOOD[1], GOOD[2])},
        Accepted(3, known=1, revenue="35.75"),
    ),
    Case(
        "quantity times price with three decimals",
        {
            "g.csv": table(
                "1,ann,2024-01-01,1000,0.001",
                "2,ann,2024-01-02,3,0.125",
                head="order_id,customer_id,date,quantity,unit_price",
            )
        },
        Accepted(2, revenue="1.375"),
    ),
    Case(
        "quantity by weight",
        {
            "g.csv": table(
                "1,ann,2024-01-01,0.355,2.99",
                "2,ann,2024-01-01,1.5,2.00",
                head="order_id,customer_id,date,quantity,unit_price",
            )
        },
        Accepted(2, revenue="4.0614", note="rounding to four changed their sum by -0.00005"),
    ),
    Case(
        "discount by line",
        {
            "g.csv": table(
                "1,ann,2024-01-01,2,10.00,3.00",
                "2,ann,2024-01-01,1,10.00,",
                "3,ann,2024-01-01,1,10.00,11",
                head="order_id,customer_id,date,quantity,unit_price,discount",
            )
        },
        Accepted(2, {"discount exceeds": 1}, revenue="27.00"),
    ),
    Case(
        "negative revenue is a refund",
        {"g.csv": table(*GOOD, "A4,007,2024-03-26,-5.25")},
        Accepted(
            4,
            revenue="35.75",
            kinds={"sale": 3, "refund": 1},
            check={"SELECT refund, revenue FROM transactions WHERE order_id = 'A4'": [(5.25, None)]},
        ),
    ),
    Case(
        "free lines are no sales",
        {"g.csv": table(*GOOD, "A4,007,2024-03-26,0.00")},
        Accepted(4, revenue="35.75", kinds={"sale": 3, "other": 1}),
    ),
]

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
        Case("one column", {"g.csv": b"revenue\n1.00\n2.00\n"}, Refused("date")),
        Case(
            "3,000 columns",
            {"g.csv": ",".join(f"c{i}" for i in range(3000)).encode() + b"\n"},
            Refused("3,000 columns"),
        ),
    ]
)

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
    Case("two currency signs", {"g.csv": money("£5.00", "€6.00")}, Refused("EUR and GBP")),
    Case("currency against the file", {"g.csv": money("£5.00", "£6.00")}, Refused("GBP, not USD"), {"currency": "USD"}),
    Case("currency of two letters", {"g.csv": table(*GOOD)}, Refused("three letters"), {"currency": "EU"}),
]

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
        Accepted(1, {"revenue is above 1e+08": 1}, revenue="5.00"),
    ),
    Case(
        "more decimals than are kept",
        {"g.csv": money("5.00", "0.123456")},
        Accepted(2, revenue="5.1235", note="+0.000044"),
    ),
    Case("decimal sign of three letters", {"g.csv": table(*GOOD)}, Refused("decimal sign"), {"decimal": "dot"}),
]

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
        ("named", ("5 Jan 2024", "March 7, 2024"), ("2024-01-05", "2024-03-07")),
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

FILES = [
    Case("missing file", {}, Refused("There is no file", "ordes.csv"), paths=("ordes.csv",)),
    Case(
        "missing file with a near one",
        {"orders.csv": table(*GOOD)},
        Refused("Did you mean 'orders.csv'?"),
        paths=("ordes.csv",),
    ),
    Case("empty folder", {"shop": folder}, Refused("no table to import"), paths=("shop",)),
    Case(
        "folder of other things",
        {"shop/readme.md": b"# hello", "shop/logo.png": b"\x89PNG"},
        Refused("no table to import"),
        paths=("shop",),
    ),
    Case(
        "folder with a bad file beside good ones",
        {"shop/a.csv": table(*GOOD), "shop/b.csv": b"%PDF-1.4", "shop/c.csv": b""},
        Accepted(3, note="Passed over: b.csv is a PDF"),
        paths=("shop",),
    ),
    Case(
        "folder with sub-folders",
        {"shop/2023/a.csv": table(*GOOD[:2]), "shop/2024/a.csv": table(GOOD[2])},
        Accepted(3, revenue="35.75"),
        paths=("shop",),
    ),
    Case("PDF renamed", {"orders.csv": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"}, Refused("a PDF document")),
    Case(
        "web page renamed", {"orders.csv": b"<!DOCTYPE html><html><body>Sign in</body></html>"}, Refused("a web page")
    ),
    Case("JSON", {"orders.csv": b'{"orders": []}'}, Refused("JSON")),
    Case("database", {"orders.csv": b"SQLite format 3\x00" + b"\x00" * 100}, Refused("SQLite database")),
    Case("picture", {"orders.csv": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100}, Refused("a picture")),
    Case("zip of CSV", {"orders.zip": zipped("orders.csv", table(*GOOD))}, Refused("zip archive", "Unpack")),
    Case("symlink to itself", {"a.csv": link_to("a.csv")}, Refused("leads back to itself")),
    Case(
        "symlink to a good file",
        {"real.csv": table(*GOOD), "a.csv": link_to("real.csv")},
        Accepted(3),
        paths=("a.csv",),
    ),
    Case(
        "folder that holds a link to itself",
        {"shop/a.csv": table(*GOOD), "shop/loop": link_to(".")},
        Accepted(3),
        paths=("shop",),
    ),
    Case("the same file twice", {"a.csv": table(*GOOD)}, Accepted(3, note="read once"), paths=("a.csv", "a.csv")),
    Case("a pipe", {"a.csv": fifo}, Refused("pipe")),
    Case("two kinds of export", {"a.csv": table(*GOOD), "retail.csv": UCI}, Refused("Import it on its own")),
    Case("random bytes", {"a.csv": bytes(range(1, 256)) * 20}, Refused()),
]

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
    Case("parquet cut off", {"o.parquet": good_parquet()[:-30]}, Refused("Parquet")),
    Case("parquet of noise", {"o.parquet": b"PAR1" + b"\x07" * 400 + b"PAR1"}, Refused("Parquet")),
    Case("parquet, packed", {"o.parquet.gz": gzip.compress(good_parquet())}, Accepted(2, revenue="10.40")),
]

CASES = [*FORMATS, *ENCODINGS, *SHAPES, *COLUMNS, *NUMBERS, *DATES, *FILES, *BOOKS]
