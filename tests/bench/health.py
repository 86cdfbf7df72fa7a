"""Faults of the data planted in clean shops: how many are caught, and how many clean shops are accused."""

from __future__ import annotations

from collections import Counter
from time import process_time

from engine.diagnose.health import all_problems
from tests.engine.diagnose.clean import CLEAN, snapshot
from tests.engine.diagnose.faulty import FAULTS, is_caught

SEEDS = (1001, 1002, 1003, 1004, 1005)


def run() -> None:
    """Print a table of kinds, and one line about the clean shops."""
    planted, caught, beside, seconds = Counter(), Counter(), Counter(), []
    accused: list[str] = []
    for seed in SEEDS:
        for make in FAULTS.values():
            columns, fault = make(seed)
            found, taken = _timed(columns)
            seconds.append(taken)
            planted[fault.kind] += 1
            hit = is_caught(found, fault)
            caught[fault.kind] += hit
            beside[fault.kind] += len(found) - hit
        for name, make in CLEAN.items():
            found, taken = _timed(make(seed))
            seconds.append(taken)
            accused += [f"{name} (seed {seed}): {problem.kind}" for problem in found]
    print("| fault | planted | caught: kind, days and place | others named beside it |")
    print("| --- | --- | --- | --- |")
    for kind in sorted(planted):
        print(f"| {kind} | {planted[kind]} | {caught[kind]} | {beside[kind]} |")
    print(f"| all | {planted.total()} | {caught.total()} | {beside.total()} |")
    print(f"\n{len(CLEAN) * len(SEEDS)} clean shops of {len(CLEAN)} shapes: {len(accused)} accusations.")
    print("\n".join(accused))
    print(f"{1000 * sum(seconds) / len(seconds):.0f} ms of CPU a shop, {1000 * max(seconds):.0f} at most.")


def _timed(columns):
    shop = snapshot(columns)
    before = process_time()
    found = [problem for problem in all_problems(shop) if problem.is_fault]
    return found, process_time() - before


if __name__ == "__main__":
    run()
