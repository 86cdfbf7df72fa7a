"""The analytics database, version by version. A released migration is never edited: add the next one.

sqlite-utils keeps the record of what was applied; the header's `user_version` repeats its length, so
that a reader knows the version without loading it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.store.versions import Versions, run

if TYPE_CHECKING:
    from sqlite_utils import Database

_LEDGER = """
CREATE TABLE shop (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    data_version INTEGER NOT NULL,
    currency TEXT
) STRICT;
INSERT INTO shop VALUES (1, 0, NULL);

CREATE TABLE loads (
    load_id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'published', 'undone')),
    currency TEXT,
    started_at TEXT NOT NULL,
    published_at TEXT,
    undone_at TEXT,
    data_version INTEGER,
    rows_read INTEGER NOT NULL DEFAULT 0,
    rows_stored INTEGER NOT NULL DEFAULT 0,
    columns TEXT NOT NULL DEFAULT '{}',
    report TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE batches (
    load_id INTEGER NOT NULL REFERENCES loads,
    table_name TEXT NOT NULL,
    first_row INTEGER NOT NULL,
    last_row INTEGER NOT NULL,
    PRIMARY KEY (load_id, table_name, first_row)
) STRICT, WITHOUT ROWID;
"""

_TRANSACTIONS = """
CREATE TABLE transactions (
    row_id INTEGER PRIMARY KEY,
    load_id INTEGER NOT NULL REFERENCES loads,
    transaction_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    customer_id TEXT,
    date TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_units INTEGER NOT NULL,
    revenue_units INTEGER,
    quantity INTEGER,
    unit_price_units INTEGER,
    discount_units INTEGER,
    refund_units INTEGER,
    shipping_units INTEGER,
    cost_units INTEGER,
    product TEXT,
    category TEXT,
    channel TEXT,
    payment_method TEXT,
    segment TEXT,
    region TEXT,
    age_group TEXT,
    status TEXT,
    currency TEXT,
    delivery_days REAL,
    promised_days REAL,
    satisfaction_score REAL,
    amount REAL GENERATED ALWAYS AS (amount_units / 10000.0) VIRTUAL,
    revenue REAL GENERATED ALWAYS AS (revenue_units / 10000.0) VIRTUAL,
    unit_price REAL GENERATED ALWAYS AS (unit_price_units / 10000.0) VIRTUAL,
    discount REAL GENERATED ALWAYS AS (discount_units / 10000.0) VIRTUAL,
    refund REAL GENERATED ALWAYS AS (refund_units / 10000.0) VIRTUAL,
    shipping REAL GENERATED ALWAYS AS (shipping_units / 10000.0) VIRTUAL,
    cost REAL GENERATED ALWAYS AS (cost_units / 10000.0) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX transactions_transaction_id ON transactions (transaction_id, load_id);
CREATE INDEX transactions_date ON transactions (date);
CREATE INDEX transactions_customer_id ON transactions (customer_id);
"""

_OTHER_TABLES = """
CREATE TABLE customers (
    row_id INTEGER PRIMARY KEY,
    load_id INTEGER NOT NULL REFERENCES loads,
    customer_id TEXT NOT NULL,
    segment TEXT,
    region TEXT,
    acquisition_date TEXT CHECK (length(acquisition_date) = 10),
    age_group TEXT
) STRICT;
CREATE UNIQUE INDEX customers_customer_id ON customers (customer_id, load_id);

CREATE TABLE spend (
    row_id INTEGER PRIMARY KEY,
    load_id INTEGER NOT NULL REFERENCES loads,
    date TEXT NOT NULL CHECK (length(date) = 10),
    channel TEXT NOT NULL,
    spend_units INTEGER NOT NULL,
    spend REAL GENERATED ALWAYS AS (spend_units / 10000.0) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX spend_date_channel ON spend (date, channel, load_id);
"""

# For reading by hand: what the dashboards see. A customer whom several loads describe has, column by
# column, the newest value that is not empty.
_VIEWS = """
CREATE VIEW published_transactions AS
    SELECT * FROM transactions WHERE load_id IN (SELECT load_id FROM loads WHERE status = 'published');

CREATE VIEW published_spend AS
    SELECT * FROM spend WHERE load_id IN (SELECT load_id FROM loads WHERE status = 'published');

CREATE VIEW published_customers AS
    SELECT DISTINCT customer_id,
        first_value(segment) OVER (PARTITION BY customer_id ORDER BY segment IS NULL, load_id DESC) AS segment,
        first_value(region) OVER (PARTITION BY customer_id ORDER BY region IS NULL, load_id DESC) AS region,
        first_value(acquisition_date) OVER (
            PARTITION BY customer_id ORDER BY acquisition_date IS NULL, load_id DESC
        ) AS acquisition_date,
        first_value(age_group) OVER (PARTITION BY customer_id ORDER BY age_group IS NULL, load_id DESC) AS age_group
    FROM customers WHERE load_id IN (SELECT load_id FROM loads WHERE status = 'published');

CREATE VIEW customers_today AS
    SELECT customer_id, last_purchase_date, days_since_purchase, days_since_purchase > 90 AS is_churned
    FROM (
        SELECT customer_id, date(max(date)) AS last_purchase_date,
            CAST(julianday(date('now', 'localtime')) - julianday(date(max(date))) AS INTEGER) AS days_since_purchase
        FROM published_transactions
        WHERE kind = 'sale' AND customer_id IS NOT NULL AND date < date('now', 'localtime', '+1 day')
        GROUP BY customer_id
    );
"""


def first_tables(db: Database) -> None:
    """The ledger, the three tables of facts, their indexes and the views for reading by hand."""
    run(db, _LEDGER + _TRANSACTIONS + _OTHER_TABLES + _VIEWS)


_PRODUCTS = """
CREATE TABLE products (
    row_id INTEGER PRIMARY KEY,
    load_id INTEGER NOT NULL REFERENCES loads,
    product TEXT NOT NULL,
    name TEXT
) STRICT;
CREATE UNIQUE INDEX products_product ON products (product, load_id);

CREATE VIEW published_products AS
    SELECT product, name FROM (
        SELECT product, name, row_number() OVER (PARTITION BY product ORDER BY load_id DESC) AS place
        FROM products
        WHERE name <> '' AND load_id IN (SELECT load_id FROM loads WHERE status = 'published')
    ) WHERE place = 1;
"""


def names_of_products(db: Database) -> None:
    """What products are called, where lines name them by a code; the newest name counts."""
    run(db, _PRODUCTS)


SHOP = Versions("shop", (first_tables, names_of_products))
