"""How well causes are named: F1 over exact combinations, whole sets, the first and the first three; CPU seconds.

    python -m tests.bench.incidents.score [--development]

Thresholds were tuned on the development seeds only; what is published comes from the testing seeds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.diagnose.locate import locate
from engine.diagnose.locate.leaves import Leaves
from tests.bench.incidents import generator
from tests.bench.incidents.baselines import adtributor, apriori
from tests.bench.incidents.generator import Case, Where

DEVELOPMENT, TESTING = 0, 20_251_103

LAST_LAYER = {"noise": (0.0, 0.1), "severity": (0.5, 1.0), "spread": (0.0, 0.0), "incidents": (1, 5)}

# By name: a maker of cases and how many.
KINDS: dict[str, tuple[Callable[[np.random.Generator], Case], int]] = {
    "orders, 600 a window": (lambda rng: generator.counts(rng, 600), 100),
    "orders, 2,500": (lambda rng: generator.counts(rng, 2_500), 100),
    "orders, 2,500, to 3 deep": (lambda rng: generator.counts(rng, 2_500, deepest=3), 100),
    "orders, 10,000": (lambda rng: generator.counts(rng, 10_000), 100),
    "orders, 100,000": (lambda rng: generator.counts(rng, 100_000), 60),
    "orders, 10,000, fall and rise": (lambda rng: generator.mixed(rng, 10_000), 60),
    "RiskLoc S": (lambda rng: generator.riskloc(rng, generator.S), 60),
    "RiskLoc S, rounded": (lambda rng: generator.rounded(generator.riskloc(rng, generator.S)), 40),
    "RiskLoc L": (
        lambda rng: generator.riskloc(rng, generator.L, elements=(1, 1), last_layer=True, **LAST_LAYER),
        40,
    ),
    "RiskLoc H, smaller": (lambda rng: generator.riskloc(rng, generator.H), 12),
    "Squeeze, noise 5%": (lambda rng: generator.squeeze(rng, *rng.integers(1, 4, 2), 0.05), 40),
    "Squeeze, noise 20%": (lambda rng: generator.squeeze(rng, *rng.integers(1, 4, 2), 0.2), 40),
    "ratio, 2,500 orders": (lambda rng: generator.ratio(rng, 2_500), 60),
    "ratio, 20,000 orders": (lambda rng: generator.ratio(rng, 20_000), 60),
}
NOTHING: dict[str, tuple[Callable[[np.random.Generator], Case], int]] = {
    "orders, 600": (lambda rng: generator.counts(rng, 600, 0), 400),
    "orders, 2,500": (lambda rng: generator.counts(rng, 2_500, 0), 400),
    "orders, 10,000": (lambda rng: generator.counts(rng, 10_000, 0), 400),
    "forecasts, 16,000 leaves": (lambda rng: generator.squeeze(rng, 2, 0, rng.uniform(0.02, 0.3)), 60),
    "forecasts, long tails": (lambda rng: generator.long_tails(rng, rng.uniform(3, 12)), 60),
    "ratio, 20,000 orders": (lambda rng: generator.ratio(rng, 20_000, 0), 200),
}


def ours(leaves: Leaves) -> list[Where]:
    """The causes of `locate`, ranked."""
    return [frozenset(cause.where) for cause in locate(leaves).causes]


WAYS: dict[str, Callable[[Leaves], list[Where]]] = {"Shoplight": ours, "Adtributor": adtributor, "Apriori": apriori}


@dataclass
class Score:
    """Counts over cases."""

    cases: int = 0
    right: int = 0
    named: int = 0
    planted: int = 0
    whole: int = 0
    first: int = 0
    first_three: float = 0.0
    seconds: float = 0.0

    def add(self, found: list[Where], truth: frozenset[Where], seconds: float) -> None:
        """Count one case."""
        self.cases += 1
        self.right += len(set(found) & truth)
        self.named += len(set(found))
        self.planted += len(truth)
        self.whole += set(found) == truth
        self.first += bool(found) and found[0] in truth
        self.first_three += len(set(found[:3]) & truth) / max(1, min(3, len(truth)))
        self.seconds += seconds

    def row(self) -> str:
        """F1, whole sets, top-1, top-3 and milliseconds, for a table."""
        f1 = 2 * self.right / max(1, self.named + self.planted)
        n = self.cases
        return (
            f"{f1:.3f} | {self.whole / n:.2f} | {self.first / n:.2f} | {self.first_three / n:.2f} | "
            f"{1000 * self.seconds / n:.0f}"
        )


def scored(make: Callable[[np.random.Generator], Case], cases: int, seed: int, way: Callable) -> Score:
    """The score of one way over so many cases."""
    score = Score()
    for number in range(cases):
        case = make(np.random.default_rng([seed, number]))
        began = time.process_time()
        found = way(case.leaves)
        score.add(found, case.truth, time.process_time() - began)
    return score


def run(seed: int = TESTING) -> None:
    """Print the tables."""
    print("Causes planted; F1 over exact combinations, cases whose whole set is exact, first named is one, part of the")
    print("truth among the first three, CPU milliseconds a case.\n")
    print("| cases | way | F1 | whole set | top-1 | top-3 | ms |\n| --- | --- | --- | --- | --- | --- | --- |")
    for kind, (make, cases) in KINDS.items():
        for name, way in WAYS.items():
            print(f"| {kind} ({cases}) | {name} | {scored(make, cases, seed, way).row()} |", flush=True)
    print("\nNo cause planted; windows in which one was named all the same.\n")
    print("| windows | " + " | ".join(WAYS) + " |\n| --- |" + " --- |" * len(WAYS))
    for kind, (make, cases) in NOTHING.items():
        rates = (_false_rate(make, cases, seed, way) for way in WAYS.values())
        print(f"| {kind} ({cases}) | " + " | ".join(f"{rate:.1%}" for rate in rates) + " |", flush=True)


def _false_rate(make: Callable[[np.random.Generator], Case], cases: int, seed: int, way: Callable) -> float:
    return sum(bool(way(make(np.random.default_rng([seed, n])).leaves)) for n in range(cases)) / cases


if __name__ == "__main__":
    run(DEVELOPMENT if "--development" in sys.argv[1:] else TESTING)
