"""A snapshot's answers against a loop over the rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from engine.metrics import MEASURES
from tests.engine.snapshot import shops
from tests.engine.snapshot.oracle import Shop


@pytest.fixture(scope="module", params=[(1, 300, False), (2, 300, True), (3, 1, False), (4, 6, True)], ids=str)
def shop(request):
    seed, count, tidy = request.param
    rows = shops.make(seed, count, tidy=tidy)
    return Shop(rows), shops.snapshot(rows)


@settings(max_examples=150, deadline=None)
@given(selection=shops.selections(), measures=shops.measures, by=shops.axes)
def test_every_answer_is_that_of_a_loop_over_the_rows(shop, selection, measures, by):
    truth, snapshot = shop
    wanted = [m for m in measures if all(c in snapshot.columns for c in MEASURES[m].needs)]
    by = [b for b in by if b not in shops.DIMENSIONS or b in snapshot.dimensions]
    for name, _ in selection.filters:
        if name not in snapshot.dimensions:
            selection = selection.where(name, ())
    grid = snapshot.totals(selection, wanted, by)
    expected = truth.totals(selection, wanted, by)
    for name in wanted:
        assert shops.as_keys(grid, name) == {key: value for key, value in expected[name].items() if value}
