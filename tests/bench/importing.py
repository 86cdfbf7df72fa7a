"""Import speed: a million lines through `shoplight import`, beside pandas' own way into SQLite."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROWS = 1_000_000

PANDAS = """
import sqlite3, sys
import pandas as pd
frame = pd.read_csv(sys.argv[1])
with sqlite3.connect(sys.argv[2]) as db:
    frame.to_sql("transactions", db, index=False)
    for column in ("transaction_id", "date", "customer_id"):
        db.execute(f"create index by_{column} on transactions({column})")
"""


@dataclass(frozen=True)
class Run:
    """One child process: wall and CPU seconds, peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def measured(command: list[str]) -> Run:
    """Run a command to its end and take the operating system's own account of it.

    Raises
    ------
    RuntimeError
        where it did not exit with 0
    """
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command[:3]} exited with {child.returncode}")
    return Run(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class LockProbe:
    """Another program that would like to write: how long did it wait at most?

    Parameters
    ----------
    db : the database, which need not be there yet
    """

    # Fine enough to see the gaps between transactions; at 10 ms two holds were seen as one of twice the length.
    PAUSE = 0.001

    def __init__(self, db: Path) -> None:
        self._db, self._ended = db, threading.Event()
        self._thread = threading.Thread(target=self._probe)
        self.longest = 0.0

    def __enter__(self) -> LockProbe:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _probe(self) -> None:
        while not self._db.exists() and not self._ended.wait(self.PAUSE):
            pass
        connection = sqlite3.connect(self._db, timeout=0, isolation_level=None)
        refused_since = None
        while not self._ended.wait(self.PAUSE):
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                refused_since = None
            except sqlite3.OperationalError:
                refused_since = refused_since or time.perf_counter()
                self.longest = max(self.longest, time.perf_counter() - refused_since)
        connection.close()


def run(rows: int = ROWS) -> None:
    """Print the table."""
    from data.demo import generate, write_csv

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_csv(generate(rows), home)
        csv = home / "transactions.csv"
        size = csv.stat().st_size / 2**20
        shoplight = Path(sys.executable).with_name("shoplight")
        with LockProbe(home / "ours.db") as probe:
            ours = measured([str(shoplight), "import", str(csv), "--db", str(home / "ours.db")])
        pandas = measured([sys.executable, "-c", PANDAS, str(csv), str(home / "pandas.db")])
        _same_money(home / "ours.db", home / "pandas.db")
    print(f"{rows:,} lines, {size:.0f} MiB of CSV; both databases hold the same money")
    print(f"{'':34}{'wall s':>8}{'CPU s':>8}{'peak MiB':>10}{'lines/s':>10}")
    for name, r in (("shoplight import", ours), ("pandas read_csv + to_sql", pandas)):
        print(f"{name:34}{r.wall:8.1f}{r.cpu:8.1f}{r.peak:10.0f}{rows / r.wall:10,.0f}")
    print(
        f"{'ours / pandas':34}{ours.wall / pandas.wall:8.2f}{ours.cpu / pandas.cpu:8.2f}{ours.peak / pandas.peak:10.2f}"
    )
    print(f"longest time another writer was kept out during our import: {1000 * probe.longest:.0f} ms")


def _same_money(ours: Path, theirs: Path) -> None:
    cents = [
        round(100 * sqlite3.connect(db).execute("select sum(revenue) from transactions").fetchone()[0])
        for db in (ours, theirs)
    ]
    if cents[0] != cents[1]:
        raise AssertionError(f"the two databases disagree: {cents}")
