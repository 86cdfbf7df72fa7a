"""Locate the cause in any table: rows of dimension values with what was and what was expected."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.diagnose.locate.cube import combinations_of
from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.locate import locate
from engine.diagnose.locate.located import Located
from engine.diagnose.locate.ratio import of_dense_ratio
from engine.errors import EngineError
from engine.tables import Table, read_table

# A column in which more than half of the rows have a value of their own tells rows apart, not groups of them. Small
# tables may have such a dimension.
MOST_DISTINCT, FEW_VALUES = 0.5, 100


@dataclass(frozen=True)
class Asked:
    """The columns of a question."""

    actual: tuple[str, ...]
    expected: tuple[str, ...]
    weight: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.actual, *self.expected, *((self.weight,) if self.weight else ()))))


def locate_in_table(
    path: str | os.PathLike[str],
    actual: str,
    expected: str,
    *,
    dimensions: Sequence[str] | None = None,
    weight: str | None = None,
) -> Located:
    """The causes of a table's deviations.

    Parameters
    ----------
    path : any file that `read_table` reads
    actual, expected : columns of totals; of ratios, where `weight` is given; or two columns each, as
        "numerator/denominator"
    dimensions : columns to look in; all others but row numbers where None
    weight : column of the ratios' denominators

    Raises
    ------
    EngineError
        where a column is missing, a value is no number, or the question does not fit together
    """
    table = read_table(path)
    asked = Asked(_pair(table, actual), _pair(table, expected), weight)
    if len(asked.actual) != len(asked.expected) or (weight and len(asked.actual) == 2):
        raise EngineError(
            f"{actual!r} and {expected!r} do not fit together: give two totals, two ratios with a weight, or two "
            "numerator/denominator pairs."
        )
    numbers = {name: table.numbers(name) for name in asked.names}
    names, notes = _dimensions(table, asked, dimensions)
    codes, labels = zip(*(table.codes(name) for name in names), strict=True)
    leaves, more = _leaves(names, labels, np.stack(codes, axis=1), (asked, numbers))
    located = locate(leaves)
    return replace(located, notes=(*located.notes, *notes, *more))


def _pair(table: Table, name: str) -> tuple[str, ...]:
    """One column, or the two of a ratio; a column whose own name has a slash is itself."""
    if name in table.text or "/" not in name:
        return (name,)
    top, _, bottom = name.partition("/")
    return (top.strip(), bottom.strip())


def _dimensions(table: Table, asked: Asked, given: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if given is not None:
        names = tuple(dict.fromkeys(given))
        for name in names:
            table.codes(name)
            if name in asked.names:
                raise EngineError(f"{name!r} is a figure of the question and cannot be a dimension of it too.")
        if not names:
            raise EngineError("Name at least one dimension, or none of them for all.")
        return names, ()
    others = [name for name in table.text if name not in asked.names]
    sizes = {name: len(table.codes(name)[1]) for name in others}
    most = max(MOST_DISTINCT * table.rows, FEW_VALUES)
    unlike = [name for name in others if sizes[name] > most or _has_decimals(table, name)]
    names = tuple(name for name in others if sizes[name] > 1 and name not in unlike)
    if not names:
        raise EngineError(f"{table.name} has no column left to look for a cause in; it has {', '.join(table.text)}.")
    note = f"Left out as dimensions, because nearly every row has its own value: {', '.join(unlike)}."
    return names, (note,) if unlike else ()


def _has_decimals(table: Table, name: str) -> bool:
    if not table.looks_numeric(name):
        return False
    values = table.numbers(name)
    values = values[np.isfinite(values)]
    return bool((values != np.rint(values)).any())


def _leaves(names: tuple, labels: tuple, codes: np.ndarray, figures: tuple) -> tuple[Leaves, tuple[str, ...]]:
    asked, numbers = figures
    if asked.weight is None and len(asked.actual) == 1:
        columns = [numbers[asked.actual[0]], numbers[asked.expected[0]]]
        empty = int(np.isnan(columns).any(axis=0).sum())
        codes, (actual, expected) = _grouped(codes, [np.nan_to_num(column) for column in columns])
        notes = (f"Empty cells of {empty:,} rows count as 0.",) if empty else ()
        # Totals below nothing have no size of their own: what is spent and what is given back both make noise.
        below = (actual < 0).any() or (expected < 0).any()
        size = (np.abs(actual) + np.abs(expected)) / 2 if below else None
        return Leaves(names, labels, codes, actual, expected, weight=size), notes
    if asked.weight is not None:
        bottom = old_bottom = numbers[asked.weight]
        top, old_top = numbers[asked.actual[0]] * bottom, numbers[asked.expected[0]] * bottom
    else:
        (top, bottom), (old_top, old_bottom) = ([numbers[n] for n in pair] for pair in (asked.actual, asked.expected))
    whole = np.isfinite([top, bottom, old_top, old_bottom]).all(axis=0)
    if (bottom[whole] < 0).any() or (old_bottom[whole] < 0).any():
        raise EngineError("A ratio's weight or denominator is below 0 in some row; correct the table.")
    codes, parts = _grouped(codes[whole], [part[whole] for part in (top, bottom, old_top, old_bottom)])
    left = int((~whole).sum())
    notes = (f"{left:,} rows without a ratio on both sides are left out.",) if left else ()
    return of_dense_ratio(names, labels, codes, tuple(parts[:2]), tuple(parts[2:])), notes


def _grouped(codes: np.ndarray, columns: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Each combination once, its figures added up, in ascending order."""
    distinct, place = combinations_of(codes, tuple((codes.max(axis=0, initial=0) + 1).tolist()))
    return distinct, [np.bincount(place, column, minlength=len(distinct)) for column in columns]
