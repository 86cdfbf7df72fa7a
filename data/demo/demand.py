"""Where the planted effects meet: how strongly each kind of customer is drawn to order on each day.

A customer's rate of orders is their own rhythm times the day's factor times two sums: over products
(what prices and promotions do to them, weighted by taste) and over channels (what spend and the
incident do, weighted by habit). Every factor multiplies, so each can be told from the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.calendar import day_count, rhythm_of_days, within
from data.demo.catalogue import CATEGORIES, PRODUCTS
from data.demo.effects import Truth
from data.demo.prices import Prices, plan_prices
from data.demo.spend import channel_factors, plan_spend


@dataclass(frozen=True)
class Demand:
    """What draws orders, by day.

    A *shopper* is a (segment, favourite category) pair, a *place* an (age group, region) pair; a
    customer's group is `shopper * places + place`.

    Parameters
    ----------
    prices, spend : what was planned
    days : (days,) factor of trend, year, weekday and holidays
    products : (days, shoppers, products) pull of each product
    channels : (days, places, channels) pull of each channel
    """

    prices: Prices
    spend: dict[str, np.ndarray]
    days: np.ndarray
    products: np.ndarray
    channels: np.ndarray

    @property
    def places(self) -> int:
        """Number of (age group, region) pairs."""
        return self.channels.shape[1]

    def by_group(self) -> np.ndarray:
        """(days, groups) pull on a customer of each group, without the factor of the day."""
        of_products, of_channels = self.products.sum(axis=2), self.channels.sum(axis=2)
        return (of_products[:, :, None] * of_channels[:, None, :]).reshape(len(self.days), -1)


def plan(truth: Truth, price_seed: np.random.SeedSequence, spend_seed: np.random.SeedSequence) -> Demand:
    """The two years as planned; the same for a shop of any size."""
    prices = plan_prices(truth, np.random.default_rng(price_seed))
    spend = plan_spend(truth, np.random.default_rng(spend_seed))
    products = _tastes(truth)[None, :, :] * prices.demand[:, None, :]
    return Demand(prices, spend, rhythm_of_days(truth), products, _channels(truth, spend))


def _tastes(truth: Truth) -> np.ndarray:
    """(shoppers, products) share of each product at base prices; rows add up to 1."""
    base = np.array([p.price for p in PRODUCTS])
    appeal = np.array([p.appeal for p in PRODUCTS])
    rows = []
    for segment in truth.people.segments.values():
        for favourite in CATEGORIES:
            liked = np.array([truth.people.favourite if p.category == favourite else 1.0 for p in PRODUCTS])
            weights = appeal * liked * base**segment.taste
            rows.append(weights / weights.sum())
    return np.array(rows)


def _channels(truth: Truth, spend: dict[str, np.ndarray]) -> np.ndarray:
    """(days, places, channels) habit times what spend and the incident do."""
    habits = np.array(list(truth.choice.channels.values())).T
    habits = habits / habits.sum(axis=1, keepdims=True)
    regions, channels = list(truth.people.regions), list(truth.choice.channels)
    incident = np.ones((day_count(truth), len(regions), len(channels)))
    hit = regions.index(truth.incident.region), channels.index(truth.incident.channel)
    incident[(within(truth, truth.incident.window), *hit)] = truth.incident.remaining
    pull = channel_factors(truth, spend)[:, None, None, :] * incident[:, None, :, :] * habits[None, :, None, :]
    return pull.reshape(day_count(truth), -1, len(channels))
