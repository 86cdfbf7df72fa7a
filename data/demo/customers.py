"""Who buys: segment, region, age, favourite category, own rhythm and the day they were won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.calendar import day_axis
from data.demo.catalogue import CATEGORIES
from data.demo.demand import Demand
from data.demo.effects import People, Truth
from data.demo.text import numbered

# Customers of the first day had been won over the two years before it, more of them lately.
YEARS_BEFORE = 2.0

# Those still there after these years are the slower ones: at mean pace some 10 orders a year, each with 8% to be the
# last, over a year on average. Without it the early customers' orders fall by a tenth in the first year.
WORN_OFF = 0.8


@dataclass(frozen=True)
class Customers:
    """The demo shop's customers, as codes; (customers,) arrays.

    Parameters
    ----------
    segment, region, age : positions in the truth's People
    group : position in Demand.by_group
    pace : own rate of orders, relative
    won : day they were won, counted from the first day; negative before it
    """

    segment: np.ndarray
    region: np.ndarray
    age: np.ndarray
    group: np.ndarray
    pace: np.ndarray
    won: np.ndarray

    def __len__(self) -> int:
        return len(self.pace)


def draw_customers(count: int, truth: Truth, demand: Demand, *, seed: np.random.SeedSequence) -> Customers:
    """Customers of the whole time, those of before the first day at the front, then by the day they were won."""
    rng = np.random.default_rng(seed)
    people = truth.people
    segment = _pick(rng, count, [s.share for s in people.segments.values()])
    region = _pick(rng, count, people.regions.values())
    age = _ages(rng, segment, people)
    favourite = rng.integers(len(CATEGORIES), size=count)
    group = (segment * len(CATEGORIES) + favourite) * demand.places + age * len(people.regions) + region
    means = np.array([s.pace for s in people.segments.values()])
    pace = rng.gamma(people.rhythm, 1 / people.rhythm, size=count) * means[segment]
    still_there = np.exp(-WORN_OFF * pace)
    before = rng.random(count) < people.known_at_start * still_there / still_there.mean()
    before[0] = True
    won = _won(rng, group, before, demand=demand)
    order = np.argsort(won, kind="stable")
    return Customers(*(a[order] for a in (segment, region, age, group, pace, won)))


def customer_table(customers: Customers, truth: Truth) -> dict[str, np.ndarray]:
    """The `customers` table in stored columns; dates as text."""
    first = day_axis(truth)[0]
    return {
        "customer_id": customer_ids(np.arange(len(customers)), len(customers)),
        "segment": np.array(list(truth.people.segments))[customers.segment],
        "region": np.array(list(truth.people.regions))[customers.region],
        "acquisition_date": np.datetime_as_string(first + customers.won),
        "age_group": np.array(truth.people.ages)[customers.age],
    }


def customer_ids(positions: np.ndarray, count: int) -> np.ndarray:
    """Ids such as C00042, by position among `count` customers."""
    return numbered("C", positions + 1, width=max(5, len(str(count))))


def _won(rng: np.random.Generator, group: np.ndarray, before: np.ndarray, *, demand: Demand) -> np.ndarray:
    """(customers,) day won: some before the start, the rest as demand of their group draws them."""
    count = len(group)
    ago = -1 - np.floor(rng.random(count) ** 1.5 * 365 * YEARS_BEFORE).astype(np.int64)
    pull = demand.days[:, None] * demand.by_group()
    cumulative = np.cumsum(pull, axis=0)
    shares = (cumulative / cumulative[-1]).T
    # Each group's shares lie in (group, group + 1], so that one search serves all groups.
    stacked = (shares + np.arange(len(shares))[:, None]).ravel()
    found = np.searchsorted(stacked, rng.random(count) + group, side="right") - group * len(demand.days)
    return np.where(before, ago, found.clip(0, len(demand.days) - 1))


def _pick(rng: np.random.Generator, count: int, shares) -> np.ndarray:
    cumulative = np.cumsum(list(shares))
    return np.searchsorted(cumulative / cumulative[-1], rng.random(count), side="right")


def _ages(rng: np.random.Generator, segment: np.ndarray, people: People) -> np.ndarray:
    shares = np.array([s.ages for s in people.segments.values()])
    cumulative = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    return pick_in_row(cumulative, segment, rng.random(len(segment)))


def pick_in_row(cumulative: np.ndarray, row: np.ndarray, u: np.ndarray) -> np.ndarray:
    """(n,) column drawn in each of n rows of a table whose rows are cumulative shares ending in 1."""
    columns = cumulative.shape[1]
    stacked = (cumulative + np.arange(len(cumulative))[:, None]).ravel()
    found = np.searchsorted(stacked, u + row, side="right") - row * columns
    return found.clip(0, columns - 1)
