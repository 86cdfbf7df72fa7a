"""What several views of one page ask: the same question of the same data, answered once."""

from __future__ import annotations

from collections.abc import Callable

from components.state import AppState
from engine.diagnose.explain import explain
from engine.diagnose.explanation import Explanation
from engine.selection import Selection


def explained(state: AppState, selection: Selection) -> Callable[[], Explanation]:
    """The question why the state's metric changed, with all that it needs."""
    snapshot, store, metric = state.snapshot(), state.store(), state.metric
    return lambda: explain(snapshot, selection, metric, store=store)
