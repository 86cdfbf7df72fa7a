"""An explanation finds what was planted, sums to the cent, and degrades by name."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from data.demo.truth import TRUTH
from engine.diagnose.causes import Asked, expected_days, large_order, named
from engine.diagnose.explain import MEND_FIRST, NO_COMPARISON, explain
from engine.diagnose.locate import Cause, Located
from engine.diagnose.ruled_out import ruled_out
from engine.diagnose.sentences import sentences
from engine.errors import MissingColumn
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot, current
from tests.engine.diagnose.autumn import online_retail

INCIDENT = TRUTH.incident
# The week before the incident and the incident, against as many days before.
AROUND = Selection(Window(INCIDENT.window.start - timedelta(days=7), INCIDENT.window.end))


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


@pytest.fixture(scope="module")
def found(demo):
    """The explanation as if the planted incident had been located, whatever the search makes of so few orders."""
    bare = explain(demo, AROUND, "revenue")
    cause = Cause((("region", INCIDENT.region), ("channel", INCIDENT.channel)), 0.0, 0.0, -2_200.0, 0.9, 0.9, 1e-6)
    asked = Asked(demo, AROUND, AROUND.comparison(), "revenue", bare.change, bare.usual)
    apart = frozenset({"region", "channel"})
    ruled = ruled_out(demo, AROUND, "revenue", apart)
    return replace(bare, causes=named(asked, Located((cause,))), ruled_out=ruled)


def money(db, window: Window, where: str = "1") -> Decimal:
    """Revenue by SQL alone."""
    text = f"select coalesce(sum(revenue_units), 0) from transactions where kind = 'sale' and {where}"
    with sqlite3.connect(db) as connection:
        (units,) = connection.execute(
            f"{text} and date >= ? and date < ?", (str(window.start), str(window.end))
        ).fetchone()
    return Decimal(units) / 10_000


def exact(value: float) -> Decimal:
    return Decimal(str(value))


def test_the_planted_incident_is_located(demo):
    incident = Selection(Window(INCIDENT.window.start, INCIDENT.window.end))
    (cause,) = explain(demo, incident, "orders").causes
    assert dict(cause.where) == {"region": INCIDENT.region, "channel": INCIDENT.channel}
    assert cause.orders < 0.2 * cause.orders_before and cause.share > 0.3
    assert cause.since == INCIDENT.window.start
    inside = Selection(
        Window(date(2025, 11, 10), date(2025, 11, 24)), custom=Window(date(2025, 9, 29), date(2025, 10, 27))
    )
    causes = explain(demo, inside, "orders").causes
    assert [(dict(c.where), c.since) for c in causes] == [(dict(cause.where), None)]


def test_the_planted_incident_is_told_with_its_first_day_and_its_way(found):
    (cause,) = found.causes
    assert dict(cause.where) == {"region": INCIDENT.region, "channel": INCIDENT.channel}
    assert cause.label == "West × Social"
    assert cause.since == INCIDENT.window.start and cause.until is None
    assert cause.way == "orders" and cause.orders < 0.5 * cause.orders_before
    assert cause.by_orders + cause.by_size == pytest.approx(cause.contribution, abs=2e-4)
    text = " ".join(sentences(found))
    assert "West × Social" in text and "from 3 Nov" in text and "fewer orders, not smaller ones" in text


def test_the_causes_figures_are_those_of_sql(found, shop_db):
    (cause,) = found.causes
    where = "region = 'West' and channel = 'Social'"
    assert exact(cause.value) == money(shop_db, AROUND.window, where)
    assert exact(cause.comparison) == money(shop_db, AROUND.comparison().window, where)
    assert exact(cause.contribution) == exact(cause.value) - exact(cause.comparison)
    assert cause.beyond == pytest.approx(cause.value - cause.comparison * (1 + found.usual.relative), abs=1e-3)
    assert cause.share == pytest.approx(cause.beyond / found.usual.beyond)


def sums_to_the_cent(found, change: Decimal) -> None:
    assert exact(found.change.absolute) == change
    if found.usual:
        assert exact(found.usual.absolute) + exact(found.usual.beyond) == change
    assert sum(exact(part.contribution) for part in found.factors.parts) == change
    assert found.splits
    for split in found.splits:
        parts = [*split.parts, *([split.others] if split.others else [])]
        assert sum((exact(part.contribution) for part in parts), exact(split.overlap)) == change


def test_all_parts_sum_to_the_change_of_sql_to_the_cent(found, shop_db):
    sums_to_the_cent(found, money(shop_db, AROUND.window) - money(shop_db, AROUND.comparison().window))


def test_online_retails_autumn_sums_to_the_cent_too(data_folder, tmp_path_factory):
    db = online_retail(data_folder, tmp_path_factory.getbasetemp())
    asked = Selection.of(date(2011, 11, 7), date(2011, 11, 20))
    found = explain(current(db), asked, "revenue")
    sums_to_the_cent(found, money(db, asked.window) - money(db, asked.comparison().window))
    alone = found.factors.part("without_customer")
    nobody = [money(db, w, "coalesce(customer_id, '') = ''") for w in (asked.window, asked.comparison().window)]
    assert exact(alone.contribution) == nobody[0] - nobody[1] != 0


def test_what_moved_with_everything_else_is_ruled_out_by_figures(found, shop_db):
    by_axis = {one.axis: one for one in found.ruled_out}
    assert "category" in by_axis and not {"region", "channel"} & set(by_axis)
    for value in by_axis["category"].values:
        assert exact(value.value) == money(shop_db, AROUND.window, f"category = '{value.key}'")
        assert value.relative == pytest.approx(value.value / value.comparison - 1)


def test_a_dimension_whose_value_moved_alone_is_not_ruled_out(demo):
    axes = {one.axis for one in ruled_out(demo, AROUND.where("region", ["West"]), "orders")}
    assert "channel" not in axes and "category" in axes


def test_without_a_comparison_the_note_comes_and_no_change(demo):
    silent = explain(demo, Selection.of(date(2025, 5, 1), date(2025, 5, 31), against=Against.NONE))
    assert (silent.change, silent.note, silent.causes, silent.factors) == (None, NO_COMPARISON, (), None)
    (said,) = sentences(silent)
    assert NO_COMPARISON in said and "May 2025" in said


def test_an_unfinished_month_is_never_read_as_a_fall(demo):
    beyond = explain(demo, Selection.of(date(2025, 12, 15), date(2026, 1, 14)))
    assert beyond.change is None and "data ends on 31 Dec 2025" in beyond.note
    assert not any("fell" in sentence for sentence in sentences(beyond))


def small(**columns) -> Snapshot:
    """Twelve weeks of ten orders a day; `columns` come in place of the plain ones."""
    days = np.repeat(np.arange("2025-01-06", "2025-03-31", dtype="datetime64[D]"), 10)
    rng = np.random.default_rng(2)
    plain = {
        "date": days,
        "order_id": [f"o{i}" for i in range(len(days))],
        "revenue": np.round(rng.gamma(4, 10, len(days)), 2),
        "region": np.array(["N", "S"], object)[rng.integers(0, 2, len(days))],
    }
    return Snapshot.from_columns(plain | columns)


MARCH = Selection.of(date(2025, 3, 3), date(2025, 3, 30))


def test_a_shop_in_which_nothing_happened_has_no_cause():
    quiet = explain(small(), MARCH)
    assert quiet.change.tag == "noise" and quiet.causes == () and [one.axis for one in quiet.ruled_out] == ["region"]
    assert any("No part of the shop stands out" in sentence for sentence in sentences(quiet))


def test_one_huge_order_is_named():
    revenue = np.full(840, 40.0)
    revenue[700] = 9_000.0
    found = explain(small(revenue=revenue), MARCH)
    order = found.large_order or next(cause.large_order for cause in found.causes if cause.large_order)
    assert (order.day, order.revenue, order.is_new) == (date(2025, 3, 17), 9_000.0, True)
    assert any("9,000" in sentence and "17 Mar" in sentence for sentence in sentences(found))


def test_a_small_order_is_not_named_however_small_the_change():
    shop = small(revenue=np.r_[np.full(839, 40.0), 41.0])
    assert large_order(shop, MARCH, MARCH.comparison(), "revenue") is None


def test_a_shop_of_dates_and_revenue_alone_is_explained_as_far_as_it_goes():
    days = np.repeat(np.arange("2025-01-06", "2025-03-31", dtype="datetime64[D]"), 10)
    found = explain(Snapshot.from_columns({"date": days, "revenue": np.full(840, 4.0)}), MARCH)
    assert found.change.absolute == 0 and found.causes == () and found.ruled_out == () and found.factors_net is None
    assert sentences(found)[0].startswith("Revenue stayed at 4,480 ") or "1,120" in sentences(found)[0]
    with pytest.raises(MissingColumn, match="satisfaction_score"):
        explain(small(), MARCH, "satisfaction")


def test_a_data_problem_comes_before_any_cause():
    days = np.repeat(np.arange("2025-01-06", "2025-03-31", dtype="datetime64[D]"), 10)
    kept = (days < np.datetime64("2025-03-10")) | (days >= np.datetime64("2025-03-17"))
    shop = small()
    rows = {name: np.asarray(values, object)[kept] for name, values in {
        "order_id": [f"o{i}" for i in range(840)], "region": ["N", "S"] * 420}.items()}  # fmt: skip
    gap = small(date=days[kept], revenue=np.full(kept.sum(), 40.0), **rows)
    found = explain(gap, MARCH)
    assert [problem.kind for problem in found.blocking] == ["gap"]
    assert found.causes == () and found.causes_noted == (MEND_FIRST,)
    assert sentences(found)[0].startswith("Before any cause: ")
    assert explain(shop, MARCH).blocking == ()


def test_every_part_moving_against_the_whole_is_warned_of():
    """Both regions' scores rise, and the unhappy one takes over."""
    days = np.repeat(np.arange("2025-01-06", "2025-03-31", dtype="datetime64[D]"), 10)
    late = days >= np.datetime64("2025-03-03")
    unhappy = np.tile(np.arange(10), 84) < np.where(late, 8, 2)
    score = np.where(unhappy, np.where(late, 2.0, 1.0), np.where(late, 5.0, 4.0))
    region = np.where(unhappy, "S", "N").astype(object)
    found = explain(small(satisfaction_score=score, region=region), MARCH, "satisfaction")
    assert found.change.absolute == pytest.approx(2.6 - 3.4) and found.splits[0].reversal
    assert any("within every region it rose" in sentence for sentence in sentences(found))


def test_days_elsewhere_tell_what_a_day_should_have_had():
    """A feast that doubled everything is no beginning of a part's own rise."""
    now, before = np.full(6, 3.0), np.full(6, 3.0)
    feast = np.array([1, 1, 1, 2, 2, 2])
    windows = [Window(date(2025, 3, 3), date(2025, 3, 9)), Window(date(2025, 2, 24), date(2025, 3, 2))]
    large = expected_days((now * feast, before), [now * feast * 9, before * 9], windows)
    assert large == pytest.approx(3 * feast)
    alone = expected_days((now, before), [now, before], windows)
    assert alone == pytest.approx(np.full(6, 3.0))
