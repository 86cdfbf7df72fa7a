"""An address says what is picked, and nothing it says can do harm."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.state import GRAINS, PRESETS, SPLITS, AppState, Choice
from components.url import LONGEST_QUERY, UrlSync, decode, encode, link
from engine.diagnose.steps import Step
from engine.metrics import METRICS
from engine.selection import Against, Window
from tests.components import shops

SNAPSHOT = shops.shop(names=shops.HOSTILE)
DEFAULT = Choice()
DIMENSIONS = SNAPSHOT.dimensions


def _window(draw_first, days):
    return Window.inclusive(draw_first, draw_first + timedelta(days=days))


WINDOWS = st.builds(_window, st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
FILTERS = st.dictionaries(
    st.sampled_from(DIMENSIONS),
    st.lists(st.sampled_from(SNAPSHOT.values("product")), min_size=1, max_size=4),
    max_size=4,
)
CHANGES = st.fixed_dictionaries(
    {
        "filters": FILTERS,
        "against": st.sampled_from(list(Against)),
        "metric": st.sampled_from(list(METRICS)),
        "grain": st.sampled_from(["", *GRAINS]),
        "page": st.sampled_from(["", "customers", "what if"]),
        "custom": st.none() | WINDOWS,
        "trail": st.lists(
            st.builds(Step, st.just("month"), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
            | st.builds(Step, st.sampled_from(DIMENSIONS)),
            max_size=4,
        ).map(tuple),
        "split": st.sampled_from(["", *SPLITS]),
        "table": st.sampled_from(["", "orders"]),
        "case": st.sampled_from(["", "a_B-3"]),
    }
)


@settings(max_examples=300, deadline=None)
@given(CHANGES, st.sampled_from(list(PRESETS)) | WINDOWS)
def test_what_was_written_is_read_back(changes, window):
    when = {"preset": window} if isinstance(window, str) else {"window": window}
    choice = DEFAULT.picked(**changes, **when)
    query = encode(choice, DEFAULT)
    read = decode("?" + query, DEFAULT, SNAPSHOT, pages=("customers", "what if"))
    if len(query) <= LONGEST_QUERY:
        assert read.problems == ()
        assert read.choice == choice


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.lists(st.tuples(
    st.sampled_from(["from", "to", "period", "compare", "metric", "grain", "region", "product", "page", "x", ""]),
    st.text(max_size=20))).map(urlencode))  # fmt: skip
def test_any_address_can_be_read(query):
    read = decode(query, DEFAULT, SNAPSHOT)
    assert isinstance(read.choice, Choice)
    assert all(isinstance(p, str) and "\n" not in p for p in read.problems)


def test_what_equals_the_default_is_left_out():
    assert encode(DEFAULT, DEFAULT) == ""
    assert encode(DEFAULT.picked(metric="orders"), DEFAULT) == "metric=orders"


@pytest.mark.parametrize("value", ["007", "1e308", "true", "NA", ""])
def test_text_that_looks_like_something_else_stays_text(value):
    read = decode(f"product={quote(value)}", DEFAULT, SNAPSHOT)
    assert dict(read.choice.filters)["product"] == (value,)


def test_one_bad_part_costs_only_itself():
    query = "metric=revenu&from=2024-13-45&to=2024-02-01&region=007&region=Atlantis&grain=week&compare=year"
    read = decode(query, DEFAULT, SNAPSHOT)
    assert dict(read.choice.filters) == {"region": ("007",)}
    assert (read.choice.grain, read.choice.against) == ("week", Against.YEAR)
    assert (read.choice.metric, read.choice.preset) == ("revenue", DEFAULT.preset)
    said = " ".join(read.problems)
    assert "Did you mean 'revenue'?" in said and "2024-13-45" in said and "Atlantis" in said
    assert len(read.problems) == 3


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2024-02-01", "both ends"),
        ("from=2024-02-09&to=2024-02-01", "holds no day"),
        ("from=9999-12-31&to=9999-12-31", "out of range"),
        ("age_group=18", "no age group"),
        ("page=nowhere", "No page named"),
        ("step=regoin", "No dimension named 'regoin'"),
        ("step=month:never", "no day"),
        ("split=regoin", "No split named 'regoin'"),
        ("table=customers", "No table named"),
        ("case=<b>", "no case file"),
        ("region=" + "x" * LONGEST_QUERY, "too long"),
    ],
)
def test_a_bad_part_is_said_in_words(query, words):
    read = decode(query, DEFAULT, SNAPSHOT, pages=("home",))
    assert read.choice == DEFAULT
    assert len(read.problems) == 1 and words in read.problems[0]


def test_a_copied_link_pins_the_days():
    state = AppState(snapshot=SNAPSHOT, preset="last-7-days")
    parts = parse_qs(link(state))
    assert parts == {"from": [state.window().start.isoformat()], "to": [state.window().last.isoformat()]}
    assert parse_qs(UrlSync(state, query="").query) == {"period": ["last-7-days"]}


def test_the_address_follows_each_commit_once():
    state = AppState(snapshot=SNAPSHOT)
    sync = UrlSync(state, query="")
    sent: list[str] = []
    sync._bar.param.watch(lambda event: sent.append(event.new), "content")
    state.commit(metric="orders", filters={"region": ("007",)})
    assert len(sent) == 1
    assert sync._bar.told() == {"query": "metric=orders&region=007", "replace": False, "step": 0}


def test_an_address_opens_its_view_and_is_no_step_to_undo():
    state = AppState(snapshot=SNAPSHOT)
    UrlSync(state, query="metric=orders&region=&metrics=x")
    assert state.metric == "orders" and state.selection().values("region") == ("",)
    assert not state.can_undo and state.notice == ""


def test_the_back_button_brings_the_state_back_without_a_new_entry():
    state = AppState(snapshot=SNAPSHOT)
    sync = UrlSync(state, query="")
    state.commit(metric="orders")
    sync._bar.say({"query": ""})
    assert state.metric == "revenue"
    assert sync._bar.told()["query"] == ""


def test_a_bad_address_is_said_to_the_visitor():
    state = AppState(snapshot=SNAPSHOT)
    UrlSync(state, query="region=Atlantis")
    assert "Atlantis" in state.notice


def test_a_notebook_has_no_address():
    state = AppState(snapshot=SNAPSHOT)
    assert UrlSync(state).query == "" and state.choice() == state.default()
