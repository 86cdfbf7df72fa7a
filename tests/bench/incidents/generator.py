"""Tables with planted causes: sparse order counts, dense leaves as in the papers, ratios, and none at all.

The dense kinds follow the published definitions. RiskLoc (Kalander 2022): Weibull sizes, a share of zeros, relative
noise on either side, 1 to 3 incidents of 1 to 3 elements of one cuboid, each with its severity and its spread. Squeeze
(Li et al. 2019): several elements of one cuboid, one common deviation, forecast noise that grows from B0 to B4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from engine.diagnose.locate.leaves import Leaves

Where = frozenset[tuple[str, str]]

SHOP = {"region": 4, "segment": 3, "category": 6, "channel": 5, "payment": 4}
S = {"a": 10, "b": 12, "c": 10, "d": 8, "e": 5}
L = {"a": 10, "b": 24, "c": 10, "d": 15}
# The published H has 24 million leaves; this keeps its shape (one wide dimension of six) at 48 thousand.
H = {"a": 4, "b": 3, "c": 50, "d": 5, "e": 4, "f": 4}
SQUEEZE = {"a": 10, "b": 40, "c": 8, "d": 5}


@dataclass(frozen=True, eq=False)
class Case:
    """Leaves and the causes planted in them."""

    leaves: Leaves
    truth: frozenset[Where]


def counts(rng: np.random.Generator, orders: int, causes: int | None = None, *, deepest: int = 2) -> Case:
    """Two windows of so many orders on a shop's 1,440 leaves; some segments of 2% or more lose 40 to 80%."""
    codes = _all(SHOP)
    share = np.ones(len(codes))
    for place, size in enumerate(SHOP.values()):
        share *= rng.dirichlet(np.full(size, 6.0))[codes[:, place]]
    share *= rng.gamma(8.0, 1 / 8, len(codes))
    share /= share.sum()
    left = np.ones(len(codes))
    truth: list[dict[int, int]] = []
    for _ in range(rng.integers(1, 4) if causes is None else causes):
        found = _segment(rng, codes, truth, lambda inside: share[inside].sum() >= 0.02, depth=(1, deepest))
        if found is not None:
            truth.append(found)
            _lose(left, _inside(codes, found), 1 - rng.uniform(0.4, 0.8))
    common = rng.uniform(0.85, 1.15)
    actual, expected = rng.poisson(orders * common * share * left), rng.poisson(orders * share)
    return _case(SHOP, codes, actual, expected, truth)


def mixed(rng: np.random.Generator, orders: int) -> Case:
    """As `counts`, one segment falling by 50 to 80% and another doubling or more."""
    codes = _all(SHOP)
    share = np.ones(len(codes))
    for place, size in enumerate(SHOP.values()):
        share *= rng.dirichlet(np.full(size, 6.0))[codes[:, place]]
    share /= share.sum()
    left = np.ones(len(codes))
    truth: list[dict[int, int]] = []
    taken = np.zeros(len(codes), bool)
    for factor in (1 - rng.uniform(0.5, 0.8), rng.uniform(2.0, 3.0)):
        found = _segment(rng, codes, truth, lambda inside: share[inside].sum() >= 0.03, depth=(1, 2))
        if found is not None:
            truth.append(found)
            left[_inside(codes, found) & ~taken] *= factor
            taken |= _inside(codes, found)
    return _case(SHOP, codes, rng.poisson(orders * share * left), rng.poisson(orders * share), truth)


def riskloc(
    rng: np.random.Generator,
    dims: dict[str, int],
    *,
    noise: tuple[float, float] = (0.0, 0.25),
    severity: tuple[float, float] = (0.2, 1.0),
    spread: tuple[float, float] = (0.0, 0.1),
    incidents: tuple[int, int] = (1, 3),
    elements: tuple[int, int] = (1, 3),
    last_layer: bool = False,
) -> Case:
    """One case of the RiskLoc generators."""
    codes = _all(dims)
    size, level = len(codes), rng.uniform(*noise)
    base = rng.weibull(rng.uniform(0.5, 1.0), size) * 100 * (rng.random(size) > rng.uniform(0.0, 0.25))
    other = base * (1 + rng.normal(0.0, level, size))
    swap = rng.random(size) < 0.5
    actual, expected = np.where(swap, other, base), np.maximum(np.where(swap, base, other), 0.0)
    risen = actual.sum() > expected.sum()
    truth: list[dict[int, int]] = []
    cuboids: list[tuple[int, ...]] = []
    for _ in range(rng.integers(*incidents, endpoint=True)):
        depth = len(dims) if last_layer else int(rng.integers(1, len(dims), endpoint=True))
        chosen = _elements(rng, codes, base, (truth, cuboids), depth, int(rng.integers(*elements, endpoint=True)))
        fall, wide = rng.uniform(*severity) + level, rng.uniform(*spread)
        for where in chosen:
            inside = _inside(codes, where)
            kept = np.maximum(1 - rng.normal(fall, wide, int(inside.sum())), 0.0)
            if risen:
                expected[inside] = actual[inside] * kept
            else:
                actual[inside] = expected[inside] * kept
        truth += chosen
    return _case(dims, codes, np.maximum(actual, 0.0), expected, truth)


def squeeze(rng: np.random.Generator, layer: int, elements: int, noise: float) -> Case:
    """Elements of one cuboid of that many dimensions, with one common deviation, in the manner of B0 to B4."""
    codes = _all(SQUEEZE)
    size = len(codes)
    expected = rng.lognormal(3.0, 1.3, size)
    actual = expected * np.maximum(1 + rng.normal(0.0, noise, size), 0.0)
    truth = _elements(rng, codes, expected, ([], []), layer, elements)
    deviation = rng.uniform(0.3, 0.9) * rng.choice([1.0, -1.0], p=[0.8, 0.2])
    for where in truth:
        inside = _inside(codes, where)
        each = deviation + rng.normal(0.0, noise / 2, int(inside.sum()))
        actual[inside] = expected[inside] * np.maximum((2 - each) / np.maximum(2 + each, 0.1), 0.0)
    return _case(SQUEEZE, codes, actual, expected, truth)


def rounded(case: Case) -> Case:
    """The same with whole numbers."""
    return replace(
        case,
        leaves=replace(case.leaves, actual=np.rint(case.leaves.actual), expected=np.rint(case.leaves.expected)),
    )


def long_tails(rng: np.random.Generator, degrees: float) -> Case:
    """Forecasts without a cause that miss as Student's t."""
    case = squeeze(rng, 2, 0, 0.0)
    miss = 1 + rng.uniform(0.02, 0.2) * rng.standard_t(degrees, len(case.leaves))
    return replace(case, leaves=replace(case.leaves, actual=case.leaves.expected * np.maximum(miss, 0.0)))


def ratio(rng: np.random.Generator, orders: int, causes: int | None = None) -> Case:
    """A share of orders by leaf, in two windows: in some segments it falls by 25 to 60% while the mix moves."""
    codes = _all(SHOP)
    share = rng.gamma(1.5, 1.0, len(codes))
    share /= share.sum()
    now = np.maximum(rng.poisson(orders * share * rng.gamma(20, 1 / 20, len(codes))), 0)
    before = rng.poisson(orders * share)
    rate = np.clip(0.5 * rng.uniform(0.7, 1.3, SHOP["category"])[codes[:, 2]], 0.05, 0.95)
    left = np.ones(len(codes))
    truth: list[dict[int, int]] = []
    for _ in range(rng.integers(1, 3) if causes is None else causes):
        found = _segment(rng, codes, truth, lambda inside: share[inside].sum() >= 0.03, depth=(1, 2))
        if found is not None:
            truth.append(found)
            _lose(left, _inside(codes, found), 1 - rng.uniform(0.25, 0.6))
    hits, were = rng.binomial(now, rate * left), rng.binomial(before, rate)
    from engine.diagnose.locate.ratio import of_dense_ratio

    return Case(of_dense_ratio(*_named(SHOP, codes), (hits, now), (were, before)), _truth(SHOP, truth))


def _all(dims: dict[str, int]) -> np.ndarray:
    return np.array(list(product(*map(range, dims.values()))))


def _inside(codes: np.ndarray, where: dict[int, int]) -> np.ndarray:
    keep = np.ones(len(codes), bool)
    for dimension, value in where.items():
        keep &= codes[:, dimension] == value
    return keep


def _lose(left: np.ndarray, inside: np.ndarray, kept: float) -> None:
    """An order that two incidents would have cost is lost once: where they cross, the stronger one rules."""
    left[inside] = np.minimum(left[inside], kept)


def _segment(
    rng: np.random.Generator,
    codes: np.ndarray,
    others: Sequence[dict[int, int]],
    enough: Callable[[np.ndarray], bool],
    depth: tuple[int, int],
) -> dict[int, int] | None:
    """A segment that is large enough and shares no value with those before."""
    for _ in range(200):
        dims = rng.choice(codes.shape[1], int(rng.integers(*depth, endpoint=True)), replace=False)
        where = {int(d): int(rng.integers(codes[:, d].max() + 1)) for d in sorted(dims)}
        if any(where.items() & other.items() for other in others) or {*where} in ({*o} for o in others):
            continue
        if enough(_inside(codes, where)):
            return where
    return None


def _elements(rng, codes: np.ndarray, base: np.ndarray, earlier: tuple[list, list], depth: int, count: int) -> list:
    """Distinct elements of one cuboid that was not used, of values that were not used, not empty."""
    truth, cuboids = earlier
    for _ in range(500):
        dims = tuple(sorted(rng.choice(codes.shape[1], depth, replace=False).tolist()))
        if dims in cuboids and depth < codes.shape[1]:
            continue
        free = [sorted({*codes[:, d].tolist()} - {t[d] for t in truth if d in t}) for d in dims]
        if not all(free):
            continue
        chosen = [{d: int(rng.choice(values)) for d, values in zip(dims, free, strict=True)} for _ in range(count)]
        distinct = len({tuple(where.values()) for where in chosen}) == count
        if distinct and all(base[_inside(codes, where)].any() for where in chosen):
            cuboids.append(dims)
            return chosen
    return []


def _named(dims: dict[str, int], codes: np.ndarray) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], np.ndarray]:
    return tuple(dims), tuple(tuple(f"{name}{i}" for i in range(size)) for name, size in dims.items()), codes


def _case(dims: dict[str, int], codes: np.ndarray, actual, expected, truth: Sequence[dict[int, int]]) -> Case:
    return Case(
        Leaves(*_named(dims, codes), np.asarray(actual, float), np.asarray(expected, float)), _truth(dims, truth)
    )


def _truth(dims: dict[str, int], truth: Sequence[dict[int, int]]) -> frozenset[Where]:
    names = list(dims)
    return frozenset(frozenset((names[d], f"{names[d]}{value}") for d, value in where.items()) for where in truth)
