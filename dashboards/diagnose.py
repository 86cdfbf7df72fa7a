"""Why a figure moved: what the change is made of, where it comes from, and the orders behind it."""

from __future__ import annotations

import panel as pn

from components.breadcrumb import Breadcrumb
from components.diagnose.orders_table import OrdersTable
from components.diagnose.waterfall import Waterfall
from components.filter_bar import FilterBar
from components.state import AppState
from dashboards.shell.empty import empty_shop
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
        flow(Waterfall(state), least=460),
        OrdersTable(state),
    )


if pn.state.served:
    from dashboards.shell import alone

    alone("diagnose")
