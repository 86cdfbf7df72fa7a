"""Cards, filters, breadcrumb and table: what they say, and what a click does."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import theme
from components.breadcrumb import Breadcrumb
from components.filter_bar import FilterBar
from components.kpi_cards import KpiCards, direction, spark_runs
from components.state import AppState
from components.top_table import TopTable
from engine.describe import kpis, top
from engine.metrics import metric
from engine.selection import Window
from tests.components import shops

NAMES = tuple(f"name {i:03d}" for i in range(100))


@pytest.fixture
def state() -> AppState:
    return AppState(snapshot=shops.shop(2000, names=NAMES))


def told(view) -> dict:
    return view._island.told()


# ---------------------------------------------------------------- cards


def test_cards_say_the_engines_values(state):
    cards = told(KpiCards(state))["cards"]
    for card, kpi in zip(cards, kpis(state.snapshot(), state.selection()), strict=True):
        unit = metric(kpi.metric).unit
        assert card["exact"] == theme.number(kpi.value, unit, "GBP", exact=True)
        assert card["change"] == theme.change(kpi.change)
        assert (card["tone"], card["arrow"]) == direction(kpi.metric, kpi.change, kpi.noise)


def test_a_card_picks_the_metric_and_stays_pressed(state):
    view = KpiCards(state)
    view._island.say({"metric": "aov"})
    assert state.metric == "aov"
    assert [card["metric"] for card in told(view)["cards"] if card["pressed"]] == ["aov"]
    view._island.say({"metric": "__class__"})
    view._island.say({})
    assert state.metric == "aov"


def test_a_card_that_moved_leads_to_why(state):
    view = KpiCards(state, why="diagnose")
    assert all(card["why"] == f"Why did {card['label'].lower()} change?" for card in told(view)["cards"])
    view._island.say({"metric": "orders", "why": True})
    assert (state.page, state.metric) == ("diagnose", "orders")
    state.commit(against="none")
    assert {card["why"] for card in told(view)["cards"]} == {""}


def test_a_card_leads_nowhere_without_a_page_to_say_why(state):
    view = KpiCards(state)
    assert {card["why"] for card in told(view)["cards"]} == {""}
    view._island.say({"metric": "orders", "why": True})
    assert (state.page, state.metric) == ("", "orders")


@pytest.mark.parametrize(
    ("name", "change", "noise", "tone"),
    [
        ("revenue", 0.2, False, ("good", "up")),
        ("revenue", -0.2, False, ("bad", "down")),
        ("refund_rate", 0.2, False, ("bad", "up")),
        ("refund_rate", -0.2, None, ("good", "down")),
        ("discount_rate", 0.2, False, ("calm", "up")),
        ("revenue", 0.2, True, ("calm", "up")),
        ("revenue", 0.0001, False, ("calm", "")),
        ("revenue", None, None, ("calm", "")),
        ("revenue", float("nan"), None, ("calm", "")),
    ],
)
def test_color_follows_what_is_welcome_and_not_the_sign(name, change, noise, tone):
    assert direction(name, change, noise) == tone


def test_a_missing_column_has_its_sentence_and_no_button():
    cards = told(KpiCards(AppState(snapshot=shops.bare())))["cards"]
    missing = {card["metric"]: card["missing"] for card in cards if card["missing"]}
    assert list(missing) == ["satisfaction"] and "satisfaction_score" in missing["satisfaction"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | st.floats(-1e9, 1e9) | st.just(float("nan")), max_size=20))
def test_a_spark_stays_in_its_box_and_leaves_gaps(points):
    runs = spark_runs(points)
    known = sum(p is not None and np.isfinite(p) for p in points)
    assert sum(len(run) for run in runs) >= known if known > 1 else runs == []
    assert all(0 <= x <= 100.5 and 0 <= y <= 28 for run in runs for x, y in run)
    assert all(len(run) >= 2 for run in runs)


def test_a_calm_course_is_drawn_calm():
    flat = [y for _, y in spark_runs([100.0, 100.5, 100.0, 100.2])[0]]
    wild = [y for _, y in spark_runs([100.0, 200.0, 50.0, 120.0])[0]]
    assert max(flat) - min(flat) < 2 < max(wild) - min(wild)


# ---------------------------------------------------------------- filters


def test_the_bar_offers_what_the_shop_has(state):
    said = told(FilterBar(state))
    assert [d["name"] for d in said["dimensions"]] == list(state.dimensions())
    assert all(d["total"] == 100 and len(d["options"]) == 60 for d in said["dimensions"])
    assert told(FilterBar(AppState(snapshot=shops.bare())))["dimensions"] == []


@pytest.mark.parametrize(
    ("message", "check"),
    [
        ({"preset": "last-7-days"}, lambda s: s.preset == "last-7-days"),
        ({"first": "2024-03-01", "last": "2024-03-09"},
         lambda s: s.window() == Window.inclusive(date(2024, 3, 1), date(2024, 3, 9))),
        ({"first": "2024-03-09", "last": "2024-03-01"},
         lambda s: s.window() == Window.inclusive(date(2024, 3, 1), date(2024, 3, 9))),
        ({"against": "year"}, lambda s: s.against == "year"),
        ({"toggle": ["region", "name 001"]}, lambda s: s.selection().values("region") == ("name 001",)),
    ],
)  # fmt: skip
def test_a_pick_is_a_commit(state, message, check):
    FilterBar(state)._island.say(message)
    assert check(state) and state.can_undo


@pytest.mark.parametrize(
    "message",
    [{"preset": "last-century"}, {"first": "yesterday", "last": "today"}, {"against": "nobody"},
     {"toggle": ["region", "Atlantis"]}, {"toggle": ["__class__", "x"]}, {"clear": "nothing"},
     {"search": ["nothing", "x"]}, {"unknown": 1}, {}],
)  # fmt: skip
def test_a_made_up_message_changes_nothing(state, message):
    before = state.choice()
    FilterBar(state)._island.say(message)
    assert state.choice() == before


def test_a_long_list_is_searched_on_the_server(state):
    bar = FilterBar(state)
    bar._island.say({"search": ["product", "NAME 09"]})
    assert [label for _, label in told(bar)["found"]["options"]] == sorted(
        (f"name 09{i}" for i in range(10)), key=list(state.snapshot().values("product")).index
    )


def test_clear_lifts_one_dimension(state):
    state.commit(filters={"region": ("name 001",), "product": ("name 002",)})
    FilterBar(state)._island.say({"clear": "region"})
    assert state.selection().filters == (("product", ("name 002",)),)


# ---------------------------------------------------------------- breadcrumb


def test_each_chip_removes_its_own_value(state):
    trail = Breadcrumb(state)
    state.commit(filters={"region": ("name 001", "name 002"), "product": ("name 003",)})
    chips = told(trail)["chips"]
    assert [chip["name"] for chip in chips] == ["name 003", "name 001", "name 002"]
    trail._island.say({"remove": chips[1]["filter"]})
    assert state.selection().values("region") == ("name 002",)


def test_many_values_make_one_chip(state):
    trail = Breadcrumb(state)
    state.commit(filters={"region": NAMES[:7]})
    (chip,) = told(trail)["chips"]
    assert chip["name"] == "7 picked"
    trail._island.say({"remove": chip["filter"]})
    assert state.selection().filters == ()


def test_one_click_resets_and_one_undoes(state):
    trail = Breadcrumb(state)
    assert not told(trail)["touched"] and not told(trail)["undo"]
    state.commit(filters={"region": ("name 001",)}, preset="all")
    assert told(trail)["touched"] and told(trail)["undo"]
    trail._island.say({"reset": True})
    assert state.is_untouched and not told(trail)["touched"]
    trail._island.say({"undo": True})
    assert state.preset == "all"


def test_a_notice_is_said_until_it_was_heard(state):
    trail = Breadcrumb(state)
    state.notice = "Something of note."
    assert told(trail)["notice"] == "Something of note."
    trail._island.say({"heard": True})
    assert told(trail)["notice"] == "" and state.notice == ""


def test_a_comparison_before_the_shops_first_day_is_said_and_not_drawn(state):
    trail, cards = Breadcrumb(state), KpiCards(state)
    assert told(trail)["compared"].startswith(" compared with ")
    state.commit(preset="all")
    assert "no whole period to compare with" in told(trail)["compared"]
    begins = f"data begins {theme.day(state.snapshot().first_day)}"
    assert {card["words"] for card in told(cards)["cards"]} == {begins}
    assert {card["change"] for card in told(cards)["cards"]} == {""}
    state.commit(against="none")
    assert told(trail)["compared"] == "" and {card["words"] for card in told(cards)["cards"]} == {""}


@pytest.mark.parametrize("message", [{"remove": ["nothing", "x"]}, {"remove": ["region"]}, {"reset": False}, {}])
def test_a_made_up_click_on_the_trail_changes_nothing(state, message):
    before = state.choice()
    Breadcrumb(state)._island.say(message)
    assert state.choice() == before


# ---------------------------------------------------------------- table


def test_the_table_lists_the_engines_rows_and_sorts(state):
    table = TopTable(state)
    table._island.say({"sort": "orders"})
    answer = top(state.snapshot(), state.selection(), "product", table.metrics, sort="orders", limit=10)
    said = told(table)
    assert [row["key"] for row in said["rows"]] == [row.key for row in answer.rows]
    assert [c["label"] for c in said["columns"] if c.get("sorted")] == ["Orders"]
    assert said["rows"][0]["part"] == "100.0%"
    table._island.say({"sort": "password"})
    assert table.sort == "orders"


def test_a_name_in_the_table_filters(state):
    table = TopTable(state)
    key = told(table)["rows"][0]["key"]
    table._island.say({"row": key})
    assert state.selection().values("product") == (key,)
    assert told(table)["rows"][0]["picked"]
    table._island.say({"row": "not in the table"})
    assert state.selection().values("product") == (key,)


def test_without_products_categories_are_listed():
    snapshot = shops.shop(names=("Mug", "Lamp"), product=[""] * 400)
    assert told(TopTable(AppState(snapshot=snapshot)))["title"] == "Top categories"


def test_what_an_island_is_told_is_strict_json(state):
    for view in (KpiCards, FilterBar, Breadcrumb, TopTable):
        made = view(AppState(snapshot=shops.shop(names=shops.HOSTILE)))
        json.loads(made._island.content, parse_constant=lambda text: pytest.fail(text))
