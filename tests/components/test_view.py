"""Every view keeps the contract: it asks when seen, shows, and says in words what it cannot show."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from components import theme
from components.breadcrumb import Breadcrumb
from components.breakdown_bars import BreakdownBars
from components.chart_view import ChartView
from components.filter_bar import FilterBar
from components.heatmap import Heatmap
from components.kpi_cards import KpiCards
from components.segment_lines import SegmentLines
from components.state import AppState
from components.top_table import TopTable
from components.trend_chart import TrendChart
from components.view import FAULT, View, collecting, wake
from engine.errors import EngineError
from engine.selection import Window
from tests.components import shops

CHARTS = (TrendChart, BreakdownBars, SegmentLines, Heatmap)
VIEWS = (*CHARTS, KpiCards, TopTable, FilterBar, Breadcrumb)


def told(view: View) -> dict:
    """What a view's heading or island says."""
    return (view._heading if isinstance(view, ChartView) else view._island).told()


def is_drawn(view: View) -> bool:
    assert view.chart.pane.visible == view.chart.figure.visible
    return view.chart.figure.visible


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("make", [shops.shop, shops.one_row, shops.one_day, shops.bare, shops.empty])
def test_every_view_shows_every_shop_without_a_fault(view, make, caplog):
    state = AppState(snapshot=make())
    made = view(state)
    for metric in ("revenue", "satisfaction", "refund_rate", "customers"):
        state.commit(metric=metric)
    assert caplog.records == []
    assert FAULT not in str(told(made))


@pytest.mark.parametrize("view", CHARTS)
def test_days_without_sales_are_said_in_words_and_then_forgotten(view):
    state = AppState(snapshot=shops.shop(names=("Mug", "Lamp")))
    made = view(state)
    assert is_drawn(made) and "message" not in told(made)
    state.commit(window=Window.inclusive(date(2031, 1, 1), date(2031, 1, 9)))
    assert not is_drawn(made)
    assert "revenue" in told(made)["message"] and "Jan 2031" in told(made)["message"]
    assert told(made)["height"] == made.height
    state.undo()
    assert is_drawn(made) and "message" not in told(made)


@pytest.mark.parametrize("view", CHARTS)
def test_an_empty_shop_says_what_to_do(view):
    made = view(AppState(snapshot=shops.empty()))
    assert "import a file" in told(made)["message"] and not is_drawn(made)


@pytest.mark.parametrize("view", [BreakdownBars, SegmentLines])
def test_a_missing_column_is_named_under_a_readable_title(view):
    said = told(view(AppState(snapshot=shops.bare())))
    assert view(AppState(snapshot=shops.bare())).dimension in said["message"]
    assert said["title"] and "Bars" not in said["title"] and "Lines" not in said["title"]


@pytest.mark.parametrize("view", [TrendChart, BreakdownBars, SegmentLines, Heatmap])
def test_a_missing_metric_is_named(view):
    state = AppState(snapshot=shops.shop(satisfaction_score=[float("nan")] * 400))
    made = view(state)
    state.commit(metric="satisfaction")
    assert "satisfaction_score" in told(made)["message"]


class _Counting(View):
    """A view that counts how often it asks, and fails as told."""

    def build(self):
        self.asked, self.said, self.shown, self.error = 0, "", None, None

    def answer(self, selection):
        self.asked += 1
        if self.error is not None:
            raise self.error
        return selection

    def show(self, answer):
        self.shown, self.said = answer, ""

    def problem(self, sentence):
        self.said = sentence


@pytest.fixture
def state():
    return AppState(snapshot=shops.shop())


def test_a_view_asks_once_a_commit(state):
    view = _Counting(state)
    state.commit(metric="orders", preset="all", filters={"region": ("Mug",)})
    assert view.asked == 2 and view.shown == state.selection()


def test_a_sleeping_view_asks_nothing_and_catches_up_on_waking(state):
    with collecting() as views:
        view, other = _Counting(state), _Counting(state)
    assert views == [view, other]
    wake(views, False)
    state.commit(metric="orders")
    state.commit(preset="all")
    assert view.asked == 1
    wake(views)
    assert view.asked == 2 and view.shown == state.selection()
    wake(views, False)
    wake(views)
    assert view.asked == 2


def test_an_error_for_the_visitor_is_shown_as_it_is_and_forgotten(state, caplog):
    view = _Counting(state)
    view.error = EngineError("No such thing; pick another.")
    state.commit(metric="orders")
    assert view.said == "No such thing; pick another." and caplog.records == []
    view.error = None
    state.commit(metric="aov")
    assert view.said == ""


def test_a_fault_of_ours_is_logged_and_the_other_views_go_on(state, caplog):
    broken, sound = _Counting(state), _Counting(state)
    broken.error = ZeroDivisionError("oops")
    with caplog.at_level(logging.ERROR):
        state.commit(metric="orders")
    assert broken.said == FAULT and sound.shown == state.selection()
    assert "oops" in caplog.text


def test_a_commit_reaches_the_browser_as_one_message(state):
    document = Document()
    with set_curdoc(document):
        views = [KpiCards(state), TrendChart(state), BreakdownBars(state)]
        for view in views:
            document.add_root(view.__panel__().get_root(document))
        walks = []
        recompute = type(document.models).recompute
        type(document.models).recompute = lambda self: walks.append(1) or recompute(self)
        try:
            state.commit(filters={"region": ("Mug",)})
        finally:
            type(document.models).recompute = recompute
    assert walks == []
    assert document.callbacks.hold_value is None


@pytest.mark.parametrize("view", VIEWS)
def test_dark_colors_come_and_go(view, state):
    made = view(state)
    state.dark = True
    island = made._heading if isinstance(made, ChartView) else made._island
    assert island.css_classes == ["sl-dark"]
    if isinstance(made, ChartView):
        assert made._card.styles["background"] == theme.DARK.surface
    state.dark = False
    assert island.css_classes == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_makes_no_new_model_after_it_was_built(view, state):
    document = Document()
    made = view(state)
    document.add_root(made.__panel__().get_root(document))
    before = {m.id for m in document.models}
    state.commit(filters={"region": ("Mug",)}, metric="orders", preset="all")
    state.commit(window=Window.inclusive(date(2031, 1, 1), date(2031, 1, 9)))
    state.dark = True
    assert {m.id for m in document.models} == before


def test_a_state_of_its_own_is_made_from_a_path(shop_db):
    view = KpiCards(AppState(path=shop_db))
    assert len(told(view)["cards"]) == 5
