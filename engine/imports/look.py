"""The first rows of a plan as they would be stored."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.schema import MONEY_SCALE, TABLES, Kind
from engine.imports.formats._base import KINDS, Plan
from engine.imports.lines import READ, settle, stored
from engine.imports.typed import Settings, Typed

ROWS = 20


def first_rows(plan: Plan, settings: Settings) -> tuple[dict[str, Any], ...]:
    """Up to twenty rows with typed values; `problem` says why a row would be set aside."""
    for batch in plan.batches():
        if len(batch):
            return _typed(plan, settings, batch.slice(0, ROWS))
    return ()


def _typed(plan: Plan, settings: Settings, batch) -> tuple[dict[str, Any], ...]:
    typed = Typed(batch, READ if plan.target == "transactions" else TABLES[plan.target], settings)
    extra: dict[str, list] = {}
    if plan.target == "transactions":
        lines = settle(typed, plan)
        extra = {
            "kind": [KINDS[k].value for k in lines.kinds.tolist()],
            "amount": [units / MONEY_SCALE for units in lines.amount.tolist()],
        }
    extra["problem"] = [typed.reasons[w][0] if w >= 0 else None for w in typed.why.tolist()]
    every = np.arange(typed.size)
    columns = {c.name: _shown(typed, c, every) for c in TABLES[plan.target] if c.name in plan.columns}
    columns |= extra
    return tuple(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _shown(typed: Typed, column, every: np.ndarray) -> list:
    values = stored(typed, column, every) or [None] * typed.size
    if column.kind is Kind.MONEY:
        return [None if v is None else v / MONEY_SCALE for v in values]
    return values
