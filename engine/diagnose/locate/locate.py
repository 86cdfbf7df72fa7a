"""Locate the cause: from leaves to the smallest set of combinations that explains an abnormal change.

A weighted-likelihood search. Sources of its ideas: one ratio under one cause (HotSpot 2018, Squeeze 2019), judging a
segment against its complement (BigQuery's contribution analysis), a price for depth and for the number of combinations
looked at, and one test over all of them, so that nothing is named where nothing happened.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.diagnose.locate.common import SAME_FACTOR, middle_factor, plain_factor
from engine.diagnose.locate.cube import Cube, cube
from engine.diagnose.locate.evidence import Counted, Evidence, dense
from engine.diagnose.locate.leaves import Leaves
from engine.diagnose.locate.located import Cause, Located
from engine.diagnose.locate.noise import Noise, is_whole, measured
from engine.diagnose.locate.search import Search
from engine.diagnose.locate.state import State, likeliest

DEEPEST, DEEPEST_FORECASTS = 4, 6
MOST = 12
# Nominal; by choosing among overlapping segments and factors the search names one a little more often.
ALPHA = 0.006
# Below, the chance of a count is too lopsided: without the rule 7% of windows of 600 orders had a false cause; with 25,
# 20 and 16 it was .8, 1.0 and .3% of 400, and F1 .554, .559 and .561. Two weeks of the demo shop's incident have 24.7.
FEWEST_EVENTS = 20.0
# Of the error allowed in all, how much each depth gets: deep causes are many and rare.
BY_DEPTH = np.array([0.4, 0.35, 0.15, 0.1])
# The median of a squared standard normal value.
MEDIAN_SQUARE = 0.4549
FEWEST_ELEMENTS = 20
PASSES = 5
# Without it F1 was .975 for .985 at 10,000 orders. Three robust fits to the elements of one cuboid instead of these
# beginnings: .980, with .8% for .6% of false causes at 2,500.
ABOVE = 1.2
# A factor that moves by less has settled.
NEAR = 0.002


def locate(leaves: Leaves, *, most: int = MOST, alpha: float = ALPHA, deepest: int | None = None) -> Located:
    """The smallest sufficient set of causes.

    Parameters
    ----------
    leaves : what was and what was expected
    most : causes at most
    alpha : how often a cause may be named where there is none
    deepest : dimensions in a cause at most; where None 4, or 6 where each leaf has a forecast of its own

    References
    ----------
    Li et al. (2019), Squeeze, ISSRE; Kalander (2022), RiskLoc, arXiv 2205.10004.
    """
    leaves = _telling(leaves)
    total = float(leaves.actual.sum()), float(leaves.expected.sum())
    if not len(leaves) or total[1] <= 0:
        return Located(notes=("Nothing was expected anywhere, so nothing can deviate from it.",))
    elements = cube(leaves.codes, leaves.sizes, deepest or _deepest(leaves))
    tried = [_settled(leaves, elements, start, (alpha, most)) for start in _starts(leaves)]
    return _told(leaves, elements, likeliest(leaves, elements, tried), alpha)


def _deepest(leaves: Leaves) -> int:
    forecasts = leaves.event is None and measured(leaves.actual, leaves.expected, leaves.weight, 1.0).is_relative
    return DEEPEST_FORECASTS if forecasts else DEEPEST


def given(leaves: Leaves, found: Located, *, deepest: int = DEEPEST) -> Located:
    """Causes that were found in other figures of the same combinations, told in these."""
    leaves = _telling(leaves)
    elements = cube(leaves.codes, leaves.sizes, deepest)
    owner = np.full(len(leaves), -1)
    chosen = []
    for cause in found.causes:
        places = {leaves.dimensions.index(name): (name, value) for name, value in cause.where}
        element = elements.find({d: leaves.labels[d].index(value) for d, (_, value) in places.items()})
        if element is not None:
            owner[elements.members(element) & (owner < 0)] = element
            chosen.append(element)
    factor, noise = _again(leaves, owner < 0, 1.0, Noise(leaves.event or 1.0, 0.0, False))
    evidence = _evidence(leaves, elements, (factor, noise), owner < 0)
    price = prices(elements, evidence, ALPHA)
    told = _told(leaves, elements, State(tuple(chosen), owner, factor, evidence, noise, price), ALPHA)
    certain = {cause.where: cause.p_value for cause in found.causes}
    causes = (replace(c, p_value=certain[c.where], score=c.share * (1 - certain[c.where])) for c in told.causes)
    return replace(told, causes=tuple(sorted(causes, key=lambda cause: (-cause.score, cause.where))))


def _starts(leaves: Leaves) -> list[tuple[float, Noise]]:
    """Common factors and noises to begin with.

    What was expected is usually right on the whole, but not always. Two windows begin at 1, at the ratio of their
    totals, and above it, as the rest stands where the causes fell.
    """
    factor = middle_factor(leaves.actual, leaves.expected)
    noise = measured(leaves.actual, leaves.expected, leaves.weight, 1.0)
    if leaves.event is not None:
        noise = Noise(leaves.event, 0.0, False)
    if not noise.is_relative:
        if leaves.weight is not None and leaves.events is None:
            return [(factor, noise)]
        plain = plain_factor(float(leaves.actual.sum()), float(leaves.expected.sum()))
        return [(plain, noise), (1.0, noise), (ABOVE * plain, noise)]
    found = [(1.0, noise)]
    if abs(factor - 1) > SAME_FACTOR:
        found.append((factor, measured(leaves.actual, leaves.expected, leaves.weight, factor, kind=noise)))
    return found


def _settled(leaves: Leaves, elements: Cube, start: tuple[float, Noise], limits: tuple[float, int]) -> State:
    """Search, measure the factor and the noise again without the causes, until both stay."""
    alpha, most = limits
    factor, noise = start
    chosen: tuple[int, ...] = ()
    owner = np.full(len(leaves), -1)
    for _ in range(PASSES):
        evidence = _evidence(leaves, elements, (factor, noise), owner < 0)
        price = prices(elements, evidence, alpha)
        search = Search(elements, evidence, price, most)
        found = tuple(search.run(chosen))
        same = sorted(found) == sorted(chosen) and (owner == search.owner).all()
        chosen, owner = found, search.owner
        next_factor, next_noise = _again(leaves, owner < 0, factor, noise)
        if same and next_noise.is_relative == noise.is_relative and abs(next_factor - factor) < NEAR * factor:
            break
        factor, noise = next_factor, next_noise
    return State(chosen, owner, factor, evidence, noise, price)


def prices(elements: Cube, evidence: Evidence, alpha: float) -> np.ndarray:
    """(size,) the gain that chance alone exceeds anywhere at that depth with the depth's part of alpha."""
    from scipy.stats import chi2

    sums = evidence.sums(elements)
    enough = evidence.enough(sums)
    tests = np.bincount(elements.cuboid[enough], minlength=len(elements.cuboids)).clip(1)
    depths = elements.depth.clip(max=len(BY_DEPTH)) - 1
    part = BY_DEPTH[: depths.max() + 1] / BY_DEPTH[: depths.max() + 1].sum()
    cuboids = np.bincount(depths)
    each = alpha * part[depths] / cuboids[depths] / tests
    return chi2.isf(each[elements.cuboid], evidence.own(sums))


def _telling(leaves: Leaves) -> Leaves:
    keep = (leaves.actual != 0) | (leaves.expected != 0)
    return leaves if keep.all() else leaves.take(keep)


def _again(leaves: Leaves, rest: np.ndarray, factor: float, noise: Noise) -> tuple[float, Noise]:
    """Factor and noise of the leaves that belong to no cause."""
    if not rest.any():
        return factor, noise
    actual, expected = leaves.actual[rest], leaves.expected[rest]
    factor = plain_factor(float(actual.sum()), float(expected.sum()))
    if noise.is_relative:
        factor = middle_factor(actual, expected)
        factor = 1.0 if abs(factor - 1) < SAME_FACTOR else factor
    if leaves.event is not None:
        return factor, noise
    weight = None if leaves.weight is None else leaves.weight[rest]
    # Causes make counts look as if they missed a forecast: the kind is told again without them.
    return factor, measured(actual, expected, weight, factor, kind=None if noise.is_relative else noise)


def _evidence(leaves: Leaves, elements: Cube, found: tuple[float, Noise], rest: np.ndarray) -> Evidence:
    factor, noise = found
    if noise.is_relative:
        return dense(leaves, factor, noise, rest)
    parts = [leaves.actual, factor * leaves.expected]
    least = FEWEST_EVENTS * _event_size(leaves, noise, factor)
    if leaves.weight is not None:
        parts.append(leaves.weight)
        least = FEWEST_EVENTS
    if leaves.events is not None:
        parts += [leaves.events[0], factor * leaves.events[1]]
    within = frozenset(place for place, name in enumerate(leaves.dimensions) if name in leaves.within)
    plain = Counted(np.stack(parts), max(noise.event, 1e-12), least, leaves.whole, within)
    # The first causes are found as if events were independent; what is left without them shows whether they are.
    return plain if rest.all() else replace(plain, event=plain.event * _excess(elements, plain, rest))


def _event_size(leaves: Leaves, noise: Noise, factor: float) -> float:
    """One event in the leaves' unit: 1 for whole counts; else what their variance says, both windows being random."""
    if is_whole(leaves.actual) and is_whole(leaves.expected):
        return 1.0
    return noise.event / (1 + factor)


def _excess(elements: Cube, evidence: Counted, rest: np.ndarray) -> float:
    """How much more elements vary than chance lets them: 1 or more, whatever a few causes do."""
    sums = evidence.sums(elements, np.flatnonzero(rest))
    squares = evidence.square(sums)[evidence.enough(sums)]
    if len(squares) < FEWEST_ELEMENTS:
        return 1.0
    # One standard error below the middle: chance alone must not take power away.
    return max(1.0, float(np.quantile(squares, 0.5 - 0.5 / np.sqrt(len(squares)))) / MEDIAN_SQUARE)


def _told(leaves: Leaves, elements: Cube, state: State, alpha: float) -> Located:
    from scipy.stats import chi2

    evidence, noise, picked, owner, factor = state.evidence, state.noise, state.chosen, state.owner, state.factor
    kind = "relative" if noise.is_relative else "events"
    deviation = leaves.actual - factor * leaves.expected
    totals = {e: float(deviation[owner == e].sum()) for e in picked}
    left = _unexplained(elements, evidence, owner, deviation)
    whole = sum(map(abs, totals.values())) + left
    causes = []
    for element, found in totals.items():
        own = np.flatnonzero(owner == element)
        sums = evidence.sums(elements, own)[:, [element]]
        gain, degrees = float(evidence.gain(sums)[0]), int(evidence.own(sums)[0])
        # The price is the gain that chance exceeds with alpha among all that was looked at.
        p = float(np.exp(np.log(alpha) + chi2.logsf(gain, degrees) - chi2.logsf(state.price[element], degrees)))
        p = min(1.0, p)
        share = abs(found) / whole if whole else 0.0
        where = tuple(
            (leaves.dimensions[d], leaves.labels[d][value]) for d, value in sorted(elements.where(element).items())
        )
        actual, expected = _sums(leaves, own, factor)
        found = found if leaves.per is None else found / max(float(leaves.per.sum()), 1e-12)
        causes.append(Cause(where, actual, expected, found, share, share * (1 - p), p))
    causes.sort(key=lambda cause: (-cause.score, cause.where))
    return Located(
        tuple(causes),
        sum(cause.share for cause in causes) if causes else None,
        factor,
        *_sums(leaves, np.arange(len(leaves)), 1.0),
        elements.size,
        leaves.dimensions,
        kind,
        () if causes else (NOTHING,),
    )


def _sums(leaves: Leaves, own: np.ndarray, factor: float) -> tuple[float | None, float | None]:
    """Actual and expected of some leaves; None of a ratio that has nothing to divide by now."""
    actual, expected = float(leaves.actual[own].sum()), float(factor * leaves.expected[own].sum())
    if leaves.per is None:
        return actual, expected
    per = float(leaves.per[own].sum())
    return (actual / per, expected / per) if per else (None, None)


NOTHING = "No combination changed more than chance lets one of so many change."


def _unexplained(elements: Cube, evidence: Evidence, owner: np.ndarray, deviation: np.ndarray) -> float:
    """What single values still deviate by beyond two standard errors, in the dimension where that is most."""
    rest = owner < 0
    first = np.flatnonzero(elements.depth == 1)
    sums = evidence.sums(elements, np.flatnonzero(rest))
    square = evidence.square(sums)
    total = elements.sums(np.where(rest, deviation, 0.0)[None])[0]
    beyond = np.abs(total) * np.maximum(1 - 2 / np.sqrt(np.maximum(square, 1e-9)), 0.0)
    return max(float(beyond[elements.starts[c] : elements.starts[c + 1]].sum()) for c in first)
