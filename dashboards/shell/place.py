"""Arranging views: columns that make use of the width there is, from a phone to a wall."""

from __future__ import annotations

import panel as pn

GAP = "16px"


def stack(*views) -> pn.Column:
    """One below the other."""
    return pn.Column(*views, sizing_mode="stretch_width", margin=0, styles={"gap": GAP})


def grid(*views, least: int = 340, stretch: bool = True) -> pn.Column:
    """Side by side, as many as fit.

    Parameters
    ----------
    least : pixels below which a column is not made
    stretch : whether fewer views than columns fill the row
    """
    fill = "auto-fit" if stretch else "auto-fill"
    return pn.Column(
        *views,
        sizing_mode="stretch_width",
        margin=0,
        styles={
            "display": "grid",
            "grid-template-columns": f"repeat({fill}, minmax(min({least}px, 100%), 1fr))",
            "align-items": "stretch",
            "gap": GAP,
        },
    )
