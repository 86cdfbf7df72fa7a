"""The story and the causes say what the explanation holds; a cause leads to its orders, a finding to a case file."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from components import theme
from components.diagnose.case_files import CaseFiles
from components.diagnose.cause_list import CauseList
from components.diagnose.story import Story
from components.state import AppState
from engine.diagnose.cases import case, cases
from engine.diagnose.explain import explain
from engine.diagnose.sentences import sentences
from engine.metrics import METRICS, Unit
from engine.selection import Window
from engine.store import Store
from tests.components import shops

NOVEMBER = Window.inclusive(date(2025, 11, 3), date(2025, 11, 23))


@pytest.fixture
def own_db(shop_db, tmp_path):
    """A shop of the test's own: case files are written beside it."""
    return shutil.copy(shop_db, tmp_path / "demo.db")


@pytest.fixture
def state(shop_db) -> AppState:
    return AppState(path=shop_db, window=NOVEMBER)


def told(view) -> dict:
    return view._island.told()


@pytest.mark.parametrize("name", ["revenue", "orders", "aov", "satisfaction"])
def test_the_story_is_the_explanations(state, name):
    state.commit(metric=name)
    found = explain(state.snapshot(), state.selection(), name, store=Store.open(state.path))
    said = told(Story(state))
    assert [said["headline"], *said["sentences"]] == list(sentences(found))
    figures = {one["label"]: one["exact"] for one in said["figures"]}
    unit = METRICS[name].unit
    assert figures["Now"] == theme.number(found.value, unit, "EUR", exact=True)
    assert figures["Change"] == theme.signed(found.change.absolute, unit, "EUR", exact=True)
    assert said["metric"] == name and name in dict(said["metrics"])


def test_normal_and_beyond_make_the_change(state):
    found = explain(state.snapshot(), state.selection(), "revenue", store=Store.open(state.path))
    figures = {one["label"]: one["exact"] for one in told(Story(state))["figures"]}
    assert found.usual.absolute + found.usual.beyond == pytest.approx(found.change.absolute)
    assert figures["Normal for the time"] == theme.signed(found.usual.absolute, Unit.MONEY, "EUR", exact=True)
    assert figures["Beyond that"] == theme.signed(found.usual.beyond, Unit.MONEY, "EUR", exact=True)


def test_another_figure_is_a_click_away(state):
    story = Story(state)
    story._island.say({"metric": "delivery_days"})
    assert state.metric == "delivery_days" and "delivery time" in told(story)["headline"].lower()
    story._island.say({"metric": "__class__"})
    assert state.metric == "delivery_days"


def test_the_planted_cause_is_named_and_leads_to_its_orders(state):
    causes = CauseList(state)
    (first, *_) = told(causes)["causes"]
    assert {part["label"]: part["value"] for part in first["where"]} == {"Region": "West", "Channel": "Social"}
    assert first["tone"] == "bad" and "3 orders after" in first["detail"]
    causes._island.say({"orders": 0})
    assert state.table == "orders" and [str(step) for step in state.trail] == ["region", "channel"]
    assert state.selection().filters == (("channel", ("Social",)), ("region", ("West",)))


def test_what_it_was_not_is_said_too(state):
    ruled = told(CauseList(state))["ruled"]
    assert any(text.startswith("Payment method: ") for text in ruled) and not any("Region" in text for text in ruled)


@pytest.mark.parametrize("message", [{"orders": 99}, {"into": -1}, {"orders": "0"}, {}])
def test_a_made_up_click_changes_nothing(state, message):
    causes, before = CauseList(state), state.choice()
    causes._island.say(message)
    assert state.choice() == before


def test_where_there_is_no_change_to_tell_both_say_why(state):
    state.commit(preset="all")
    assert "no whole period" in told(Story(state))["headline"]
    assert "no whole period" in told(CauseList(state))["message"]


def test_a_missing_column_is_said_in_the_storys_place():
    state = AppState(snapshot=shops.bare(), preset="last-30-days", metric="satisfaction")
    assert "satisfaction_score" in told(Story(state))["message"]
    assert "satisfaction_score" in told(CauseList(state))["message"]


# ---------------------------------------------------------------- case files


def test_a_finding_is_kept_opened_noted_deleted_and_brought_back(own_db):
    state = AppState(path=own_db, window=NOVEMBER, page="diagnose")
    story = Story(state)
    assert told(story)["can_keep"]
    story._island.say({"keep": True})
    kept = told(story)["kept"]
    saved = case(own_db, kept)
    assert saved.sentences == sentences(explain(state.snapshot(), state.selection(), store=state.store()))
    story._island.say({"open": kept})
    assert (state.page, state.case) == ("cases", kept)

    desk = CaseFiles(state)
    shown = told(desk)["open"]
    assert [shown["title"], *shown["sentences"]] == list(saved.sentences) and shown["stale"] == ""
    assert any("West × Social" in text for text in shown["causes"])
    factors = shown["tables"][0]
    assert factors["heads"] == ["Factor", "Before", "Now", "Adds"] and factors["rows"][0][0] == "Customers"

    desk._island.say({"note": "The agency stopped the campaign."})
    assert case(own_db, kept).note == told(desk)["open"]["note"] == "The agency stopped the campaign."
    desk._island.say({"delete": kept})
    assert state.case == "" and told(desk)["cases"] == [] and told(desk)["deleted"]["id"] == kept
    desk._island.say({"restore": kept})
    assert [one["id"] for one in told(desk)["cases"]] == [kept] and told(desk)["deleted"] is None


def test_a_case_opens_with_todays_data_where_it_was_found(own_db):
    state = AppState(path=own_db, window=NOVEMBER, filters={"region": ("West",)}, metric="orders")
    story = Story(state)
    story._island.say({"keep": True})
    asked = state.selection()
    state.reset()
    state.commit(page="cases", case=told(story)["kept"] or cases(own_db)[0].case_id, metric="revenue")
    CaseFiles(state)._island.say({"live": True})
    assert (state.page, state.case, state.metric) == ("diagnose", "", "orders")
    assert state.selection() == asked


def test_a_case_of_older_data_says_so(own_db):
    state = AppState(path=own_db, window=NOVEMBER)
    Story(state)._island.say({"keep": True})
    store = Store.open(own_db)
    with store.writer() as writer, writer.load("more", "test", sha256="1" * 64, currency="EUR") as load:
        columns = ("transaction_id", "order_id", "customer_id", "date", "kind", "amount_units", "revenue_units")
        load.put_lines(columns, [("X1", "X1", "C1", "2025-12-31 10:00:00", "sale", 10_000, 10_000)])
        load.publish({})
    for _ in range(200):
        if state.look():
            break
        import time

        time.sleep(0.05)
    state.commit(page="cases", case=cases(own_db)[0].case_id)
    assert "has changed since" in told(CaseFiles(state))["open"]["stale"]


def test_no_case_no_database_and_a_made_up_case_each_have_a_sentence(own_db):
    assert "one click keeps" in told(CaseFiles(AppState(path=own_db)))["empty"]
    assert "beside the shop's database" in told(CaseFiles(AppState(snapshot=shops.shop())))["message"]
    assert told(CaseFiles(AppState(path=own_db, case="A" * 22)))["message"]


@pytest.mark.parametrize("message", [{"open": "A" * 22}, {"delete": 3}, {"note": "x"}, {"restore": "y"}, {}])
def test_made_up_clicks_on_the_desk_change_nothing(own_db, message):
    state = AppState(path=own_db)
    desk, before = CaseFiles(state), state.choice()
    desk._island.say(message)
    assert state.choice() == before and cases(own_db) == ()
