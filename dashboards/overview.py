"""What happened: the headline numbers, how they moved, and where."""

from __future__ import annotations

import panel as pn

from components.breakdown_bars import BreakdownBars
from components.kpi_cards import KpiCards
from components.state import AppState
from components.trend_chart import TrendChart
from dashboards.shell.first import first_numbers
from dashboards.shell.more import More
from dashboards.shell.place import grid, stack
from engine.metrics import HEADLINES, METRICS

TITLE = "Overview"
ORDER = 10
ICON = "M4 19V11M10 19V5M16 19v-9M21 19H3"

first = first_numbers


def page(state: AppState) -> pn.viewable.Viewable:
    """The page for a state."""
    others = tuple(name for name in METRICS if name not in HEADLINES)
    return stack(
        KpiCards(state),
        More(state, lambda: KpiCards(state, metrics=others), ("More metrics", "Fewer metrics")),
        TrendChart(state),
        grid(*(BreakdownBars(state, dimension=name) for name in state.dimensions())),
    )


if pn.state.served:
    from dashboards.shell import alone

    alone("overview")
