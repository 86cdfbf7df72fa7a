"""Real files against the totals that others have published for them."""

from datetime import date

import pytest

from engine.imports import import_paths, preview
from engine.store import Store

TODAY = date(2025, 6, 30)


@pytest.fixture(scope="module")
def taken(data_folder, tmp_path_factory):
    """Imports a folder of real data once; gives its report and its store."""
    done = {}

    def take(name):
        if name not in done:
            db = tmp_path_factory.mktemp(name) / "shop.db"
            done[name] = import_paths([data_folder / name], db, today=TODAY), Store.open(db)
        return done[name]

    return take


def ask(store, sql):
    return tuple(store.query(sql, seconds=60)[0].values())


def rung(report, label):
    step = next(step for step in report.steps if step.label == label)
    return step.left.rows, step.left.units, step.orders, step.customers


class TestOnlineRetail:
    """541,909 lines; after the usual cleaning 397,884 lines, 18,532 invoices, 4,338 customers, 8,911,407.90."""

    def test_every_line_and_every_penny_of_the_file_has_a_place(self, taken):
        report, store = taken("online_retail")
        assert report.balanced
        assert (report.rows_read, report.read.units) == (541_909, 97_477_479_340)
        assert ask(store, "SELECT count(*), sum(amount_units) FROM transactions") == (541_909, 97_477_479_340)

    def test_the_ladder_passes_through_the_usual_cleaning(self, taken):
        report, _ = taken("online_retail")
        assert rung(report, "lines in the file")[:2] == (541_909, 97_477_479_340)
        assert rung(report, "the usual cleaning") == (397_884, 89_114_079_040, 18_532, 4_338)

    def test_each_rung_is_the_one_above_and_its_change(self, taken):
        steps = taken("online_retail")[0].steps
        for above, step in zip(steps, steps[1:], strict=False):
            change = (step.change.rows, step.change.units) if step.change else (0, 0)
            assert (above.left.rows + change[0], above.left.units + change[1]) == (step.left.rows, step.left.units)

    def test_the_last_rung_is_the_revenue_in_the_database(self, taken):
        report, store = taken("online_retail")
        sold = ask(
            store,
            "SELECT count(*), sum(revenue_units), count(DISTINCT order_id), count(DISTINCT customer_id) "
            "FROM transactions WHERE kind = 'sale'",
        )
        assert rung(report, "lines sold: revenue") == sold

    def test_the_usual_cleaning_by_hand_finds_the_published_figures(self, taken):
        _, store = taken("online_retail")
        assert ask(
            store,
            "SELECT count(*), sum(amount_units), count(DISTINCT order_id), count(DISTINCT customer_id) "
            "FROM transactions WHERE quantity > 0 AND unit_price_units > 0 AND customer_id IS NOT NULL "
            "AND order_id NOT LIKE 'C%'",
        ) == (397_884, 89_114_079_040, 18_532, 4_338)

    def test_no_line_without_a_product_is_a_sale(self, taken):
        _, store = taken("online_retail")
        assert ask(
            store,
            "SELECT count(*) FROM transactions WHERE kind IN ('sale', 'refund') AND "
            "(product IN ('POST', 'DOT', 'M', 'D', 'S', 'C2', 'B', 'PADS', 'CRUK', 'AMAZONFEE', 'BANK CHARGES') "
            "OR product LIKE 'GIFT%')",
        ) == (0,)

    def test_products_are_called_what_most_of_their_sales_call_them(self, data_folder, taken):
        """Counted anew from the file: sales are lines with pieces, a price and no C."""
        from collections import Counter, defaultdict

        import pyarrow.parquet as pq

        _, store = taken("online_retail")
        rows = pq.read_table(next((data_folder / "online_retail").glob("*.parquet")))
        columns = ("StockCode", "Description", "Quantity", "UnitPrice", "InvoiceNo")
        seen: dict[str, Counter] = defaultdict(Counter)
        for code, text, pieces, price, invoice in zip(*(rows[c].to_pylist() for c in columns), strict=True):
            if text and float(pieces) > 0 and float(price) > 0 and not invoice.startswith("C"):
                seen[code.upper()][" ".join(text.split())] += 1
        named = dict(row for batch in store.products(("product", "name")) for row in batch)
        goods = [row["product"] for row in store.query("SELECT DISTINCT product FROM transactions WHERE kind = 'sale'")]
        assert len(goods) > 3_700
        for code in goods:
            assert seen[code][named[code]] == max(seen[code].values()), code
        assert named["84879"] == "ASSORTED COLOUR BIRD ORNAMENT"
        remarks = {"damaged", "damages", "check", "found", "?", "thrown away", "Unsaleable, destroyed.", "adjustment"}
        assert not remarks & set(named.values())

    def test_parts_cut_inside_invoices_are_the_whole(self, data_folder, tmp_path):
        """Cut at rows inside the invoices with most twins, in both orders of import."""
        import pyarrow.csv as csv
        import pyarrow.parquet as pq

        rows = pq.read_table(next((data_folder / "online_retail").glob("*.parquet"))).slice(0, 6_000)
        invoices = rows["InvoiceNo"].to_pylist()
        cuts = [n for n in range(2_000, 5_000) if invoices[n - 2] == invoices[n - 1] == invoices[n] == invoices[n + 1]]
        whole = rows_of(rows, tmp_path, "whole", [(0, len(rows))], csv)
        for number, cut in enumerate(cuts[:: max(1, len(cuts) // 3)]):
            parts = [(0, cut), (cut, len(rows))]
            assert rows_of(rows, tmp_path, f"ahead{number}", parts, csv) == whole
            assert rows_of(rows, tmp_path, f"back{number}", parts[::-1], csv) == whole


def rows_of(table, folder, name, parts, csv):
    """Count, money and distinct ids of a database into which these parts went one after the other."""
    db = folder / f"{name}.db"
    for number, (start, stop) in enumerate(parts):
        path = folder / f"{name}{number}.csv"
        csv.write_csv(table.slice(start, stop - start), path)
        import_paths([path], db, today=TODAY)
    return ask(Store.open(db), "SELECT count(*), sum(amount_units), count(DISTINCT transaction_id) FROM transactions")


class TestOlist:
    """112,650 items worth R$13,591,643.70; two samples of orders that overlap in 383."""

    def test_all_items_are_read_and_those_of_known_orders_stored(self, taken):
        report, store = taken("olist")
        assert report.balanced
        assert (report.rows_read, report.read.units) == (112_650, 135_916_437_000)
        orders = ask(store, "SELECT count(DISTINCT order_id), count(*), sum(amount_units) FROM transactions")
        assert orders[0] == 8_135 + 4_998 - 383 - 775
        assert (report.rows_stored, orders[1]) == (13_574, 13_574)
        assert orders[2] + sum(a.share.units for a in report.aside) == 135_916_437_000

    def test_it_says_what_two_files_of_orders_share_and_what_has_no_items(self, taken):
        notes = " ".join(taken("olist")[0].notes)
        assert "383 orders are in two files of orders and count once; all agree to the minute" in notes
        assert "775 orders have no items" in notes
        assert "daily_orders_revenue_2017_2018.csv.gz is no part of an Olist export" in notes
        assert "customer_features_2018-08-30.parquet is no part of an Olist export" in notes

    def test_an_order_carries_what_the_other_files_say(self, taken, data_folder):
        """Against DuckDB's own join of the nine files."""
        duckdb = pytest.importorskip("duckdb")
        _, store = taken("olist")
        files = {
            name: f"read_csv('{data_folder}/olist/{path}', all_varchar=true)"
            for name, path in (
                ("orders", "linked_sample/olist_orders_dataset.csv.gz"),
                ("customers", "olist_customers_dataset.csv.gz"),
                ("payments", "olist_order_payments_dataset.csv.gz"),
                ("reviews", "linked_sample/olist_order_reviews_dataset.csv.gz"),
                ("items", "olist_order_items_dataset.csv.gz"),
            )
        }
        truth = duckdb.sql(
            "WITH paid AS (SELECT order_id, payment_type, sum(payment_value::DECIMAL(18, 2)) AS money, "
            "  min(payment_sequential::INT) AS turn FROM {payments} GROUP BY ALL), "
            "best AS (SELECT order_id, payment_type FROM paid QUALIFY row_number() OVER "
            "  (PARTITION BY order_id ORDER BY money DESC, turn) = 1), "
            "last AS (SELECT order_id, review_score FROM {reviews} QUALIFY row_number() OVER "
            "  (PARTITION BY order_id ORDER BY review_answer_timestamp DESC) = 1) "
            "SELECT o.order_id, c.customer_unique_id, c.customer_state, o.order_purchase_timestamp, b.payment_type, "
            "  l.review_score::DOUBLE, sum(i.price::DECIMAL(18, 2)) * 10000, "
            "  epoch(o.order_delivered_customer_date::TIMESTAMP - o.order_purchase_timestamp::TIMESTAMP) / 86400 "
            "FROM {orders} o JOIN {customers} c USING (customer_id) JOIN {items} i USING (order_id) "
            "LEFT JOIN best b USING (order_id) LEFT JOIN last l USING (order_id) "
            "GROUP BY ALL ORDER BY 1".format(**files)
        ).fetchall()
        mine = {
            row["order_id"]: row
            for row in store.query(
                "SELECT order_id, customer_id, region, date, payment_method, satisfaction_score, delivery_days, "
                "sum(amount_units) AS units FROM transactions GROUP BY order_id",
                seconds=30,
            )
        }
        assert len(truth) > 7_000
        for order, person, state, bought, paid, score, units, days in truth:
            row = mine[order]
            told = [row[name] for name in ("customer_id", "region", "date", "payment_method", "satisfaction_score")]
            assert told == [person, state, bought, paid, score]
            assert row["units"] == int(units)
            assert (
                row["delivery_days"] == pytest.approx(days, abs=1e-4)
                if days is not None
                else row["delivery_days"] is None
            )


class TestCdnow:
    """69,659 purchases of 23,570 customers, $2,500,315.63; the sample is a tenth of the same purchases."""

    def test_the_published_totals(self, taken):
        report, store = taken("cdnow")
        assert report.balanced
        assert ask(
            store,
            "SELECT count(*), count(DISTINCT customer_id), sum(revenue_units) FROM transactions WHERE kind = 'sale'",
        ) == (69_659, 23_570, 25_003_156_300)

    def test_the_sample_is_known_from_the_master(self, taken):
        assert taken("cdnow")[0].rows_known == 6_919


def test_a_grocery_sample_is_understood_by_its_headings(data_folder):
    found = preview([data_folder / "complete_journey" / "transactions_sample.csv.gz"])
    assert {ours: theirs for ours, theirs, _ in found.mapping} == {
        "order_id": "basket_id",
        "customer_id": "household_id",
        "date": "transaction_timestamp",
        "revenue": "sales_value",
        "quantity": "quantity",
        "product": "product_id",
        "region": "store_id",
    }
    assert not found.questions
    assert len(found.rows) == 20
