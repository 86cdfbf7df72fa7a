"""`make bench`: the figures of BENCHMARKS.md: speed as ratios taken in one run, and how right the diagnosis is."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys

from tests.bench import anomalies, answers, guard, health, importing, pages
from tests.bench.incidents import score

PARTS = {
    "answers": lambda: answers.main([]),
    "import": importing.run,
    "pages": pages.run,
    "incidents": score.run,
    "anomalies": anomalies.run,
    "guard": guard.run,
    "health": health.run,
}


def main() -> None:
    """Run the parts named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; default all")
    parser.add_argument("--bare", action="store_true", help="leave the headings out")
    asked = parser.parse_args()
    wanted = asked.parts or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no part named {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if asked.bare:
        PARTS[wanted[0]]()
        return
    print(machine())
    for part in wanted:
        print(f"\n## {part}\n", flush=True)
        # A child's peak memory begins at its parent's: each part gets a process that nothing has filled yet.
        subprocess.run([sys.executable, "-m", "tests.bench", "--bare", part], check=True)


def machine() -> str:
    """One line about the machine, to stand beside the figures."""
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, Python {platform.python_version()}, "
        f"load {load:.1f} at the start"
    )


if __name__ == "__main__":
    main()
