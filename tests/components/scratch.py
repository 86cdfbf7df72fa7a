"""A page with every view over a shop of one's choice: `python -m tests.components.scratch`, then `/hostile`."""

from __future__ import annotations

import panel as pn
from panel.io.server import DocHandler

from components.breadcrumb import Breadcrumb
from components.breakdown_bars import BreakdownBars
from components.filter_bar import FilterBar
from components.heatmap import Heatmap
from components.kpi_cards import KpiCards
from components.segment_lines import SegmentLines
from components.state import AppState
from components.top_table import TopTable
from components.trend_chart import TrendChart
from components.url import UrlSync
from tests.components import shops

# The policy the server sends: what a view needs beyond it would not work for a visitor.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; script-src-attr 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' blob: ws: wss:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

SHOPS = {
    "plain": lambda: shops.shop(600),
    "hostile": lambda: shops.shop(600, names=shops.HOSTILE),
    "bare": shops.bare,
    "empty": shops.empty,
    "one": shops.one_row,
}


def page(name: str) -> pn.Column:
    """Every view over that shop."""
    state = AppState(snapshot=SHOPS[name](), dark="dark" in pn.state.session_args)
    views = [
        UrlSync(state), FilterBar(state), Breadcrumb(state), KpiCards(state), TrendChart(state),
        BreakdownBars(state, dimension="product"), SegmentLines(state), Heatmap(state), TopTable(state),
    ]  # fmt: skip
    return pn.Column(*views, sizing_mode="stretch_width", styles={"gap": "16px", "padding": "16px"}, margin=0)


def application(name: str):
    """A function of its own for each address, as the server wants it."""
    return lambda: page(name)


if __name__ == "__main__":
    DocHandler.set_default_headers = lambda self: self.set_header("Content-Security-Policy", POLICY)
    pn.serve({f"/{name}": application(name) for name in SHOPS}, port=0, show=False)
