"""Sparse totals say what dense ones say, and name every combination that occurs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import MissingColumn, UnknownName
from engine.metrics import MEASURES, metric
from engine.selection import Selection
from tests.engine.snapshot import shops

ROWS = shops.make(31, 1_500, days=40)
SHOP = shops.snapshot(ROWS)


@settings(max_examples=60, deadline=None)
@given(
    selection=shops.selections(),
    by=st.lists(st.sampled_from(shops.DIMENSIONS), max_size=4, unique=True),
    names=st.lists(st.sampled_from(sorted(MEASURES)), min_size=1, max_size=3, unique=True),
)
def test_cells_are_the_cells_of_the_dense_grid(selection, by, names):
    cells, grid = SHOP.cells(selection, names, by), SHOP.totals(selection, names, by)
    assert [axis.name for axis in cells.axes] == by
    assert len(np.unique(cells.codes, axis=0)) == len(cells)
    for name in names:
        dense = np.zeros(grid.shape)
        dense[tuple(cells.codes.T)] = cells.values[name] if by else cells.values[name].sum()
        np.testing.assert_array_equal(dense, grid.values[name])
        assert cells.values[name].dtype == grid.values[name].dtype


def test_every_combination_of_a_sold_line_is_there():
    selection = Selection(SHOP.whole())
    cells = SHOP.cells(selection, ["revenue", "orders"], ["region", "category"])
    sold = {(row.get("region") or "", row.get("category") or "") for row in ROWS if row["kind"] == "sale"}
    named = {tuple(axis.labels[c] for axis, c in zip(cells.axes, code, strict=True)) for code in cells.codes}
    assert named == sold
    whole = SHOP.totals(selection, ["revenue"])
    assert cells.own("revenue").sum() == pytest.approx(whole.own("revenue").item())
    np.testing.assert_allclose(cells.metric(metric("aov")), cells.own("revenue") / cells.own("orders"))


def test_what_is_unknown_or_missing_is_said():
    selection = Selection(SHOP.whole())
    with pytest.raises(UnknownName, match="Did you mean 'region'"):
        SHOP.cells(selection, ["revenue"], ["regio"])
    with pytest.raises(MissingColumn):
        SHOP.cells(selection, ["revenue"], ["age_group"])
