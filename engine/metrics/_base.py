"""The two words every number is made of: a measure is counted, a metric is a formula of measures."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from data.schema import MONEY_SCALE, LineKind


class Unit(StrEnum):
    """What a metric's values are, and so how they are written."""

    MONEY = "money"
    COUNT = "count"
    RATE = "rate"
    SCORE = "score"
    DAYS = "days"
    NUMBER = "number"


class How(StrEnum):
    """How a measure is made of rows.

    SUM and COUNT add over rows and so over any split. DISTINCT counts the entities seen and does not.
    REPEATED counts the customers seen in two or more orders. FIRST counts the customers whose first
    order ever is among the rows.
    """

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"
    REPEATED = "repeated"
    FIRST = "first"


class Grain(StrEnum):
    """What one observation is: a fact of the order is counted once an order, not once a line."""

    LINE = "line"
    ORDER = "order"


@dataclass(frozen=True)
class Measure:
    """An aggregate over transaction rows.

    Parameters
    ----------
    name : its name in formulas
    column : the schema column it reads
    how : sum, count (rows that have the column), distinct, repeated or first
    kinds : line kinds it looks at
    grain : line, or order for facts that repeat on every line of an order
    at_most : only rows whose `column` is at most this other column count
    also : only rows that have this other column too count
    told_by : the column that says which lines are of these kinds; a shop without it and without such lines does
        not know that there are none
    """

    name: str
    column: str
    how: How = How.SUM
    kinds: tuple[LineKind, ...] = (LineKind.SALE,)
    grain: Grain = Grain.LINE
    at_most: str | None = None
    also: str | None = None
    told_by: str | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns without which it cannot be answered."""
        return tuple(c for c in (self.column, self.at_most, self.also) if c is not None)

    @property
    def is_additive(self) -> bool:
        """Whether parts of a split always add up to the whole."""
        return self.how in (How.SUM, How.COUNT) and self.grain is Grain.LINE


@dataclass(frozen=True)
class Metric:
    """A formula of measures, with all that is needed to show it.

    Parameters
    ----------
    name : the word in code, URL, command line and export
    label : what a person reads
    unit : how it is written
    formula : measures joined by + - * / and brackets, such as "revenue / orders"
    doc : its meaning in a sentence
    up_is_good : whether a rise is welcome; None where it is neither
    family : the group it is listed with
    """

    name: str
    label: str
    unit: Unit
    formula: str
    doc: str
    up_is_good: bool | None = True
    family: str = ""

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures in the formula, in order of appearance."""
        return tuple(dict.fromkeys(n.id for n in ast.walk(self._tree) if isinstance(n, ast.Name)))

    @cached_property
    def _tree(self) -> ast.expr:
        return ast.parse(self.formula, mode="eval").body

    @property
    def is_ratio(self) -> bool:
        """Whether the formula divides."""
        return "/" in self.formula

    def fraction(self, measures: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Numerator and denominator of finished totals, elementwise; what does not divide is divided by 1."""
        if isinstance(self._tree, ast.BinOp) and isinstance(self._tree.op, ast.Div):
            sides = self._tree.left, self._tree.right
        else:
            sides = self._tree, ast.Constant(1.0)
        top, bottom = (np.asarray(_evaluate(side, measures), dtype=float) for side in sides)
        return top, np.broadcast_to(bottom, top.shape)

    def value(self, measures: dict[str, np.ndarray]) -> np.ndarray:
        """The metric of finished totals, elementwise; NaN where it divides by nothing.

        Parameters
        ----------
        measures : arrays of one shape by measure name, money in currency units
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            result = np.asarray(_evaluate(self._tree, measures), dtype=float)
        if self.unit is Unit.MONEY and not self.is_ratio:
            # Both sides are whole ten-thousandths: their difference is too, whatever floats make of it.
            result = np.round(result * MONEY_SCALE) / MONEY_SCALE
        return np.where(np.isfinite(result), result, np.nan)


_OPERATIONS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}


def _evaluate(node: ast.expr, measures: dict[str, np.ndarray]) -> np.ndarray | float:
    if isinstance(node, ast.Name):
        return measures[node.id]
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_evaluate(node.left, measures), _evaluate(node.right, measures))
    raise ValueError(f"a formula may hold names, numbers, + - * / and brackets, not {ast.dump(node)}")
