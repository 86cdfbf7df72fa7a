"""From all lines of the file to the shop's revenue, rung by rung."""

from __future__ import annotations

import numpy as np

from engine.imports.formats._base import CANCELLED, KINDS, OTHER, REFUND, SALE
from engine.imports.report import Share, Step
from engine.imports.typed import Typed

WORDS = {
    REFUND: "money given back",
    CANCELLED: "cancelled or unavailable orders",
    OTHER: "lines that are no sale of goods",
}


def share(amount: np.ndarray, rows: np.ndarray) -> Share:
    """The rows under a mask and their money."""
    return Share(int(np.count_nonzero(rows)), int(amount[rows].sum()))


class PlainLadder:
    """All lines, less those set aside, less each kind that is no sale, is what was sold."""

    def __init__(self) -> None:
        self._kinds = [Share() for _ in KINDS]
        self._all = self._aside = Share()

    def count(self, typed: Typed, amount: np.ndarray, kinds: np.ndarray) -> None:
        self._all += share(amount, np.ones(typed.size, bool))
        self._aside += share(amount, ~typed.good)
        for kind in range(len(KINDS)):
            self._kinds[kind] += share(amount, (kinds == kind) & typed.good)

    def steps(self) -> list[Step]:
        left = self._all
        steps = [Step("lines in the file", None, left)]
        taken = [("lines set aside", self._aside), *((WORDS[kind], self._kinds[kind]) for kind in WORDS)]
        for label, part in taken:
            if part.rows:
                left = less(left, part)
                steps.append(Step(f"without {label}", minus(part), left))
        return [*steps, Step("lines sold: revenue", None, self._kinds[SALE])]


def minus(part: Share) -> Share:
    """The share as something taken away."""
    return Share(-part.rows, -part.units)


def less(left: Share, taken: Share) -> Share:
    """What is left."""
    return left + minus(taken)
