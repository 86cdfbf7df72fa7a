"""Why a figure moved: what the change is made of, where it comes from, and the orders behind it."""

from __future__ import annotations

import panel as pn

from components.breadcrumb import Breadcrumb
from components.diagnose.cause_list import CauseList
from components.diagnose.course_chart import CourseChart
from components.diagnose.drill_table import DrillTable
from components.diagnose.driver_cards import ChainCard, ChurnCard, CorrelationCard, SatisfactionCard
from components.diagnose.driver_charts import DeliveryDose, LoyaltyDose
from components.diagnose.event_list import EventList
from components.diagnose.orders_table import OrdersTable
from components.diagnose.story import Story
from components.diagnose.waterfall import Waterfall
from components.filter_bar import FilterBar
from components.state import AppState
from dashboards.shell.empty import empty_shop
from dashboards.shell.more import More
from dashboards.shell.place import flow, stack

TITLE = "Diagnose"
ORDER = 20
ICON = "M4 19l5-6 4 3 7-9M15 7h5v5"


def page(state: AppState) -> pn.viewable.Viewable:
    """The page for a state."""
    if state.snapshot().first_day is None:
        return empty_shop(state)
    return stack(
        stack(FilterBar(state), Breadcrumb(state)),
        Story(state),
        flow(CauseList(state), Waterfall(state), least=460),
        DrillTable(state),
        OrdersTable(state),
        _unusual(state),
        More(state, lambda: _drivers(state), ("What drives satisfaction, repeat orders and churn", "Fewer answers")),
    )


def _unusual(state: AppState) -> pn.viewable.Viewable:
    """The events of all watched series, and the course of the one that is picked."""
    events = EventList(state)
    return flow(CourseChart(state, events=events), events, least=420, shares=(3, 2))


def _drivers(state: AppState) -> pn.viewable.Viewable:
    """What moves customers; built when it is asked for, since it takes a few seconds of work."""
    return stack(
        ChainCard(state),
        flow(DeliveryDose(state), LoyaltyDose(state), least=420),
        flow(SatisfactionCard(state), ChurnCard(state), least=460),
        CorrelationCard(state),
    )


if pn.state.served:
    from dashboards.shell import alone

    alone("diagnose")
