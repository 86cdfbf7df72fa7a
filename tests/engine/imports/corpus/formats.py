"""The exports of shops that are known by name, and rules of lines."""

from __future__ import annotations

from tests.engine.imports.corpus._case import GOOD, Accepted, Case, Refused, table

SHOPIFY_HEAD = (
    "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Payment Method,Refunded Amount,"
    "Shipping Province,Shipping Country,Source"
)
SHOPIFY = table(
    "#1001,Ann@x.org,paid,EUR,27.00,5.00,0,32.00,3.00,2024-03-01 10:00:00 +0100,2,Mug,10.00,MUG,,PayPal,0.00,,DE,web",
    "#1001,,,,,,,,,2024-03-01 10:00:00 +0100,1,Card,10.00,CARD,,,,,,",
    "#1002,bob@x.org,partially_refunded,EUR,40.00,0,0,40.00,0,2024-03-02 11:00:00 +0100,"
    "1,Lamp,40.00,LAMP,,PayPal,15.00,CA,US,web",
    "#1003,bob@x.org,voided,EUR,40.00,0,0,40.00,0,2024-03-02 12:00:00 +0100,"
    "1,Lamp,40.00,LAMP,2024-03-02 13:00:00 +0100,PayPal,0,CA,US,web",
    "#1004,eve@x.org,paid,EUR,50.00,0,0,50.00,0,2024-03-03 12:00:00 +0100,1,Gift card 50,50.00,GC,,PayPal,0,CA,US,web",
    "#1005,eve@x.org,paid,EUR,9.00,0,0,9.00,0,2024-03-04 12:00:00 +0100,1,Pen,9.00,PEN,,bogus,0,CA,US,web",
    head=SHOPIFY_HEAD,
)

AMAZON = table(
    '111-1|2024-01-02T10:11:12+00:00|Shipped|Amazon.de|Mug 12" tall|MUG|2|EUR|40.00|6.40|4.99|5.00|DE',
    "111-1|2024-01-02T10:11:12+00:00|Shipped|Amazon.de|Card|CARD|1|EUR|3.00|0.48|||DE",
    "111-2|2024-01-03T10:11:12+00:00|Cancelled|Amazon.de|Mug|MUG|0||||||DE",
    "111-3|2024-01-04T10:11:12+00:00|Pending|Amazon.fr|Tee|TEE|1||||||FR",
    head="amazon-order-id|purchase-date|order-status|sales-channel|product-name|sku|quantity|currency|item-price"
    "|item-tax|shipping-price|item-promotion-discount|ship-country",
).replace(b"|", b"\t")

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
                "SELECT product, name FROM published_products WHERE product IN ('CARD', 'MUG') ORDER BY product": [
                    ("CARD", "Card"),
                    ("MUG", "Mug"),
                ],
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
                "SELECT product, name FROM published_products ORDER BY product": [
                    ("22728", "CLOCK"),
                    ("85123A", "HOLDER, WHITE"),
                    ("POST", "POSTAGE"),
                ],
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
            "master.txt": b" customer_id  date number_of_cds  dollar_value\n"
            b" 00001 19970101  1   11.77\n 00002 19970112  1    0.00\n"
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
            "sample.txt": b" 00004 0001 19970101  2   29.33\n"
            b" 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n"
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
        Accepted(2, revenue="4.0614", note="rounding to four changed their sum by -0.000050"),
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
        "Amazon's orders",
        {"orders.txt": AMAZON},
        Accepted(
            3,
            {"no price yet": 1},
            revenue="38.00",
            kinds={"sale": 2, "cancelled": 1},
            note="names no customers",
            check={
                "SELECT quantity, revenue, discount, shipping FROM transactions WHERE product = 'MUG' AND quantity": [
                    (2, 35.0, 5.0, 4.99)
                ],
                "SELECT DISTINCT currency FROM transactions": [("EUR",)],
            },
        ),
    ),
    Case(
        "Amazon's orders take no mapping",
        {"orders.txt": AMAZON},
        Refused("leave --map out"),
        {"mapping": {"revenue": "item-price"}},
    ),
    Case(
        "what a status says",
        {
            "g.csv": table(
                "1,a,2024-01-15,1.00,wc-completed",
                "2,a,2024-01-15,2.00,wc-cancelled",
                "3,a,2024-01-15,4.00,Payment failed",
                "4,a,2024-01-15,8.00,Annulée",
                "5,a,2024-01-15,16.00,Order refunded",
                "6,a,2024-01-15,32.00,Partially refunded",
                "7,a,2024-01-15,64.00,on-hold",
                head="order_id,customer_id,date,revenue,status",
            )
        },
        Accepted(
            7,
            revenue="113.00",
            kinds={"sale": 4, "cancelled": 3},
            note="the status counts wc-completed, Partially refunded, on-hold as sold; "
            "wc-cancelled, Payment failed, Annulée as cancelled; Order refunded as given back.",
            check={"SELECT sum(refund) FROM transactions": [(16.0,)]},
        ),
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
