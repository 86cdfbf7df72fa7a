"""Charts of rows: each row's words stand above its bar, so that a long name has the whole width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bokeh.core.properties import value
from bokeh.plotting import figure as Figure

from components import theme
from components.live_chart import hover, share_marks, strip_axes, tooltip

# A row holds its name and figure above its bar; 44 px is also the least a finger hits (WCAG 2.5.5).
ROW = 46

# What the figure keeps above its frame.
EDGE = 10


def dress_rows(figure: Figure, columns: Sequence[str], names: Sequence[str]) -> None:
    """Make a chart of three marks one of rows: what a click hits, the bars, and an upright dash.

    Parameters
    ----------
    columns : of the one source; among them row, left, right, fill, name and figure
    names : of the three renderers
    """
    source = figure.renderers[1].data_source
    source.data = {c: [] for c in columns}
    for renderer, name in zip(figure.renderers, names, strict=True):
        renderer.update(name=name, data_source=source)
    rows, bars, dash = figure.renderers
    rows.glyph.update(y="row", left="left", right="right", height=0.96, fill_alpha=0.0, line_alpha=0.0)
    bars.glyph.update(y="row", line_color=None, fill_color="fill", border_radius=3)
    dash.glyph.update(y="row", marker="dash", angle=np.pi / 2)
    for column, (align, x) in {"name": ("left", "left"), "figure": ("right", "right")}.items():
        figure.text(x=x, y="row", text=column, source=source, name=column, text_align=align, y_offset=-15,
                           text_baseline="middle", text_font=value(theme.FONT), text_font_size="13px")  # fmt: skip
    share_marks(figure)
    strip_axes(figure)
    figure.y_range.update(range_padding=0.0, factor_padding=0.0, group_padding=0.0)
    hover(figure, [rows]).point_policy = "follow_mouse"


def color_rows(figure: Figure, said: Sequence[str], *, dark: bool) -> None:
    """Put on the colours that all charts of rows share; `said` are the columns of the tooltip."""
    colors = theme.palette(dark)
    found = {r.name: r for r in figure.renderers}
    figure.renderers[0].glyph.fill_color = colors.accent
    found["name"].glyph.text_color = colors.ink
    found["figure"].glyph.text_color = colors.muted
    figure.hover[0].tooltips = tooltip(said, dark)
