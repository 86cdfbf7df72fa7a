"""The drill-down: what a level shows is the split's own, and a click goes in, a step back comes out."""

from __future__ import annotations

from datetime import date

import pytest

from components import theme
from components.diagnose.drill_table import ROWS, DrillTable
from components.state import AppState
from engine.diagnose.offers import offers
from engine.diagnose.split import split
from engine.metrics import metric
from engine.selection import Window
from tests.components import shops

NOVEMBER = Window.inclusive(date(2025, 11, 3), date(2025, 11, 23))


@pytest.fixture(scope="module")
def demo(shop_db):
    from engine.snapshot import current

    return current(shop_db)


@pytest.fixture
def state(demo) -> AppState:
    return AppState(snapshot=demo, window=NOVEMBER)


def told(view) -> dict:
    return view._island.told()


def test_the_split_that_explains_most_comes_first_and_is_shown(state):
    offered = offers(state.snapshot(), state.selection(), "revenue")
    said = told(DrillTable(state))
    assert [one["axis"] for one in said["splits"]] == [offer.axis for offer in offered]
    assert [one["axis"] for one in said["splits"] if one["pressed"]] == [offered[0].axis]


@pytest.mark.parametrize(("name", "axis"), [("revenue", "category"), ("aov", "category"), ("orders", "week")])
def test_the_rows_are_the_splits_own(state, name, axis):
    state.commit(metric=name, split=axis)
    found = split(state.snapshot(), state.selection(), name, axis, limit=ROWS)
    said, unit = told(DrillTable(state)), metric(name).unit
    assert len(said["rows"]) == len(found.rows) + bool(found.overlap)
    for row, part in zip(said["rows"], found.rows, strict=False):
        assert row["cells"][0][1] == theme.number(part.value, unit, "EUR", exact=True)
        assert row["cells"][1][1] == theme.number(part.comparison, unit, "EUR", exact=True)
        moves = (part.rate, part.mix) if part.rate is not None else (part.contribution,)
        assert [cell[1] for cell in row["cells"][2 : 2 + len(moves)]] == [
            theme.signed(move, unit, "EUR", exact=True) for move in moves
        ]
        assert row["tag"] == part.tag
        assert row["interval"] == " to ".join(
            theme.signed(end, unit, "EUR") for end in (part.moved.low, part.moved.high)
        )


def test_bars_of_a_level_share_one_zero_and_stay_in_their_frame(state):
    rows = told(DrillTable(state))["rows"]
    assert len({row["zero"] for row in rows}) == 1
    for row in rows:
        left, width = (float(row[name].rstrip("%")) for name in ("left", "width"))
        assert left >= -0.01 and left + width <= 100.02


def test_a_click_goes_in_and_a_step_back_comes_out(state):
    start = state.choice()
    table = DrillTable(state)
    table._island.say({"split": "region"})
    table._island.say({"row": "West"})
    assert state.selection().values("region") == ("West",) and told(table)["path"] == ["All", "West"]
    assert "region" not in {one["axis"] for one in told(table)["splits"]}
    table._island.say({"split": "week"})
    week = told(table)["rows"][1]["key"]
    table._island.say({"row": week})
    assert state.window() == Window.inclusive(date(2025, 11, 10), date(2025, 11, 16))
    assert told(table)["path"] == ["All", "West", "Week of 10 Nov 2025"]
    table._island.say({"back": 1})
    assert told(table)["path"] == ["All", "West"] and state.window() == NOVEMBER
    table._island.say({"back": 0})
    assert state.choice() == start


def test_the_orders_are_a_click_away(state):
    table = DrillTable(state)
    count = int(state.snapshot().metrics(state.selection(), ("orders",))["orders"])
    assert told(table)["orders"] == f"Show the {count:,} orders"
    table._island.say({"orders": True})
    assert state.table == "orders"


@pytest.mark.parametrize("message", [{"row": "Atlantis"}, {"split": "regoin"}, {"row": None}, {"back": "x"}, {}])
def test_a_made_up_click_changes_nothing(state, message):
    table = DrillTable(state)
    before = state.choice()
    table._island.say(message)
    assert state.choice() == before


def test_weekdays_and_what_is_taken_together_lead_nowhere(state):
    state.commit(split="weekday")
    assert {row["key"] for row in told(DrillTable(state))["rows"]} == {None}


def test_a_reversal_is_warned_of():
    """Kidney stones (Charig et al. 1986): each kind treated better by A, all together better by B."""
    import numpy as np

    treated = {
        ("A", "small"): (81, 87),
        ("A", "large"): (192, 263),
        ("B", "small"): (234, 270),
        ("B", "large"): (55, 80),
    }
    columns: dict[str, list] = {"date": [], "category": [], "satisfaction_score": [], "revenue": []}
    for (month, kind), (cured, whole) in treated.items():
        days = np.datetime64("2024-02-01" if month == "A" else "2024-01-01") + np.arange(whole) % 28
        columns["date"] += days.tolist()
        columns["category"] += [kind] * whole
        columns["satisfaction_score"] += [5.0] * cured + [1.0] * (whole - cured)
        columns["revenue"] += [1.0] * whole
    columns["date"] = np.array(columns["date"], "datetime64[D]")
    columns["customer_id"] = np.arange(len(columns["date"]))
    snapshot = shops.Snapshot.from_columns(columns)
    february = Window.inclusive(date(2024, 2, 1), date(2024, 2, 28))
    january = Window.inclusive(date(2024, 1, 1), date(2024, 1, 28))
    state = AppState(snapshot=snapshot, window=february, custom=january, metric="satisfaction", split="category")
    warning = told(DrillTable(state))["warning"]
    assert warning == (
        "Satisfaction rose in each of these categories, yet fell in all: what changed is how much each weighs."
    )


def test_a_window_that_is_not_whole_has_values_and_a_note_but_no_changes(state):
    state.commit(preset="all")
    said = told(DrillTable(state))
    assert "no whole period" in said["notes"][0] and {row["tag"] for row in said["rows"]} == {None}
    assert [column["label"] for column in said["columns"]] == ["Now"] and len(said["rows"][0]["cells"]) == 1
    assert said["rows"][0]["cells"][0][0] != theme.NO_VALUE


def test_a_shop_without_dimensions_is_split_by_its_days():
    state = AppState(snapshot=shops.bare(), preset="last-30-days")
    assert {one["axis"] for one in told(DrillTable(state))["splits"]} <= {"day", "week", "month", "quarter", "weekday"}


def test_what_needs_a_word_has_one_below_the_rows(state):
    state.commit(metric="aov", split="product")
    said = " ".join(told(DrillTable(state))["notes"])
    assert "By its weight:" in said and "All others: the 24 smaller ones" in said
    state.commit(metric="customers", split="category")
    table = told(DrillTable(state))
    assert table["rows"][-1]["label"] == "In several at once" and "In several at once:" in " ".join(table["notes"])


def test_the_hierarchies_are_named_and_their_next_level_is_marked(state):
    state.commit(split="category")
    table = DrillTable(state)
    assert told(table)["levels"] == [[["category", "Category"], ["channel", "Channel"], ["segment", "Segment"]]]
    assert not any(one["why"] == "next level" for one in told(table)["splits"])
    table._island.say({"row": "Home"})
    assert [one["axis"] for one in told(table)["splits"] if one["why"] == "next level"] == ["channel"]
    table._island.say({"split": "segment"})
    assert len(told(table)["levels"]) == 3
    table._island.say({"row": "Premium"})
    assert [one["axis"] for one in told(table)["splits"] if one["why"] == "next level"] == ["age_group"]


def test_a_part_too_small_to_judge_is_in_no_tone_and_says_so():
    state = AppState(snapshot=shops.shop(40, names=shops.HOSTILE), preset="last-30-days", metric="aov", split="product")
    rows = told(DrillTable(state))["rows"]
    assert "too few" in {row["tag"] for row in rows}
    for row in rows:
        assert row["tag"] in ("signal", "noise", "too few") and (row["tone"] == "calm" or row["tag"] == "signal")
