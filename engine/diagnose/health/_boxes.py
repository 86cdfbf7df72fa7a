"""Where marked observations pile up: the stretch of days, of the whole shop or of one source, that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.diagnose.health._base import Shop, Where
from engine.dimensions import EMPTY

# One box in a source must explain this much more than the best box of the whole shop to be preferred.
NARROWER = 1.1
# A log likelihood ratio of 25 is a chance of 1 in 70 billion: over some 100 sources and 10,000 pairs of days that
# leaves 1 in 70,000, and room for observations that are not independent.
LEAST_GAIN = 25.0
FEWEST = 8
MOST_BOXES = 4
# A rate of nothing at all cannot be known from a few hundred observations.
LOWEST_RATE = 0.002


@dataclass(frozen=True)
class Box:
    """A stretch of days, perhaps of one source only.

    Parameters
    ----------
    start, end : days counted from the shop's first; `end` is out
    where : the source
    members : positions, in what was looked at, of the marked observations inside
    count : observations inside
    gain : log likelihood ratio of the two rates
    """

    start: int
    end: int
    where: Where
    members: np.ndarray
    count: int
    gain: float

    @property
    def purity(self) -> float:
        """Share of the observations inside that are marked."""
        return len(self.members) / max(self.count, 1)


@dataclass(frozen=True)
class Rates:
    """What is looked for.

    Parameters
    ----------
    inside : the rate of marks in a box
    outside : the usual rate; None where it is each source's own, read from its quieter weeks
    purest : least share of marked observations in a box
    """

    inside: float
    outside: float | None = None
    purest: float = 0.8


def boxes(
    shop: Shop, at: np.ndarray, marked: np.ndarray, rates: Rates, *, sources: tuple[str, ...] | None = None
) -> Iterator[Box]:
    """The boxes that hold the marks, the clearest first; each is taken out before the next is sought.

    Parameters
    ----------
    at : (m,) lines that are looked at
    marked : (m,) bool
    sources : dimensions whose values may be the place; all of the shop's where None
    """
    sources = shop.sources if sources is None else sources
    alive = np.ones(len(at), bool)
    for _ in range(MOST_BOXES):
        if np.count_nonzero(marked & alive) < FEWEST:
            return
        found = _best(shop, at, (marked, alive), rates, sources)
        if found is None:
            return
        inside = alive & _inside(shop, at, found)
        members = np.flatnonzero(inside & marked)
        box = Box(*found[:3], members, int(inside.sum()), found[3])
        alive &= ~inside
        if len(members) >= FEWEST and box.purity >= rates.purest:
            yield box


def _best(shop: Shop, at, masks, rates: Rates, sources) -> tuple[int, int, Where, float] | None:
    day = shop.lines.day[at]
    whole = _stretch(*_tables(day, np.zeros(len(at), np.int64), masks, (1, shop.days)), rates)
    best = (whole[1], whole[2], (), whole[3]) if whole else None
    for name in sources:
        labels = shop.lines.labels[name]
        shape = len(labels), shop.days
        found = _stretch(*_tables(day, shop.lines.codes[name][at], masks, shape), rates)
        needed = 0.0 if best is None else best[3] * (1.0 if best[2] else NARROWER)
        if found and found[3] > needed and labels[found[0]] != EMPTY:
            best = (found[1], found[2], ((name, labels[found[0]]),), found[3])
    return best if best and best[3] >= LEAST_GAIN else None


def _tables(day, code, masks, shape) -> tuple[np.ndarray, np.ndarray]:
    """Marked and all observations by source and day, of those that are not yet in a box."""
    marked, alive = masks
    cell = code.astype(np.int64) * shape[1] + day
    size = shape[0] * shape[1]
    count = np.bincount(cell[alive], minlength=size).reshape(shape)
    return np.bincount(cell[alive & marked], minlength=size).reshape(shape), count


def _stretch(marks: np.ndarray, count: np.ndarray, rates: Rates) -> tuple[int, int, int, float] | None:
    """Source, first day, day after the last, and gain of the stretch with the largest gain (Kadane's search)."""
    outside = _usual(marks, count) if rates.outside is None else np.full(len(marks), rates.outside)
    outside = np.maximum(outside, LOWEST_RATE)
    searched = outside < 0.8 * rates.inside
    low = np.minimum(outside, 0.8 * rates.inside)[:, None]
    gain = marks * np.log(rates.inside / low) + (count - marks) * np.log((1 - rates.inside) / (1 - low))
    summed = np.concatenate([np.zeros((len(gain), 1)), np.cumsum(gain, axis=1)], axis=1)
    least = np.minimum.accumulate(summed, axis=1)
    rise = np.where(searched[:, None], summed - least, 0.0)
    row, end = np.unravel_index(int(np.argmax(rise)), rise.shape)
    if rise[row, end] <= 0:
        return None
    start = int(np.argmin(summed[row, :end]))
    return int(row), start, int(end), float(rise[row, end])


def _usual(marks: np.ndarray, count: np.ndarray) -> np.ndarray:
    """(sources,) the rate of marks in the quieter weeks: their lower quartile over four weeks at a time."""
    edges = np.arange(0, marks.shape[1], 28)
    many = np.add.reduceat(count, edges, axis=1)
    rate = np.where(many >= 5, np.add.reduceat(marks, edges, axis=1) / np.maximum(many, 1), np.nan)
    rate[np.isnan(rate).all(axis=1)] = 1.0
    return np.nanquantile(rate, 0.25, axis=1)


def share_outside(shop: Shop, at: np.ndarray, box: Box) -> float:
    """Share of a box's source, among the lines that were looked at, that lies outside its days."""
    own = np.ones(len(at), bool)
    for name, value in box.where:
        own &= shop.lines.codes[name][at] == shop.lines.labels[name].index(value)
    return 1.0 - box.count / max(int(own.sum()), 1)


def _inside(shop: Shop, at: np.ndarray, found) -> np.ndarray:
    start, end, where, _ = found
    day = shop.lines.day[at]
    inside = (day >= start) & (day < end)
    for name, value in where:
        inside &= shop.lines.codes[name][at] == shop.lines.labels[name].index(value)
    return inside
