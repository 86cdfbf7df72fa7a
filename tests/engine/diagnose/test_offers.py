"""The split that explains most comes first, however many parts it has."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data.demo.truth import TRUTH
from engine.describe.judge import Judgement
from engine.diagnose.offers import next_in, offers, unevenness
from engine.errors import UnknownName
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot, current

FIRST = date(2023, 1, 2)
LAST = Selection.of(FIRST + timedelta(days=84), FIRST + timedelta(days=111))
INCIDENT = Selection(Window(TRUTH.incident.window.start, TRUTH.incident.window.end))


@pytest.fixture(scope="module")
def demo(shop_db) -> Snapshot:
    return current(shop_db)


def shop(seed: int, kept_of: dict[str, float] | None = None, keep_all: float = 1.0) -> Snapshot:
    """Orders by four dimensions; in the last 28 days so many are kept, and of the named values so many."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(112), rng.poisson(60, 112))
    sizes = {"region": 3, "channel": 5, "category": 8, "product": 60}
    codes = {name: rng.integers(0, size, len(day)) for name, size in sizes.items()}
    keep = np.full(len(day), keep_all)
    for value, share in (kept_of or {}).items():
        name, code = value.split(":")
        keep[codes[name] == int(code)] = share
    kept = (day < 84) | (rng.random(len(day)) < keep)
    return Snapshot.from_columns(
        {
            "date": np.datetime64(FIRST) + day[kept],
            "revenue": np.round(np.exp(rng.normal(3, 0.5, kept.sum())), 2),
            **{name: (code[kept], tuple(f"{name}:{i}" for i in range(sizes[name]))) for name, code in codes.items()},
        }
    )


@pytest.mark.parametrize(
    "guilty", [{"region:1": 0.6}, {"channel:2": 0.5}, {"category:5": 0.4}, {f"product:{i}": 0.1 for i in range(6)}]
)
@pytest.mark.parametrize("metric", ["revenue", "orders"])
def test_the_guilty_dimension_comes_first(guilty, metric):
    first = offers(shop(3, guilty), LAST, metric)[0]
    assert first.axis == next(iter(guilty)).split(":")[0]
    assert first.leading in guilty
    assert first.strength > 2 and first.p < 0.01


def test_where_all_fell_alike_no_split_is_strong():
    found = [offer.p for seed in range(12) for offer in offers(shop(seed, keep_all=0.7), LAST, "orders")]
    told = np.array([p for p in found if p is not None])
    assert len(told) > 60 and np.mean(told < 0.05) < 0.1


def test_strength_is_pearson_s_chi_square():
    from scipy.stats import chisquare, norm

    counts, share = np.array([60, 25, 40, 75]), np.array([0.25, 0.2, 0.2, 0.35])
    expected = counts.sum() * share
    z = (counts - expected) / np.sqrt(expected * (1 - share))
    strength, p = unevenness([Judgement(p=float(2 * norm.sf(abs(x)))) for x in z], share)
    assert p == pytest.approx(chisquare(counts, expected).pvalue, rel=1e-6)
    assert norm.sf(strength) == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize("p", [0.0, 1e-250, 0.5, 1 - 1e-12, 1.0])
@pytest.mark.parametrize("parts", [2, 200])
def test_strength_is_finite_and_rises_as_chance_falls(p, parts):
    held = np.full(parts, 1 / parts)
    strength, _ = unevenness([Judgement(p=p)] * parts, held)
    weaker, _ = unevenness([Judgement(p=min(2 * p + 1e-9, 1.0))] * parts, held)
    assert np.isfinite(strength) and strength >= weaker


@pytest.mark.parametrize("metric", ["revenue", "orders"])
@pytest.mark.parametrize("against", [Against.PREVIOUS, Against.YEAR])
def test_the_demo_shop_s_incident_is_offered_by_region_then_channel(demo, metric, against):
    asked = Selection(INCIDENT.window, against=against)
    assert offers(demo, asked, metric)[0].axis in ("region", "channel")
    west = asked.where("region", [TRUTH.incident.region])
    first = offers(demo, west, metric)[0]
    assert (first.axis, first.leading) == ("channel", TRUTH.incident.channel)
    assert "region" not in [offer.axis for offer in offers(demo, west, metric)]


def test_what_splits_nothing_is_not_offered(demo):
    one_day = Selection.of(date(2025, 11, 3), date(2025, 11, 3))
    assert not {"day", "week", "month", "weekday"} & {offer.axis for offer in offers(demo, one_day, "revenue")}
    year = Selection.of(date(2025, 1, 1), date(2025, 12, 31))
    axes = [offer.axis for offer in offers(demo, year, "revenue")]
    assert {"quarter", "month", "week"} <= set(axes) and not {"day", "year"} & set(axes)
    two = year.where("region", ["North", "West"])
    assert next(o for o in offers(demo, two, "revenue") if o.axis == "region").parts == 2


def test_without_a_change_levels_come_in_the_order_of_the_hierarchies(demo):
    asked = Selection.of(date(2025, 11, 1), date(2025, 11, 30), against=Against.NONE)
    found = offers(demo, asked, "revenue")
    assert [offer.axis for offer in found][:3] == ["region", "segment", "day"]
    assert {offer.strength for offer in found} == {None}
    assert found[1].hierarchies == ("place", "assortment", "people")


def test_the_next_level_follows_the_hierarchy_or_the_person():
    assert next_in("assortment", ()) == "category"
    assert next_in("assortment", ("category",)) == "channel"
    assert next_in("place", ("region", "segment")) is None
    assert next_in(("channel", "month", "region"), ("channel", "month")) == "region"
    with pytest.raises(UnknownName, match="Did you mean 'place'"):
        next_in("plcae", ())
    with pytest.raises(UnknownName, match="Did you mean 'region'"):
        next_in(("regoin",), ())
