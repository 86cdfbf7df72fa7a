"""Products are shown, found and filtered by their names, and their codes stay what they are."""

from __future__ import annotations

from datetime import date

import pytest

from components.breadcrumb import Breadcrumb
from components.breakdown_bars import BreakdownBars
from components.filter_bar import FilterBar
from components.kpi_cards import KpiCards
from components.safe import plain
from components.state import AppState
from components.top_table import TopTable
from engine.selection import Against, Window
from engine.snapshot import Snapshot
from tests.components import shops

CODES = {f"K{i:03d}": f"Mug number {i}" for i in range(100)} | {"K007": shops.HOSTILE[0], "K008": "Rabbit night light"}


@pytest.fixture
def state() -> AppState:
    days = [f"2024-{1 + i % 3:02d}-{1 + i % 28:02d}" for i in range(400)]
    columns = {"date": days, "product": [list(CODES)[i % 100] for i in range(400)], "revenue": [10.0] * 400}
    return AppState(snapshot=Snapshot.from_columns(columns, products=CODES), preset="last-30-days")


def told(view) -> dict:
    return view._island.told()


def test_options_read_the_name_and_carry_the_code(state):
    bar = FilterBar(state)
    (products,) = told(bar)["dimensions"]
    assert products["total"] == 100 and len(products["options"]) == 60
    assert all(label == plain(CODES[code], 80) for code, label in products["options"])


@pytest.mark.parametrize(
    ("words", "codes"), [("rabbit", ["K008"]), ("K099", ["K099"]), ("k09", None), ("onerror", ["K007"])]
)
def test_a_product_is_found_by_name_and_by_code(state, words, codes):
    bar = FilterBar(state)
    bar._island.say({"search": ["product", words]})
    found = [code for code, _ in told(bar)["found"]["options"]]
    assert sorted(found) == (codes or [f"K09{i}" for i in range(10)])


def test_the_trail_the_table_and_the_bars_read_names_and_filter_by_code(state):
    bar, trail = FilterBar(state), Breadcrumb(state)
    bar._island.say({"toggle": ["product", "K008"]})
    assert state.filters == {"product": ("K008",)}
    (chip,) = told(trail)["chips"]
    assert chip["name"] == "Rabbit night light" and chip["filter"] == ["product", "K008"]
    assert [row["label"] for row in told(TopTable(state))["rows"]] == ["Rabbit night light"]
    bars = BreakdownBars(state, dimension="product")
    shown = bars.chart.renderers["bars"].data_source.data["name"]
    assert "✓ Rabbit night light" in list(shown)


def test_cards_say_in_few_words_why_they_tell_no_change(state):
    cards, trail = KpiCards(state), Breadcrumb(state)
    april = Window.inclusive(date(2024, 3, 20), date(2024, 4, 10))
    state.commit(window=april)
    assert {card["words"] for card in told(cards)["cards"] if not card["missing"]} == {"data ends 28 Mar 2024"}
    assert "choose 'to date' to compare like with like." in told(trail)["compared"]
    state.commit(against=Against.TO_DATE)
    assert " compared with 20 Feb – 28 Feb 2024" in told(trail)["compared"]
    assert told(FilterBar(state))["compared"] in told(trail)["compared"]
