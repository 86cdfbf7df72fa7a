"""Prices: how they move, what a promotion takes off, and what both do to demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.calendar import day_count, within
from data.demo.catalogue import CATEGORIES, PRODUCTS
from data.demo.effects import Truth
from data.schema import MONEY_SCALE

CENT = MONEY_SCALE // 100


@dataclass(frozen=True)
class Prices:
    """What every product cost on every day.

    Parameters
    ----------
    listed : (days, products) int64, list price of a piece in money units
    taken_off : (days, products) int64, promotion discount a piece in money units
    demand : (days, products) factor on orders of the product
    """

    listed: np.ndarray
    taken_off: np.ndarray
    demand: np.ndarray

    @property
    def paid(self) -> np.ndarray:
        """(days, products) int64, what a piece costs the customer."""
        return self.listed - self.taken_off


def plan_prices(truth: Truth, rng: np.random.Generator) -> Prices:
    """Prices of the whole time: steps of each product and category, inflation, promotions."""
    base = np.array([p.price for p in PRODUCTS])
    level = _levels(truth, rng)
    # Shop prices end in 90 cents; demand answers to this rounded price, so the elasticity stays exact.
    euros = np.maximum(np.round(base * level - 0.90), 1) + 0.90
    listed = np.round(euros * MONEY_SCALE).astype(np.int64)
    cut, lift = _promotions(truth)
    taken_off = np.round(listed * cut / CENT).astype(np.int64) * CENT
    elasticity = np.array([truth.pricing.elasticity[p.category] for p in PRODUCTS])
    demand = ((listed - taken_off) / (base * MONEY_SCALE)) ** elasticity * lift
    return Prices(listed, taken_off, demand)


def _levels(truth: Truth, rng: np.random.Generator) -> np.ndarray:
    """(days, products) price over base price before rounding.

    Neighbours in the catalogue try prices in pairs, one up while the other is down: products tell their
    elasticity, while the shop's total stays calm enough to be forecast.
    """
    pricing, days = truth.pricing, day_count(truth)
    shared = {c: _steps(rng, days, pricing.category_days, pricing.category_spread) for c in CATEGORIES}
    logs = np.tile(np.log1p(pricing.yearly_inflation) * np.arange(days) / 365, (len(PRODUCTS), 1))
    for position, product in enumerate(PRODUCTS):
        if position % 2 == 0:
            own = _steps(rng, days, pricing.product_days, pricing.product_spread)
        logs[position] += shared[product.category] + (own if position % 2 == 0 else -own)
    return np.exp(logs.T)


def _steps(rng: np.random.Generator, days: int, every: float, spread: float) -> np.ndarray:
    """(days,) levels of spread `spread`, above and below 0 in turn, each held for 0.5 to 1.5 times `every` days."""
    edges = np.cumsum(rng.uniform(0.5, 1.5, size=int(2 * days / every) + 2) * every)
    levels = np.abs(rng.normal(0, spread, size=len(edges) + 1))
    levels[int(rng.integers(2)) :: 2] *= -1
    return levels[np.searchsorted(edges, np.arange(days), side="right")]


def _promotions(truth: Truth) -> tuple[np.ndarray, np.ndarray]:
    """(days, products) share taken off, and factor from being advertised."""
    cut = np.zeros((day_count(truth), len(PRODUCTS)))
    lift = np.ones_like(cut)
    for promotion in truth.promotions:
        covered = np.array([p.category in promotion.categories for p in PRODUCTS])
        cut[within(truth, promotion.window), covered] = promotion.discount
        lift[within(truth, promotion.window), covered] = promotion.lift
    return cut, lift
