"""Which quantities of orders and customers go together, each pair with its interval.

Spearman's rank correlation, because money and counts are skewed. The orders of one customer hang together, so a pair
counts only as many observations as it would take independent ones to be as certain: the variance of the correlation
is summed over customers and compared with the sum over orders. A quantity of the customer stands beside each of the
customer's orders, not beside their mean: the mean of few skewed values lies below that of many more often than not,
and ranks would take that for a relation. Two quantities of the customer have one row a customer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.effect import SIGNIFICANT, Effect, corrected
from engine.diagnose.drivers.quantities import QUANTITIES, Quantity, measured
from engine.diagnose.drivers.sample import clusters, horizon_of, sample_of
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.words import decimal

# Ranks of 66 pairs of 100,000 orders take 1.5 s CPU; more would tell a correlation to better than .005.
MOST_ORDERS = 100_000
# Fewer pairs of values than this are not looked at.
FEWEST = 30
# Below this a rank correlation is seen by no one; Cohen (1988) calls .1 small, .3 medium.
WORTH_SAYING = 0.1
MOST_SENTENCES = 6


@dataclass(frozen=True)
class Pair:
    """How two quantities go together.

    Parameters
    ----------
    one, two : names of the quantities
    of : what one observation is: "order" or "customer"
    n : observations in which both are known
    effective : independent observations that would be as certain
    spearman : rank correlation, its interval by Fisher's z; p of this pair alone
    pearson : linear correlation, for comparison
    q : p corrected for all pairs (Benjamini-Hochberg)
    kin : whether one is made of the other, so that going together is no finding
    """

    one: str
    two: str
    of: str
    n: int
    effective: float
    spearman: Effect
    pearson: float
    q: float
    kin: bool

    @property
    def significant(self) -> bool:
        """Whether it is more than chance does among so many pairs."""
        return self.q < SIGNIFICANT


@dataclass(frozen=True)
class Correlation:
    """The matrix of a selection, as its pairs.

    Parameters
    ----------
    names, labels : the quantities of the matrix, in order
    pairs : each pair once, the strongest first
    left_out : names of the quantities that are not in the matrix
    notes : the sentences why
    horizon : days within which coming back counts
    sentences : the strong ones in words
    note : how it was made
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    horizon: int
    sentences: tuple[str, ...]
    note: str

    def pair(self, one: str, two: str) -> Pair | None:
        """The pair of two quantities, in any order; None where too few orders have both."""
        return next((p for p in self.pairs if {p.one, p.two} == {one, two}), None)


@memoised
def correlation(snapshot: Snapshot, selection: Selection) -> Correlation:
    """The correlations of a selection's orders and customers."""
    orders, horizon = sample_of(snapshot, selection, MOST_ORDERS), horizon_of(snapshot)
    found = measured(orders, horizon)
    absent = [q.label for q in QUANTITIES if q.name not in found]
    notes = [f"This shop does not know: {', '.join(absent)}."] if absent else []
    left_out = {q.name: why for q in QUANTITIES if q.name in found and (why := _why_not(q, found[q.name]))}
    notes += left_out.values()
    kept = [q for q in QUANTITIES if q.name in found and q.name not in left_out]
    table = _Table({q.name: found[q.name] for q in kept}, clusters(orders))
    pairs = [p for at, two in enumerate(kept) for one in kept[:at] if (p := _pair(table, one, two))]
    qs = corrected([p.spearman.p for p in pairs])
    judged = sorted(
        (Pair(**{**p.__dict__, "q": q}) for p, q in zip(pairs, qs, strict=True)), key=lambda p: -abs(p.spearman.value)
    )
    words = {q.name: q.label for q in kept}
    return Correlation(
        tuple(words),
        tuple(words.values()),
        tuple(judged),
        tuple(q.name for q in QUANTITIES if q not in kept),
        tuple(notes),
        horizon,
        tuple(_sentence(p, words) for p in judged if _is_worth_saying(p))[:MOST_SENTENCES],
        _note(len(orders), horizon, snapshot, selection),
    )


def _why_not(quantity: Quantity, values: np.ndarray) -> str | None:
    label = quantity.label.capitalize()
    known = values[np.isfinite(values)]
    if len(known) < FEWEST:
        return f"{label} is known of {len(known)} orders only; {FEWEST} are needed."
    if known.min() == known.max():
        return f"{label} is the same, {known[0]:g}, in all orders."
    return None


class _Table:
    """Quantities by order, and by customer those that are of the customer."""

    def __init__(self, values: dict[str, np.ndarray], who: np.ndarray) -> None:
        self._values = values
        _, self._first, self._who = np.unique(who, return_index=True, return_inverse=True)

    def both(self, one: str, two: str, of: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Values of two quantities where both are known, and who each is of."""
        rows = self._first if of == "customer" else slice(None)
        a, b, who = self._values[one][rows], self._values[two][rows], self._who[rows]
        kept = np.isfinite(a) & np.isfinite(b)
        return a[kept], b[kept], who[kept]


def _pair(table: _Table, one: Quantity, two: Quantity) -> Pair | None:
    of = "customer" if one.of == two.of == "customer" else "order"
    a, b, who = table.both(one.name, two.name, of)
    if len(a) < FEWEST or a.min() == a.max() or b.min() == b.max():
        return None
    from scipy.stats import rankdata

    x, y = _standard(rankdata(a)), _standard(rankdata(b))
    value = float(np.mean(x * y))
    n = len(a)
    effective = n / max(_design_effect(x, y, value, who), 1.0)
    pearson = float(np.mean(_standard(a) * _standard(b)))
    kin = two.name in one.kin or one.name in two.kin
    return Pair(one.name, two.name, of, n, effective, _by_fisher(value, effective), pearson, 1.0, kin)


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def _design_effect(x: np.ndarray, y: np.ndarray, value: float, who: np.ndarray) -> float:
    """Variance of a correlation with customers as observations, by that with orders; 1 where each has one order."""
    pull = x * y - value / 2 * (x**2 + y**2)
    alone = float((pull**2).sum())
    together = float((np.bincount(who, pull) ** 2).sum())
    return together / alone if alone > 0 else 1.0


def _by_fisher(value: float, n: float) -> Effect:
    """A rank correlation with its interval.

    References
    ----------
    Bonett & Wright (2000), Psychometrika 65(1), 23-28, for the error of Spearman's; Fisher's z.
    """
    from scipy import stats

    value = min(max(value, -1 + 1e-12), 1 - 1e-12)
    z, free = np.arctanh(value), max(n - 3, 1.0)
    reach = float(stats.norm.ppf(0.975) * np.sqrt((1 + value**2 / 2) / free))
    # Where nothing goes together the error is that of Pearson's.
    p = 2 * float(stats.norm.sf(abs(z) * np.sqrt(free)))
    return Effect(value, float(np.tanh(z - reach)), float(np.tanh(z + reach)), p)


def _is_worth_saying(pair: Pair) -> bool:
    return pair.significant and not pair.kin and abs(pair.spearman.value) >= WORTH_SAYING


def _sentence(pair: Pair, words: dict[str, str]) -> str:
    size = abs(pair.spearman.value)
    how = "strongly" if size >= 0.5 else "clearly" if size >= 0.3 else "a little"
    goes = "more" if pair.spearman.value > 0 else "less"
    told = "{}, {} to {}".format(*(decimal(v, 2) for v in (pair.spearman.value, pair.spearman.low, pair.spearman.high)))
    return (
        f"{words[pair.one].capitalize()} and {words[pair.two]} go together {how}: more of the one, {goes} of the other "
        f"(rank correlation {told}, {pair.n:,} {pair.of}s)."
    )


def _note(looked_at: int, horizon: int, snapshot: Snapshot, selection: Selection) -> str:
    every = len(snapshot.orders(selection))
    said = f"Of {every:,} orders" if looked_at == every else f"Of {looked_at:,} of {every:,} orders, whole customers"
    return (
        f"{said}; several orders of one customer count as fewer observations. Coming back means another order on a "
        f"later day within {horizon} days. Going together is not yet a cause."
    )
