"""From all lines of the file to the shop's revenue, rung by rung."""

from __future__ import annotations

import numpy as np

from engine.imports.formats._base import CANCELLED, KINDS, OTHER, REFUND, SALE
from engine.imports.report import Share, Step
from engine.imports.typed import Typed

WORDS = {
    REFUND: "money given back",
    CANCELLED: "cancelled or unavailable orders",
    OTHER: "no sale of goods",
}


def share(amount: np.ndarray, rows: np.ndarray) -> Share:
    """The rows under a mask and their money."""
    return Share(int(np.count_nonzero(rows)), int(amount[rows].sum()))


class PlainLadder:
    """Readable lines, less each kind that is no sale, is what was sold."""

    def __init__(self) -> None:
        self._kinds = [Share() for _ in KINDS]

    def count(self, typed: Typed, amount: np.ndarray, kinds: np.ndarray) -> None:
        for kind in range(len(KINDS)):
            self._kinds[kind] += share(amount, (kinds == kind) & typed.good)

    def steps(self) -> list[Step]:
        left = sum(self._kinds, Share())
        steps = [Step("lines that can be read", None, left)]
        for kind, label in WORDS.items():
            taken = self._kinds[kind]
            if taken.rows:
                left = Share(left.rows - taken.rows, left.units - taken.units)
                steps.append(Step(f"without {label}", Share(-taken.rows, -taken.units), left))
        return [*steps, Step("lines sold: revenue", None, self._kinds[SALE])]
