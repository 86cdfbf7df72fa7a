"""Every component shows itself in a notebook cell, without a server and without the internet."""

from __future__ import annotations

import re

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

SETUP = """
import holoviews as hv, panel as pn
hv.extension("bokeh", inline=True)
pn.extension(inline=True)
from components.state import AppState
state = AppState(path={path!r})
"""

CELLS = {
    "KpiCards": (
        "from components.kpi_cards import KpiCards; KpiCards(state)",
        "CardDeck",
    ),
    "TrendChart": (
        "from components.trend_chart import TrendChart; TrendChart(state)",
        "Figure",
    ),
    "BreakdownBars": (
        "from components.breakdown_bars import BreakdownBars; BreakdownBars(state, dimension='category')",
        "Figure",
    ),
    "SegmentLines": (
        "from components.segment_lines import SegmentLines; SegmentLines(state)",
        "Figure",
    ),
    "Heatmap": (
        "from components.heatmap import Heatmap; Heatmap(state)",
        "Figure",
    ),
    "TopTable": (
        "from components.top_table import TopTable; TopTable(state)",
        "LeagueTable",
    ),
    "FilterBar": (
        "from components.filter_bar import FilterBar; FilterBar(state)",
        "FilterDeck",
    ),
    "Breadcrumb": (
        "from components.breadcrumb import Breadcrumb; Breadcrumb(state)",
        "CrumbTrail",
    ),
    "UrlSync": (
        "from components.url import UrlSync; UrlSync(state)",
        "AddressBar",
    ),
    "a commit": ("state.commit(metric='orders', filters={'region': ('West',)})", ""),
}


@pytest.fixture(scope="module")
def executed(shop_db, tmp_path_factory):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(SETUP.format(path=str(shop_db)))]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source, _ in CELLS.values()]
    folder = tmp_path_factory.mktemp("notebook")
    client = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return dict(zip(("setup", *CELLS), notebook.cells, strict=True))


def test_no_cell_fails(executed):
    assert not [o for cell in executed.values() for o in cell.outputs if o.output_type == "error"]


@pytest.mark.parametrize(("name", "model"), [(name, model) for name, (_, model) in CELLS.items() if model])
def test_a_component_shows_itself_in_a_cell(executed, name, model):
    shown = [o.data for o in executed[name].outputs if o.output_type in ("display_data", "execute_result")]
    (rich,) = [data for data in shown if "application/vnd.holoviews_exec.v0+json" in data]
    roots = re.findall(r'"class_name":"(\w+)"|"name":"(Figure)"', rich["text/html"])
    assert model in {found for pair in roots for found in pair}


def test_a_commit_in_a_later_cell_is_taken(executed):
    (output,) = [o for o in executed["a commit"].outputs if o.output_type == "execute_result"]
    assert output.data["text/plain"] == "True"


def test_no_cell_writes_warnings(executed):
    said = [o.text for cell in executed.values() for o in cell.outputs if o.output_type == "stream"]
    assert said == []


# What a notebook's front end does with a cell's outputs: scripts run, HTML is put in and its scripts run.
RUN = """([kind, text]) => {
  const fresh = (code) => Object.assign(document.createElement("script"), { textContent: code })
  if (kind === "script") return void document.body.append(fresh(text))
  const cell = document.createElement("div")
  cell.innerHTML = text
  document.body.append(cell)
  for (const old of cell.querySelectorAll("script")) {
    const made = fresh(old.textContent)
    for (const { name, value } of old.attributes) made.setAttribute(name, value)
    old.replaceWith(made)
  }
}"""


def _outputs(cells):
    for cell in cells:
        for data in (getattr(o, "data", {}) for o in cell.outputs):
            if "text/html" in data:
                yield "html", data["text/html"]
            elif "application/javascript" in data:
                yield "script", data["application/javascript"]


def test_the_cells_draw_themselves_with_the_internet_blocked(executed, browser, tmp_path):
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><body></body>")
    page, asked = browser.new_page(), []
    page.route("http*://**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page.goto(blank.as_uri())
    for output in _outputs(executed.values()):
        page.evaluate(RUN, list(output))
    page.wait_for_selector(".card .value")
    page.wait_for_function("document.querySelectorAll('*').length > 0 && window.Bokeh.index.roots.length >= 9")
    page.wait_for_selector("h3:has-text('Top')")
    assert page.locator(".card .value").count() == 5
    assert page.locator("canvas").count() >= 4
    assert asked == []
    page.close()
