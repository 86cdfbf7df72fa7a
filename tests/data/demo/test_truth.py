"""The truth is one frozen value that fits together."""

import dataclasses

import pytest

from data.demo import TRUTH
from data.demo.catalogue import CATEGORIES, PRODUCTS
from data.demo.truth import ALL


def test_it_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TRUTH.incident.remaining = 1.0


def test_every_category_channel_region_and_segment_has_its_effects():
    regions, segments, channels = (
        set(TRUTH.people.regions),
        set(TRUTH.people.segments),
        set(TRUTH.choice.channels),
    )
    assert set(ALL) == set(CATEGORIES) == set(TRUTH.pricing.elasticity) == set(TRUTH.satisfaction.category)
    assert set(CATEGORIES) == set(TRUTH.mishaps.refunded)
    assert regions == set(TRUTH.delivery.region) == set(TRUTH.delivery.promised)
    assert segments == set(TRUTH.delivery.segment) == set(TRUTH.delivery.promised_segment) == set(TRUTH.loyalty.stay)
    assert channels == set(TRUTH.delivery.channel)
    assert set(TRUTH.responses) < channels
    assert TRUTH.incident.region in regions and TRUTH.incident.channel in channels
    assert all(set(p.categories) <= set(CATEGORIES) for p in TRUTH.promotions)


def test_shares_add_up():
    people = TRUTH.people
    assert sum(s.share for s in people.segments.values()) == pytest.approx(1)
    assert sum(people.regions.values()) == pytest.approx(1)
    for segment in people.segments.values():
        assert sum(segment.ages) == pytest.approx(1) and len(segment.ages) == len(people.ages)
    for weights in (*TRUTH.choice.channels.values(), *TRUTH.choice.payments.values()):
        assert len(weights) == len(people.ages)


def test_no_holiday_or_promotion_overlaps_another():
    days = [w for h in TRUTH.holidays for w in h.windows]
    windows = sorted(days, key=lambda w: w.start)
    assert all(a.end <= b.start for a, b in zip(windows, windows[1:], strict=False))
    promotions = sorted((p.window for p in TRUTH.promotions), key=lambda w: w.start)
    assert all(a.end <= b.start for a, b in zip(promotions, promotions[1:], strict=False))


def test_the_incident_touches_no_holiday_and_no_promotion():
    other = [w for h in TRUTH.holidays for w in h.windows] + [p.window for p in TRUTH.promotions]
    window = TRUTH.incident.window
    assert all(w.end <= window.start or window.end <= w.start for w in other)


def test_products_are_distinct_and_sold_above_cost():
    assert len({p.name for p in PRODUCTS}) == len(PRODUCTS)
    assert all(p.cost < 0.75 * p.price for p in PRODUCTS)
