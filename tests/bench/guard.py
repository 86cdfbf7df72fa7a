"""`make bench`: how many pages show a false signal where nothing happened, and how surely a planted fall is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from engine.diagnose.split import Split, page_family, split
from engine.selection import Against, Selection, Window
from engine.snapshot import Snapshot

FIRST = date(2022, 1, 3)
DAYS = 200
AXES = ("region", "channel", "category", "product", "week", "weekday")
METRICS = ("revenue", "orders", "customers", "aov", "satisfaction", "repeat_rate")
WEEKDAYS = np.array([0.8, 0.9, 1, 1, 1.2, 1.3, 0.8])
# Few large values and many small ones, as shops have them.
SIZES = {
    "region": (0.5, 0.3, 0.15, 0.05),
    "channel": (0.4, 0.3, 0.2, 0.08, 0.02),
    "category": (0.3, 0.3, 0.3, 0.05, 0.04, 0.01),
}
SHUFFLES = ("days", "orders", "labels")


def columns(seed: int, per_day: float = 25) -> dict[str, object]:
    """Orders of days with a mood of their own and a weekday pattern; products in proportion to 1 / rank."""
    rng = np.random.default_rng(seed)
    rate = per_day * WEEKDAYS[np.arange(DAYS) % 7] * rng.gamma(25, 1 / 25, DAYS)
    day = np.repeat(np.arange(DAYS), rng.poisson(rate))
    count, weight = len(day), 1 / np.arange(1, 101)
    found = {name: (rng.choice(len(sizes), count, p=sizes), _names(len(sizes))) for name, sizes in SIZES.items()}
    product = rng.choice(100, count, p=weight / weight.sum())
    return found | {
        "day": day,
        "customer_id": rng.integers(0, 1500, count),
        "product": (product, _names(100)),
        "revenue": np.round(np.exp(rng.normal(3, 0.6, count) + 0.3 * np.sin(product)), 2),
        "satisfaction_score": np.where(rng.random(count) < 0.5, rng.integers(1, 6, count), np.nan),
    }


def _names(count: int) -> tuple[str, ...]:
    return tuple(f"v{i}" for i in range(count))


def shuffled(kind: str, seed: int, fall: float = 0.6) -> Snapshot:
    """A shop in which nothing happened.

    Parameters
    ----------
    kind : "days": whole days change places among the same weekdays, so no period differs; "orders": every order gets
        the day of another; "labels": each dimension's labels are dealt anew, so no part differs from the rest, in a
        shop that lost `fall` of its orders in the last 28 days
    """
    rng, found = np.random.default_rng(10_000 + seed), columns(seed)
    day = found.pop("day")
    if kind == "days":
        moved = np.arange(DAYS)
        for weekday in range(7):
            moved[weekday::7] = rng.permutation(moved[weekday::7])
        day = moved[day]
    elif kind == "orders":
        day = rng.permutation(day)
    else:
        kept = (day < DAYS - 28) | (rng.random(len(day)) > fall)
        day = day[kept]
        found = {name: _kept(values, kept) for name, values in found.items()}
        for name in (*SIZES, "product"):
            found[name] = rng.permutation(found[name][0]), found[name][1]
    return Snapshot.from_columns({"date": np.datetime64(FIRST) + day, **found})


def _kept(values: object, kept: np.ndarray) -> object:
    return (values[0][kept], values[1]) if isinstance(values, tuple) else values[kept]


LAST_DAYS = Selection(Window(FIRST + timedelta(days=DAYS - 28), FIRST + timedelta(days=DAYS)), against=Against.PREVIOUS)


def page(snapshot: Snapshot, metric: str) -> tuple[Split, ...]:
    """What one page shows of a metric: six splits in one family."""
    return page_family(*(split(snapshot, LAST_DAYS, metric, axis, limit=12) for axis in AXES))


def signals(splits: tuple[Split, ...], kind: str) -> list[str]:
    """Names of the false signals: under new labels the periods do differ, the parts of a dimension do not."""
    return list(_signals(splits, kind))


def _signals(splits: tuple[Split, ...], kind: str) -> Iterator[str]:
    for made in splits:
        if kind == "labels" and made.axis in ("week", "weekday"):
            continue
        if kind != "labels" and made.moved and made.moved.tag == "signal":
            yield "whole"
        for part in made.rows:
            if kind != "labels" and part.moved and part.moved.tag == "signal":
                yield f"{made.axis} {part.label} moved"
            if part.unusual and part.unusual.tag == "signal":
                yield f"{made.axis} {part.label} unlike"


def rates(kind: str, seeds: range) -> dict[str, float]:
    """By metric: the share of pages with a false signal."""
    false = {metric: 0 for metric in METRICS}
    for seed in seeds:
        snapshot = shuffled(kind, seed)
        for metric in METRICS:
            false[metric] += bool(signals(page(snapshot, metric), kind))
    return {metric: count / len(seeds) for metric, count in false.items()}


def run() -> None:
    """Print the rates of 200 shuffles of each kind."""
    print("| shuffled, 200 times | " + " | ".join(METRICS) + " |")
    print("| --- " * (len(METRICS) + 1) + "|")
    for kind in SHUFFLES:
        found = rates(kind, range(200))
        print(f"| {kind} | " + " | ".join(f"{found[metric]:.1%}" for metric in METRICS) + " |")
