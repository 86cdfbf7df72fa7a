"""From order to loyalty: delivery time, the score it earns, and whether the customer ever comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.calendar import day_count, within
from data.demo.catalogue import PRODUCTS
from data.demo.effects import Truth


@dataclass(frozen=True)
class Service:
    """The truth's service effects as tables, ready for a day's orders.

    Parameters
    ----------
    region_days : (days, regions) mean delivery days of a plain channel and segment
    channel_days, segment_days : days added
    promised : (segments, regions) promised days
    score : (products,) mean score when delivered in one day
    stay : (segments,) probability to stay after a score of 5
    refunds : (products,) share of delivered orders given back
    truth : what the tables come from
    """

    region_days: np.ndarray
    channel_days: np.ndarray
    segment_days: np.ndarray
    promised: np.ndarray
    score: np.ndarray
    stay: np.ndarray
    refunds: np.ndarray
    truth: Truth

    def deliver(self, rng: np.random.Generator, day: int, *, region, channel, segment) -> np.ndarray:
        """(orders,) days until delivery."""
        mean = self.region_days[day, region] + self.channel_days[channel] + self.segment_days[segment]
        shape = self.truth.delivery.spread
        waiting = rng.negative_binomial(shape, shape / (shape + np.maximum(mean - 1, 0.05)))
        return np.minimum(1 + waiting, self.truth.delivery.longest)

    def rate(self, rng: np.random.Generator, delivery: np.ndarray, product: np.ndarray) -> np.ndarray:
        """(orders,) score from 1 to 5: beta-binomial, so that its mean is exactly the planted line."""
        mean = (self.score[product] + self.truth.satisfaction.per_day * (delivery - 1)).clip(1.05, 4.95)
        share, agreement = (mean - 1) / 4, self.truth.satisfaction.agreement
        return 1 + rng.binomial(4, rng.beta(share * agreement, (1 - share) * agreement))

    def leaves(self, rng: np.random.Generator, segment: np.ndarray, score: np.ndarray) -> np.ndarray:
        """(orders,) whether the customer never orders again."""
        stay = self.stay[segment] * self.truth.loyalty.per_point ** (score - 5.0)
        return rng.random(len(score)) >= stay

    def gives_back(self, rng: np.random.Generator, product: np.ndarray, score: np.ndarray) -> np.ndarray:
        """(orders,) whether the order is refunded."""
        share = self.refunds[product] * np.where(score <= 2, self.truth.mishaps.unhappy, 1.0)
        return rng.random(len(product)) < share


def plan_service(truth: Truth) -> Service:
    """The service tables of the whole time."""
    delivery, segments = truth.delivery, truth.people.segments
    categories = [p.category for p in PRODUCTS]
    promised = [[delivery.promised[r] + delivery.promised_segment[s] for r in truth.people.regions] for s in segments]
    return Service(
        region_days=_region_days(truth),
        channel_days=np.array([delivery.channel[c] for c in truth.choice.channels]),
        segment_days=np.array([delivery.segment[s] for s in segments]),
        promised=np.array(promised),
        score=np.array([truth.satisfaction.after_a_day + truth.satisfaction.category[c] for c in categories]),
        stay=np.array([truth.loyalty.stay[s] for s in segments]),
        refunds=np.array([truth.mishaps.refunded[c] for c in categories]),
        truth=truth,
    )


def _region_days(truth: Truth) -> np.ndarray:
    regions = list(truth.people.regions)
    mean = np.tile([truth.delivery.region[r] for r in regions], (day_count(truth), 1))
    for window in truth.delivery.peak:
        mean[within(truth, window)] += truth.delivery.peak_days
    for change in truth.delivery.changes:
        mean[within(truth, change.window), regions.index(change.region)] += change.days
    return mean
