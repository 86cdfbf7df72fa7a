"""The fast ways give what looking at the rows gives, and are taken where they should be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from engine.metrics import MEASURES
from engine.selection import Selection, Window
from engine.snapshot import Blocks
from engine.snapshot import cube as cubes
from engine.snapshot.axes import buckets
from engine.snapshot.plan import Planner
from engine.snapshot.reduce import Question
from tests.engine.snapshot import shops

ROWS = {
    "tidy": shops.make(21, 2_000, days=40, tidy=True),
    "one line an order": shops.make(22, 1_000, days=40, tidy=True, orders=100_000),
    "untidy": shops.make(23, 2_000, days=40),
    "hardly any orders": shops.make(24, 2_000, days=40, orders=60),
    "one day": shops.make(25, 200, days=1, tidy=True),
}


@pytest.fixture(scope="module", params=ROWS)
def shop(request):
    return shops.snapshot(ROWS[request.param])._rows


@settings(max_examples=60, deadline=None)
@given(selection=shops.selections(), by=shops.axes)
def test_every_way_answers_as_the_rows_do(shop, selection, by):
    fast, slow = Planner(shop, scan_up_to=-1, unite_from=-1), Planner(shop, scan_up_to=len(shop))
    axes = [buckets(name, selection.window) if name in ("day", "week", "month", "quarter", "year", "weekday") else name
            for name in by]  # fmt: skip
    measures = list(MEASURES.values())
    for measure, one, two in zip(
        measures, fast.totals(selection, measures, axes), slow.totals(selection, measures, axes), strict=True
    ):
        np.testing.assert_array_equal(one, two, err_msg=measure.name)


def ways(shop, selection, by, measures) -> list[str]:
    planner = Planner(shop, scan_up_to=-1, unite_from=-1)
    axes = [buckets(name, selection.window) if name == "month" else name for name in by]
    found = (planner.way(Question(shop, selection, axes), MEASURES[name]) for name in measures)
    return [way.__name__ if way else "scan" for way in found]


WHOLE = Selection(Window(shops.FIRST, shops.FIRST + timedelta(days=40)))
PAGE = ("revenue", "orders", "customers", "scores", "new_customers", "repeat_customers")
FAST = ["summed", "summed", "looked_up", "summed", "summed", "looked_up"]


@pytest.mark.parametrize("by", [(), ("month",), ("region",), ("category",), ("month", "segment")])
def test_a_page_of_a_tidy_shop_never_looks_at_the_rows(by):
    tidy = shops.snapshot(ROWS["tidy"])._rows
    assert ways(tidy, WHOLE.where("region", ["N", "S"]).where("segment", ["P"]), by, PAGE) == FAST


def test_several_categories_at_once_are_counted_by_marks():
    tidy = shops.snapshot(ROWS["tidy"])._rows
    several = WHOLE.where("category", ["X", "Y"])
    assert ways(tidy, several, (), ("revenue", "orders", "scores", "repeat_customers")) == [
        "summed",
        "united",
        "united",
        "scan",
    ]
    assert ways(tidy, several, ("month",), ("customers", "repeat_customers")) == ["united", "scan"]


def test_sums_beyond_53_bits_stay_exact():
    rows = shops.make(31, 400)
    for i, row in enumerate(rows):
        row["revenue"] = 2**52 + i if row["kind"] == "sale" else None
    snapshot = shops.snapshot(rows)
    expected = sum(row["revenue"] or 0 for row in rows)
    assert expected > 2**53
    window = Selection(snapshot.whole())
    for planner in (Planner(snapshot._rows, scan_up_to=-1), Planner(snapshot._rows, scan_up_to=10**9)):
        (whole,) = planner.totals(window, [MEASURES["revenue"]], [])
        (parts,) = planner.totals(window, [MEASURES["revenue"]], ["region"])
        assert whole.tolist() == [expected] and int(parts.sum()) == expected


def test_cubes_stay_within_their_bounds(monkeypatch):
    monkeypatch.setattr(cubes, "ALL_CUBES", 3_000)
    snapshot = shops.snapshot(ROWS["tidy"])
    planner = Planner(snapshot._rows, scan_up_to=-1)
    first = planner.totals(WHOLE, [MEASURES["revenue"]], ["region"])[0]
    for name in shops.DIMENSIONS:
        planner.totals(WHOLE, [MEASURES[m] for m in ("items", "costs", "revenue")], [name])
    assert planner.nbytes <= 8 * 3_000
    np.testing.assert_array_equal(planner.totals(WHOLE, [MEASURES["revenue"]], ["region"])[0], first)


def test_blocks_of_days_are_an_axis():
    snapshot = shops.snapshot(ROWS["tidy"])
    bounds = tuple(shops.FIRST + timedelta(days=d) for d in (0, 3, 20, 40))
    grid = snapshot.totals(WHOLE, ("customers", "revenue"), (Blocks(bounds),))
    for place, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
        alone = snapshot.totals(WHOLE.over(Window(start, end)), ("customers", "revenue"))
        assert {m: grid.values[m][place] for m in grid.values} == {m: int(v) for m, v in alone.values.items()}


def test_many_threads_on_a_fresh_planner_get_what_one_gets():
    rows = shops.snapshot(ROWS["tidy"])._rows
    selections = (WHOLE, WHOLE.where("region", ["N", "S"]), WHOLE.where("category", ["X", "Y"]))
    asked = [(selection, by) for selection in selections for by in ((), ("region",), ("segment",), ("category",))]
    measures = [MEASURES[name] for name in PAGE]
    slow = Planner(rows, scan_up_to=len(rows))
    expected = [slow.totals(selection, measures, by) for selection, by in asked]
    fast, begin = Planner(rows, scan_up_to=-1, unite_from=-1), threading.Barrier(8)

    def ask(turn: int) -> None:
        begin.wait(10)
        for place in np.random.default_rng(turn).permutation(len(asked)):
            found = fast.totals(asked[place][0], measures, asked[place][1])
            for one, two in zip(found, expected[place], strict=True):
                np.testing.assert_array_equal(one, two)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask, turn) for turn in range(8)]:
            done.result(60)
