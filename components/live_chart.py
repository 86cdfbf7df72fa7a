"""A chart that is built once from an hvPlot object and then only fed.

hvPlot takes 80 to 240 ms of processor time to build a chart, so each blueprint is built once per process
and its figure is copied for every visitor (1 to 2 ms). After that a filter changes columns and ranges.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import panel as pn
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.events import DoubleTap, PointEvent, Tap
from bokeh.model import Model
from bokeh.model.util import HasDocumentRef
from bokeh.models import (
    BasicTickFormatter,
    CategoricalAxis,
    ColumnDataSource,
    FixedTicker,
    GlyphRenderer,
    HoverTool,
    NoOverlap,
    Range1d,
)
from bokeh.plotting import figure as Figure

from components import lean, theme
from components.faults import told

lean.apply()

_templates: dict[str, Figure] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Blueprint:
    """A kind of chart.

    Parameters
    ----------
    name : unique among blueprints; the figure built from it is kept under this name
    plot : makes the hvPlot object over a few sample rows; called once per process
    dress : names the renderers and sets what hvPlot has no word for; called once, on the rendered figure
    color : puts on the colours of a mode; called for every copy and at each change of mode
    """

    name: str
    plot: Callable[[], Any]
    dress: Callable[[Figure], None]
    color: Callable[[Figure, bool], None]


class FigurePane(pn.pane.Bokeh):
    """A pane that takes the figure as it is: its theme is ours already, and its size never follows a layout.

    The general pane walks all models of the figure twice for a theme and copies its 90 properties to itself.
    """

    def _sync_properties(self) -> None:
        return

    def _get_model(self, doc, root=None, parent=None, comm=None):
        if root is None:
            return self.get_root(doc, comm)
        if comm and self.autodispatch:
            self._wrap_bokeh_callbacks(root, self.object, doc, comm)
        self._models[root.ref["id"]] = (self.object, parent)
        return self.object


class LiveChart:
    """One visitor's copy of a blueprint's figure.

    Parameters
    ----------
    blueprint : the kind of chart
    height : pixels of the whole figure
    dark : the mode to start in
    """

    def __init__(self, blueprint: Blueprint, *, height: int, dark: bool = False) -> None:
        self.blueprint = blueprint
        self.figure: Figure = copied(template(blueprint))
        self.figure.height = height
        self.renderers: dict[str, GlyphRenderer] = {r.name: r for r in self.figure.renderers}
        self.recolor(dark)
        self.pane = FigurePane(self.figure, sizing_mode="stretch_width", height=height, margin=0)

    @property
    def sources(self) -> dict[str, ColumnDataSource]:
        """The data sources by the name of their renderer."""
        return {name: renderer.data_source for name, renderer in self.renderers.items()}

    def feed(self, name: str, columns: Mapping[str, Sequence]) -> None:
        """Replace the columns behind a renderer; all must be of one length."""
        self.renderers[name].data_source.data = dict(columns)

    def values(self, ticks: Sequence[float], labels: Mapping[float, str], *, top: float | None = None) -> None:
        """Set the value axis: from the first tick to `top`, labelled as given."""
        self._axis(self.figure.yaxis[0], ticks, labels)
        end = ticks[-1] if top is None else top
        # A mark on the lowest or highest tick would be drawn by half.
        room = 0.018 * (end - ticks[0])
        self._range(self.figure.y_range, ticks[0] - room, end + room)

    def dates(self, starts: Sequence[date], grain: str) -> None:
        """Set the time axis to those buckets, with labels that leave each other room."""
        labels = {theme.milliseconds(start): text for start, text in theme.date_ticks(starts, grain)}
        self._axis(self.figure.xaxis[0], list(labels), labels)
        first, last = theme.milliseconds(starts[0]), theme.milliseconds(starts[-1])
        # One bucket alone would have no width, and its mark would sit on the frame.
        room = (last - first) * 0.02 if last > first else 86_400_000.0
        self._range(self.figure.x_range, first - room, last + room)

    def doses(self, doses: Sequence[float], labels: Sequence[str]) -> None:
        """Set the horizontal axis to these values, with a label each that has room."""
        self._axis(self.figure.xaxis[0], list(doses), dict(zip(doses, labels, strict=True)))
        room = (max(doses) - min(doses) or 1.0) * 0.06
        self._range(self.figure.x_range, min(doses) - room, max(doses) + room)

    def span(self, low: float, top: float) -> None:
        """Set the horizontal axis of bars; zero is always on it."""
        self._range(self.figure.x_range, min(low, 0.0), top)

    def stretch(self, low: float, top: float) -> None:
        """Set the horizontal axis to just these values, where no bar begins at zero."""
        self._range(self.figure.x_range, low, top)

    def factors(self, axis: str, factors: Sequence[str]) -> None:
        """Set the categories of the `x` or `y` axis; they may change freely between feeds."""
        found = self.figure.x_range if axis == "x" else self.figure.y_range
        if list(found.factors) != list(factors):
            found.factors = list(factors)

    def resize(self, height: int) -> None:
        """Change the height where the number of rows asks for it."""
        if self.figure.height != height:
            self.figure.height = height
            self.pane.height = height

    def reveal(self, visible: bool) -> None:
        """Show or hide the figure; the pane hands its own visibility on only once it is on a page."""
        self.figure.visible = self.pane.visible = visible

    def recolor(self, dark: bool) -> None:
        """Put on the light or the dark colours."""
        theme.style_axes(self.figure, dark)
        self.blueprint.color(self.figure, dark)

    def on_row(self, tell: Callable[[int], None]) -> None:
        """Call `tell` with the row a visitor clicked, counted from the top; for charts of one category a row.

        Two clicks within 300 ms are two clicks here as well: Bokeh calls the second a double tap, which its tap
        tool does not hear, and a selection would forget a click that comes before the answer to the first.
        """

        def tapped(event: PointEvent) -> None:
            rows, left = len(self.figure.y_range.factors), self.figure.x_range.start
            if None in (event.x, event.y) or event.x < left or not 0 <= event.y < rows:
                return
            with told():
                tell(rows - 1 - int(event.y))

        self.figure.on_event(Tap, tapped)
        self.figure.on_event(DoubleTap, tapped)

    @staticmethod
    def _axis(axis: Model, ticks: Sequence[float], labels: Mapping[float, str]) -> None:
        axis.major_label_overrides = dict(labels)
        axis.ticker.ticks = list(ticks)

    @staticmethod
    def _range(found: Range1d, start: float, end: float) -> None:
        if (found.start, found.end) != (start, end):
            found.update(start=start, end=end, reset_start=start, reset_end=end)


# ---------------------------------------------------------------- built once per process


def template(blueprint: Blueprint) -> Figure:
    """The figure of a blueprint, built with hvPlot at the first call and kept."""
    with _lock:
        if blueprint.name not in _templates:
            _templates[blueprint.name] = _build(blueprint)
        return _templates[blueprint.name]


def plotter(columns: Mapping[str, Sequence]) -> Any:
    """hvPlot over a small frame, imported here and not before.

    `import hvplot.pandas` would register an extension that loads Bokeh from the internet in a notebook.
    """
    import holoviews as hv
    import pandas as pd
    from hvplot import hvPlot

    if "bokeh" not in hv.Store.renderers:
        import holoviews.plotting.bokeh  # noqa: F401  registers the renderer without loading any script
    return hvPlot(pd.DataFrame(columns))


def _build(blueprint: Blueprint) -> Figure:
    import holoviews as hv

    plot = blueprint.plot()
    with _quiet():
        figure = hv.render(plot, backend="bokeh")
    _trim(figure)
    blueprint.dress(figure)
    return figure


class _quiet:
    """Keep holoviews' remark about responsive sizes out of the log; our panes size the figure."""

    def __enter__(self) -> None:
        import param

        self._logger = param.parameterized.get_logger()
        self._level = self._logger.level
        self._logger.setLevel("ERROR")

    def __exit__(self, *exc: object) -> None:
        self._logger.setLevel(self._level)


def _trim(figure: Figure) -> None:
    """Leave out what a shop owner has no use for: toolbar, zooming, titles and the second look of each mark.

    Every model left costs each visitor about 1 ms of the server's time, so marks share what they can.
    """
    figure.toolbar.update(tools=[], active_drag=None, active_scroll=None)
    figure.update(toolbar_location=None, title=None, outline_line_color=None, output_backend="canvas")
    figure.update(sizing_mode="stretch_width", width=None, min_width=0, margin=(0, 18, 12, 18))
    figure.update(min_border_left=0, min_border_right=0, min_border_top=10, min_border_bottom=0)
    figure.stylesheets = [":host(:focus-visible){outline:none}"]
    share_marks(figure)
    policy, formatter = NoOverlap(), BasicTickFormatter(use_scientific=False)
    for axis in figure.axis:
        axis.update(major_label_policy=policy, axis_label=None, major_label_overrides={})
        if not isinstance(axis, CategoricalAxis):
            axis.update(ticker=FixedTicker(ticks=[]), formatter=formatter)


def share_marks(figure: Figure) -> None:
    """One view of the rows for all marks over one source, and one look each; to be called again after adding marks."""
    views: dict[str, Model] = {}
    for renderer in figure.renderers:
        view = views.setdefault(renderer.data_source.id, renderer.view)
        renderer.update(view=view, nonselection_glyph=None, selection_glyph=None, muted_glyph=None, hover_glyph=None)


def strip_axes(figure: Figure) -> None:
    """Take away axes and grid where the marks carry their own labels."""
    figure.update(left=[], right=[], above=[], below=[], center=[])


def hover(figure: Figure, renderers: list[GlyphRenderer], *, mode: str = "mouse") -> HoverTool:
    """Add the one tooltip of a chart; its text comes with `set_tooltip`."""
    tool = HoverTool(renderers=renderers, mode=mode, point_policy="snap_to_data", line_policy="nearest",
                     attachment="horizontal", show_arrow=False)  # fmt: skip
    figure.add_tools(tool)
    return tool


def tooltip(rows: Sequence[str], dark: bool) -> str:
    """A tooltip of text columns, the first one as its heading.

    Bokeh puts the columns in as text (never with `{safe}`), so this constant frame is all the HTML there is.
    """
    colors = theme.palette(dark)
    head, *rest = rows
    lines = "".join(f'<div style="color:{colors.muted};margin-top:2px">@{{{row}}}</div>' for row in rest)
    return (
        f'<div style="font:13px/1.35 {theme.FONT.replace(chr(34), chr(39))};background:{colors.raised};'
        f"color:{colors.ink};padding:8px 11px;border-radius:8px;max-width:260px;"
        f'border:1px solid {colors.line}"><div style="font-weight:600">@{{{head}}}</div>{lines}</div>'
    )


# ---------------------------------------------------------------- copied per visitor


def copied(root: Figure) -> Figure:
    """A copy of a figure with all its models, sharing none of them.

    Bokeh's own way (to JSON and back) takes 80 ms for 50 models, most of it validation of values that
    were validated when the template was built; carrying the values over takes 1 to 2 ms for 20 to 40 models.
    """
    return _copy_model(root, {})


def _copy_model(model: Model, done: dict[str, Model]) -> Model:
    found = done.get(model.id)
    if found is not None:
        return found
    new = type(model).__new__(type(model))
    HasDocumentRef.__init__(new)
    new._property_values, new._unstable_default_values, new._unstable_themed_values = {}, {}, {}
    done[model.id] = new
    for name in ("_property_values", "_unstable_default_values"):
        values = getattr(new, name)
        for key, value in getattr(model, name).items():
            values[key] = _copy_property(new, key, value, done)
    new._initialized = True
    return new


def _copy_property(owner: Model, key: str, value: Any, done: dict[str, Model]) -> Any:
    carried = _copy_value(value, done)
    if isinstance(value, PropertyValueContainer):
        descriptor = type(owner).lookup(key)
        carried = descriptor.property.wrap(carried)
        carried._register_owner(owner, descriptor)
    return carried


def _copy_value(value: Any, done: dict[str, Model]) -> Any:
    if isinstance(value, Model):
        return _copy_model(value, done)
    if isinstance(value, dict):
        return {k: _copy_value(v, done) for k, v in value.items()}
    if isinstance(value, list):
        return [_copy_value(v, done) for v in value]
    if isinstance(value, tuple):
        return tuple(_copy_value(v, done) for v in value)
    if isinstance(value, set):
        return {_copy_value(v, done) for v in value}
    return value
