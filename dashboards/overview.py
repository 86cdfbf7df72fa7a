"""What happened: the headline numbers, how they moved, and where."""

from __future__ import annotations

import panel as pn

from components.breadcrumb import Breadcrumb
from components.breakdown_bars import BreakdownBars
from components.filter_bar import FilterBar
from components.heatmap import Heatmap
from components.kpi_cards import KpiCards
from components.segment_lines import SegmentLines
from components.state import AppState
from components.top_table import TopTable
from components.trend_chart import TrendChart
from dashboards.shell.empty import empty_shop
from dashboards.shell.first import first_numbers
from dashboards.shell.more import More
from dashboards.shell.place import flow, stack
from engine.metrics import HEADLINES, METRICS

TITLE = "Overview"
ORDER = 10
ICON = "M4 19V11M10 19V5M16 19v-9M21 19H3"

# The first of these that a shop has splits the lines by month.
LINES_BY = ("segment", "region", "category", "channel", "payment_method")

_FEW = 4

first = first_numbers


def page(state: AppState) -> pn.viewable.Viewable:
    """The page for a state."""
    if state.snapshot().first_day is None:
        return empty_shop(state)
    present = state.dimensions()
    return stack(
        stack(FilterBar(state), Breadcrumb(state)),
        stack(KpiCards(state, why="diagnose"), More(state, lambda: _others(state), ("More metrics", "Fewer metrics"))),
        flow(TrendChart(state), *_lines(state, present), least=460, shares=(3, 2)),
        *_row(_bars(state, present)),
        flow(Heatmap(state), *_best(state, present), least=460, shares=(2, 3)),
    )


def _row(views: list) -> list[pn.viewable.Viewable]:
    """The views side by side; no row at all, and no gap for it, without a view."""
    return [flow(*views)] if views else []


def _others(state: AppState) -> KpiCards:
    """The other metrics; those that lack a column come last, where they leave no gaps among the figures."""
    names = (name for name in METRICS if name not in HEADLINES)
    known_first = sorted(names, key=lambda name: state.snapshot().missing(name) is not None)
    return KpiCards(state, metrics=tuple(known_first), why="diagnose")


def _splits(present: tuple[str, ...]) -> tuple[str, ...]:
    """Dimensions that get bars; products have a table, and bars only where a row would stay half empty."""
    others = tuple(name for name in present if name != "product")
    return others if len(others) > 1 else present


def _bars(state: AppState, present: tuple[str, ...]) -> list[BreakdownBars]:
    """Bars of each dimension, the longest first, so that neighbours are about equally long."""
    counts = {name: len(state.snapshot().values(name)) for name in _splits(present)}
    # Beside a card of three or four rows, one of eight would leave the short card half empty.
    limit = 6 if min(counts.values(), default=0) <= _FEW else 8
    longest_first = sorted(counts, key=lambda name: -min(counts[name], limit))
    return [BreakdownBars(state, dimension=name, limit=limit) for name in longest_first]


def _lines(state: AppState, present: tuple[str, ...]) -> list[SegmentLines]:
    by = next((name for name in LINES_BY if name in present), None)
    return [SegmentLines(state, dimension=by)] if by else []


def _best(state: AppState, present: tuple[str, ...]) -> list[TopTable]:
    return [TopTable(state, limit=7)] if {"product", "category"} & set(present) else []


if pn.state.served:
    from dashboards.shell import alone

    alone("overview")
