"""The first numbers as plain HTML: on screen before any script has arrived, then replaced by the live cards."""

from __future__ import annotations

from components import theme
from components.kpi_cards import direction
from components.safe import safe
from components.state import AppState
from engine.describe import kpis
from engine.metrics import metric


def first_numbers(state: AppState) -> str:
    """The headline cards of a state, in the place and size the live ones will have."""
    snapshot = state.snapshot()
    if snapshot.first_day is None:
        return ""
    cards = "".join(_card(kpi, snapshot.currency) for kpi in kpis(snapshot, state.selection()))
    return f'<div class="sl-bone sl-bar"></div><div class="sl-cards">{cards}</div>'


def _card(kpi, currency: str | None) -> str:
    meant = metric(kpi.metric)
    tone, _ = direction(kpi.metric, kpi.change, kpi.noise)
    moved = f'<i class="sl-{tone}">{safe(theme.change(kpi.change))}</i>' if kpi.change is not None else ""
    moved = moved or safe(kpi.brief or "")
    return (
        f'<div class="sl-card"><span>{safe(meant.label)}</span>'
        f"<b>{safe(theme.number(kpi.value, meant.unit, currency))}</b><small>{moved}</small></div>"
    )
