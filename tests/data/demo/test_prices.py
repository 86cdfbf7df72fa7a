"""The elasticities and promotion lifts, found again from orders and prices."""

import numpy as np
import pytest

from data.demo import TRUTH
from data.demo.calendar import within
from data.demo.catalogue import CATEGORIES, PRODUCTS
from data.demo.prices import plan_prices
from tests.data.demo.estimate import share_fit
from tests.data.demo.shop import BASE, DAYS, product_days

CATEGORY = np.array([p.category for p in PRODUCTS])


def log_price(shop) -> np.ndarray:
    """(days, products) log of the price paid over the base price."""
    return np.log(shop.demo.plan.demand.prices.paid / 10_000 / BASE)


def elasticity(shop, category: str) -> float:
    """From how a category's orders split over its products while their prices move: all else cancels."""
    mine = category == CATEGORY
    return share_fit(product_days(shop.orders)[:, mine], log_price(shop)[:, mine, None])[0]


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_large_shop_tells_the_planted_elasticity(large_shop, category):
    assert elasticity(large_shop, category) == pytest.approx(TRUTH.pricing.elasticity[category], rel=0.06)


def test_the_usual_shop_tells_its_elasticities_on_the_whole(demo_shop):
    """One category's standard error is about .12, that of the mean of six .05."""
    found = np.mean([elasticity(demo_shop, c) for c in CATEGORIES])
    assert found == pytest.approx(np.mean(list(TRUTH.pricing.elasticity.values())), rel=0.10)


def test_prices_in_the_lines_are_the_planned_ones(demo_shop):
    prices = demo_shop.demo.plan.demand.prices
    product = {p.name: position for position, p in enumerate(PRODUCTS)}
    orders = demo_shop.orders
    at = orders["day"], np.array([product[name] for name in orders["product"]])
    assert (orders["unit_price_units"] == prices.listed[at]).all()
    assert (orders["discount_units"] == orders["quantity"] * prices.taken_off[at]).all()


def test_promotions_sell_more_than_their_lower_price_explains(large_shop):
    """Categories on promotion against those that are not, on the same days, after the price's own effect."""
    slope = np.repeat([elasticity(large_shop, c) for c in CATEGORIES], [(c == CATEGORY).sum() for c in CATEGORIES])
    counts = product_days(large_shop.orders)
    price = np.exp(log_price(large_shop) * slope)
    weighted = price * counts.sum(axis=0) / price.sum(axis=0)
    by_category = np.stack([counts[:, c == CATEGORY].sum(axis=1) for c in CATEGORIES], axis=1)
    pull = np.log(np.stack([weighted[:, c == CATEGORY].sum(axis=1) for c in CATEGORIES], axis=1))
    promoted = np.zeros((DAYS, len(CATEGORIES)))
    for promotion in TRUTH.promotions:
        if promotion.lift != 1:
            promoted[within(TRUTH, promotion.window), np.isin(CATEGORIES, promotion.categories)] = 1
    found = share_fit(by_category, np.stack([promoted, pull], axis=2))
    lifts = {p.lift for p in TRUTH.promotions if p.lift != 1}
    assert len(lifts) == 1
    assert np.exp(found[0]) == pytest.approx(lifts.pop(), rel=0.03)
    assert found[1] == pytest.approx(1, abs=0.06)


def test_every_price_moves_and_stays_above_its_cost():
    for seed in range(5):
        prices = plan_prices(TRUTH, np.random.default_rng(seed))
        assert (np.diff(prices.listed, axis=0) != 0).any(axis=0).all()
        assert (prices.listed > 0).all()
        assert (prices.taken_off >= 0).all()
        below = prices.listed / 10_000 < [p.cost for p in PRODUCTS]
        assert below.mean() < 0.02


def test_demand_is_the_price_ratio_to_the_elasticity_on_plain_days():
    prices = plan_prices(TRUTH, np.random.default_rng(3))
    slope = np.array([TRUTH.pricing.elasticity[c] for c in CATEGORY])
    plain = prices.taken_off == 0
    expected = (prices.listed / 10_000 / BASE) ** slope
    assert prices.demand[plain] == pytest.approx(expected[plain])
