"""How many rows fit into one short transaction, learned from the ones before."""

from __future__ import annotations

# The lock may be held for 250 ms; aiming at 110 leaves room for a slow disk and a busy machine.
TARGET_SECONDS = 0.11
# Below a thousand rows a batch costs nearly the same, because it writes nearly the same pages.
FEWEST, MOST = 1_000, 20_000


class Pace:
    """A number of rows that grows while transactions are quick and shrinks as soon as one is slow."""

    def __init__(self, rows: int = 2_000) -> None:
        self.rows = rows

    def learn(self, rows: int, seconds: float) -> None:
        """Take one transaction of so many rows and seconds into account."""
        if seconds < TARGET_SECONDS and rows < self.rows // 2:
            return
        factor = min(2.0, TARGET_SECONDS / max(seconds, 1e-9))
        self.rows = max(FEWEST, min(MOST, int(max(rows, FEWEST) * factor)))
