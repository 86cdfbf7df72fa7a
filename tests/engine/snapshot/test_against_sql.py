"""Every figure equals an independent SQL query over the stored rows, to the unit."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from engine.describe import kpis
from engine.metrics import MEASURES, METRICS
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot
from engine.store import Store
from tests.engine.snapshot.sql import Truth


def questions(snapshot: Snapshot, count: int, seed: int) -> list[Selection]:
    """Random windows with random filters on every dimension there is, the empty value among them."""
    draw, whole = random.Random(seed), snapshot.whole()
    made = [Selection(whole)]
    while len(made) < count:
        length = draw.choice([1, 7, 30, 90, 365, whole.days])
        start = whole.start + timedelta(days=draw.randrange(-3, max(whole.days - length, 0) + 3))
        selection = Selection(Window(start, start + timedelta(days=length)), against=draw.choice(list(Against)))
        for name in draw.sample(snapshot.dimensions, draw.randrange(min(3, len(snapshot.dimensions) + 1))):
            labels = snapshot.values(name)
            selection = selection.where(name, draw.sample(labels, min(len(labels), draw.choice([1, 1, 2, 5]))))
        made.append(selection)
    return made


def check(snapshot: Snapshot, truth: Truth, selections: list[Selection]) -> None:
    """AssertionError where a measure or a metric differs."""
    answerable = [name for name in METRICS if snapshot.missing(name) is None]
    known = [name for name, m in MEASURES.items() if {*m.needs, m.told_by} - {None} <= snapshot.columns]
    for selection in selections:
        expected = truth.measures(selection)
        found = {name: float(v) for name, v in snapshot.totals(selection, known).values.items()}
        assert found == pytest.approx({name: expected[name] for name in known}, rel=1e-9, abs=1e-6), selection
        counted = [name for name in known if not name.endswith(("_sum", "scores"))]
        assert [found[n] for n in counted] == [expected[n] for n in counted], selection
        for kpi in kpis(snapshot, selection, tuple(answerable)):
            assert_same(kpi.value, truth.metric(kpi.metric, expected), kpi.metric)


def assert_same(found: float | None, expected: float | None, what: str) -> None:
    assert (found is None) == (expected is None), what
    assert found is None or found == pytest.approx(expected, rel=1e-9, abs=1e-9), what


@pytest.fixture(scope="module")
def demo(shop_db) -> tuple[Snapshot, Truth]:
    return Snapshot.from_store(Store.open(shop_db)), Truth(shop_db)


def test_all_metrics_of_the_demo_shop_over_random_selections(demo):
    snapshot, truth = demo
    check(snapshot, truth, questions(snapshot, 60, seed=1))


def test_comparisons_of_the_demo_shop_too(demo):
    snapshot, truth = demo
    for selection in questions(snapshot, 25, seed=2):
        other = selection.comparison()
        for kpi in kpis(snapshot, selection, ("revenue", "customers", "aov")):
            if kpi.comparison is not None:
                assert_same(kpi.comparison, truth.metric(kpi.metric, truth.measures(other)), kpi.metric)


@pytest.mark.parametrize(("name", "count"), [("olist", 6), ("online_retail", 4)])
def test_all_metrics_of_a_real_shop_over_random_selections(name, count, data_folder, tmp_path):
    from engine.imports import import_paths

    path = tmp_path / "shop.db"
    import_paths([data_folder / name], path, mapping=None, day_first=None, currency=None, progress=None)
    snapshot = Snapshot.from_store(Store.open(path))
    check(snapshot, Truth(path), questions(snapshot, count, seed=3))
