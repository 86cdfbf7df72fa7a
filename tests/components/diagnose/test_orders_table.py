"""The orders behind a figure: the rows, their pages, the days before, and the file."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import date

import pytest

from components.diagnose import orders_table
from components.diagnose.orders_table import ROWS_A_PAGE, OrdersTable
from components.state import AppState
from engine.selection import Window
from tests.components import shops

NOVEMBER = Window.inclusive(date(2025, 11, 3), date(2025, 11, 23))


@pytest.fixture
def state(shop_db) -> AppState:
    return AppState(path=shop_db, window=NOVEMBER, filters={"region": ("West",), "channel": ("Social",)})


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    told: list[dict] = []
    monkeypatch.setattr(orders_table.OrderSheet, "_send_msg", lambda self, data: told.append(data))
    return told


def by_hand(db, first: str, after: str) -> list[tuple]:
    with sqlite3.connect(db) as connection:
        return connection.execute(
            "SELECT date, order_id, revenue FROM transactions WHERE kind = 'sale' AND region = 'West'"
            " AND channel = 'Social' AND date >= ? AND date < ? ORDER BY date DESC",
            (first, after),
        ).fetchall()


def test_it_stays_closed_until_a_visitor_opens_it(state):
    table = OrdersTable(state)
    assert not table._island.told()["open"] and "rows" not in table._island.told()
    table._island.say({"open": True})
    assert state.table == "orders" and table._island.told()["rows"]
    table._island.say({"open": False})
    assert state.table == "" and not table._island.told()["open"]


def test_the_rows_are_the_tables_own(state, shop_db):
    state.commit(table="orders")
    told = OrdersTable(state)._island.told()
    rows = by_hand(shop_db, "2025-11-03", "2025-11-24")
    assert [row[1] for row in told["rows"]] == [order for _, order, _ in rows][:ROWS_A_PAGE]
    assert told["count"].startswith(f"{len(rows)} orders, €{sum(r for *_, r in rows):,.2f}")


def test_the_days_before_are_a_click_away_and_have_pages(state, shop_db):
    state.commit(table="orders")
    table = OrdersTable(state)
    rows = by_hand(shop_db, "2025-10-13", "2025-11-03")
    table._island.say({"period": "before"})
    assert table._island.told()["range"] == f"1 – {ROWS_A_PAGE} of {len(rows)}"
    table._island.say({"page": ROWS_A_PAGE})
    told = table._island.told()
    assert [row[1] for row in told["rows"]] == [order for _, order, _ in rows][ROWS_A_PAGE : 2 * ROWS_A_PAGE]
    assert told["before"] == 0
    table._island.say({"sort": "revenue"})
    told = table._island.told()
    assert told["before"] is None and told["rows"][0][1] == max(rows, key=lambda row: row[2])[1]
    state.commit(filters={"region": ("West",)})
    assert table._island.told()["period"] == ""


def test_a_file_has_every_line_in_the_order_shown(state, shop_db, sent):
    state.commit(table="orders")
    OrdersTable(state)._island.say({"export": True})
    assert sent[0] == {"begin": True} and sent[-1] == {"end": "orders 2025-11-03 to 2025-11-23.csv"}
    lines = list(csv.DictReader(io.StringIO("".join(piece["piece"] for piece in sent[1:-1]))))
    assert [line["order_id"] for line in lines] == [o for _, o, _ in by_hand(shop_db, "2025-11-03", "2025-11-24")]


def test_too_many_lines_for_a_browser_are_refused_in_words(state, sent, monkeypatch):
    monkeypatch.setattr(orders_table, "MOST_EXPORTED", 0)
    state.commit(table="orders")
    table = OrdersTable(state)
    with pytest.raises(orders_table.EngineError, match="shoplight orders --csv"):
        table._island.say({"export": True})
    assert sent == []


@pytest.mark.parametrize("message", [{"sort": "password"}, {"page": "x"}, {"period": "later"}, {"export": True}, {}])
def test_a_made_up_message_changes_nothing(state, sent, message):
    table = OrdersTable(state)
    before = table._island.told()
    table._island.say(message)
    assert table._island.told() == before and sent == []


def test_a_shop_without_a_database_says_so():
    state = AppState(snapshot=shops.shop(), table="orders")
    assert "in the shop's database" in OrdersTable(state)._island.told()["message"]


def test_a_selection_without_orders_says_so(state):
    state.commit(table="orders", window=Window.inclusive(date(2020, 1, 1), date(2020, 1, 2)))
    assert "No orders in" in OrdersTable(state)._island.told()["message"]
