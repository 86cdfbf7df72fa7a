"""Where the numbers come from: every load with its report, and the desk for new files."""

from __future__ import annotations

import panel as pn

from components.state import AppState
from dashboards.intake import ImportDesk, Ledger
from dashboards.shell.place import stack

TITLE = "Data"
ORDER = 90
STEADY = True
ICON = "M4 6c0-4 16-4 16 0s-16 4-16 0zM4 6v12c0 4 16 4 16 0V6M4 12c0 4 16 4 16 0"


def page(state: AppState) -> pn.viewable.Viewable:
    """The page for a state."""
    return stack(ImportDesk(state), Ledger(state))


if pn.state.served:
    from dashboards.shell import alone

    alone("sources")
