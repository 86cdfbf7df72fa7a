"""Findings kept: each with its question, evidence and note, pinned to the data it was found in."""

from __future__ import annotations

import panel as pn

from components.diagnose.case_files import CaseFiles
from components.state import AppState
from dashboards.shell.place import stack

TITLE = "Cases"
ORDER = 70
STEADY = True
ICON = "M6 3h9l4 4v14H6zM15 3v4h4M9.5 12h6M9.5 16h6"


def page(state: AppState) -> pn.viewable.Viewable:
    """The page for a state."""
    return stack(CaseFiles(state))


if pn.state.served:
    from dashboards.shell import alone

    alone("cases")
