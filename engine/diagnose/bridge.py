"""How much of a product's change each factor made, without a residue, and in whole units that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial, floor, prod


def shapley(before: Sequence[float], now: Sequence[float]) -> list[float]:
    """What each factor adds to the change of the product: its Shapley value.

    A factor's value is its marginal contribution averaged over all orders in which the factors may change one
    after another. It needs no logarithm, so factors may be zero or change sign, and nothing is left over.

    Parameters
    ----------
    before, now : (n,) the factors; n is small, 2**n products are formed

    Returns
    -------
    (n,) parts that sum to prod(now) - prod(before) up to floating point

    References
    ----------
    Shapley (1953), Contributions to the Theory of Games 2, 307-317; for products of factors: Albrecht, Francois &
    Schoors (2002), Energy Policy 30, 727-736.
    """
    count = len(now)
    value = [prod(now[i] if some >> i & 1 else before[i] for i in range(count)) for some in range(1 << count)]
    weight = [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    return [
        sum(
            weight[some.bit_count()] * (value[some | 1 << i] - value[some])
            for some in range(1 << count)
            if not some >> i & 1
        )
        for i in range(count)
    ]


def in_units(parts: Sequence[float], total: int) -> list[int]:
    """The parts as whole numbers that sum to the total: rounded down, the rest to the largest remainders.

    Parameters
    ----------
    parts : (n,) n > 0; their sum is about the total
    total : what the answer sums to, exactly
    """
    found = [floor(part) for part in parts]
    every, some = divmod(total - sum(found), len(parts))
    largest = sorted(range(len(parts)), key=lambda i: (found[i] - parts[i], i))[:some]
    return [units + every + (i in largest) for i, units in enumerate(found)]
