"""Arranging views: columns that make use of the width there is, from a phone to a wall."""

from __future__ import annotations

from collections.abc import Sequence

import panel as pn

from components.island import Quiet

GAP = "16px"


# Panel keeps a button for scrolling in every column; unseen, it would still take a place and a gap.
BARE = ":host > .scroll-button{display:none!important}"


def stack(*views, gap: str = GAP) -> pn.Column:
    """One below the other."""
    return Quiet(*views, sizing_mode="stretch_width", margin=0, styles={"gap": gap}, stylesheets=[BARE])


def flow(*views, least: int = 320, shares: Sequence[int] = ()) -> pn.Column:
    """Side by side, as many as fit, equally high, every row filled.

    Parameters
    ----------
    least : pixels below which a column is not made
    shares : how the width of a row is shared out; equally without
    """
    # Bokeh sets a child's own size and place on the child; here the row decides.
    rules = [BARE, _CHILD.format(least=least)]
    rules += [f":host > div:nth-of-type({i}){{flex-grow:{share}!important}}" for i, share in enumerate(shares, 1)]
    return Quiet(
        *views,
        sizing_mode="stretch_width",
        margin=0,
        styles={"display": "flex", "flex-direction": "row", "flex-wrap": "wrap", "gap": GAP},
        stylesheets=rules,
    )


_CHILD = (
    ":host > div{{flex:1 1 min({least}px, 100%)!important;width:auto!important;min-width:0!important;"
    "align-self:stretch!important;height:auto!important}}"
)
