"""Ids for lines that have none: the order, a short hash of what the line says, and which of its twins it is.

The third of three identical lines of an order is `536365-1f0c9a2b7d3e-3`, in whatever file and order
it comes: so twins inside a file stay, and the same lines in another file are known.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pyarrow as pa

from engine.imports.typed import Labels

_M1, _M2, _GOLDEN = (np.uint64(c) for c in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15))
_FNV_START, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
HANDY = 64
# 48 bits beside the order's own id: two different lines of an order of a thousand meet once in 500 million orders.
SHOWN_BITS = np.uint64(16)


def mixed(parts: list[np.ndarray], size: int) -> np.ndarray:
    """(size,) uint64, one hash a row of several uint64 columns (splitmix64 finaliser; the same on every machine)."""
    state = np.full(size, _GOLDEN, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            state = (state ^ part) + _GOLDEN
            state = (state ^ (state >> np.uint64(30))) * _M1
            state = (state ^ (state >> np.uint64(27))) * _M2
            state ^= state >> np.uint64(31)
    return state


def of_labels(column: Labels) -> np.ndarray:
    """(n,) uint64 of a text column."""
    return of_texts(column.labels)[column.codes] if column.labels else np.zeros(len(column.codes), np.uint64)


def of_text(label: str | None) -> int:
    """A 64-bit hash of one text; 0 for none."""
    return int(of_texts([label])[0])


def of_texts(labels: list[str | None]) -> np.ndarray:
    """(n,) uint64, FNV-1a of each text's UTF-8, byte by byte for all texts at once; 0 for none.

    Five times as fast as a digest for each: a million lines have more than a million distinct texts.
    """
    array = pa.array([_handy(label) for label in labels], pa.large_string())
    _, offsets, data = array.buffers()
    starts = np.frombuffer(offsets, np.int64)[: len(labels) + 1]
    sizes = np.diff(starts)
    raw = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    state = np.full(len(labels), _FNV_START, np.uint64)
    order = np.argsort(-sizes, kind="stable")
    places, lengths, state = starts[:-1][order], sizes[order], state[order]
    left = len(order)
    with np.errstate(over="ignore"):
        for at in range(int(lengths[0]) if left else 0):
            left = int(np.searchsorted(-lengths[:left], -at, "left"))
            state[:left] = (state[:left] ^ raw[places[:left] + at]) * _FNV_PRIME
    found = np.empty_like(state)
    found[order] = state
    found[[label is None for label in labels]] = 0
    return found


def _handy(label: str | None) -> str | None:
    """The text itself, or the digest of one so long that going through it byte by byte would hold up the others."""
    if label is None or len(label) <= HANDY:
        return label
    return blake2b(label.encode("utf-8"), digest_size=16).hexdigest()


class Counter:
    """How often each hash was seen, in 8 bytes a line: sorted runs of growing size."""

    def __init__(self) -> None:
        self._runs: list[np.ndarray] = []

    def number(self, hashes: np.ndarray) -> np.ndarray:
        """(n,) int64: 1 for the first line with this hash, 2 for the second, across all calls."""
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
        rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
        before = np.zeros(len(ordered), np.int64)
        for run in self._runs:
            before += np.searchsorted(run, ordered, "right") - np.searchsorted(run, ordered, "left")
        numbers = np.empty(len(ordered), np.int64)
        numbers[order] = rank + before + 1
        self._add(ordered)
        return numbers

    def add(self, hashes: np.ndarray) -> None:
        """Count these as seen."""
        self._add(np.sort(hashes))

    def _add(self, run: np.ndarray) -> None:
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)


def ids(orders: np.ndarray, hashes: np.ndarray, twins: np.ndarray) -> list[str]:
    """The ids of lines from their order, content hash and number among twins."""
    shown = (hashes >> SHOWN_BITS).tolist()
    return [
        f"{order}-{part:012x}" if twin == 1 else f"{order}-{part:012x}-{twin}"
        for order, part, twin in zip(orders.tolist(), shown, twins.tolist(), strict=True)
    ]
