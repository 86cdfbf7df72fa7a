"""Turn values, batch by batch, into the small whole numbers that a snapshot keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.dimensions import EMPTY

NOBODY = np.iinfo(np.int64).min


class Batches:
    """Arrays put in one after another and taken out as one."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []

    def put(self, part: np.ndarray) -> None:
        """Keep one more array."""
        self._parts.append(part)

    def whole(self, dtype: type) -> np.ndarray:
        """All of them in one array; the parts are let go."""
        parts, self._parts = self._parts, []
        return np.concatenate(parts) if parts else np.empty(0, dtype)


class Words:
    """Text values as the position of their first appearance.

    A batch is kept in the smallest whole number that holds it: a region takes one byte a line.
    """

    def __init__(self) -> None:
        self._codes = _Counting()
        self._batches = Batches()

    def put(self, values: Iterable[str | None] | np.ndarray) -> None:
        """Encode one batch; None counts as empty."""
        if isinstance(values, np.ndarray) and values.dtype.kind == "U":
            words, positions = np.unique(values, return_inverse=True)
            found = np.fromiter(map(self._codes.__getitem__, words.tolist()), np.int64, len(words))[positions]
        else:
            listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
            found = np.fromiter(map(self._codes.__getitem__, listed), np.int64, len(listed))
        self._batches.put(found.astype(smallest(len(self._codes))))

    def put_coded(self, codes: np.ndarray, labels: Sequence[str]) -> None:
        """Take a batch that is already coded by position in `labels`."""
        own = np.array([self._codes[label] for label in labels], dtype=np.int64)
        step = smallest(len(self._codes))
        self._batches.put(own.astype(step)[codes])

    def finish(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """Codes and the labels they point to; None and the empty text share one label."""
        labels = ["" if word is None else str(word) for word in self._codes]
        unique = list(dict.fromkeys(labels))
        codes = self._batches.whole(np.uint8)
        if len(unique) < len(labels):
            codes = np.array([unique.index(label) for label in labels], dtype=smallest(len(unique)))[codes]
        return codes, tuple(unique)


class _Counting(dict):
    """A dictionary that numbers what it has not seen."""

    def __missing__(self, word: str | None) -> int:
        code = self[word] = len(self)
        return code


class Keys:
    """Identifiers as 64-bit numbers: only whether two are equal is kept, never the text.

    A dictionary of ten million order ids would take 1.5 GB. Text is hashed to 64 bits: two of ten million ids
    collide in one of 370,000 such shops.
    """

    def __init__(self) -> None:
        self._batches = Batches()

    def put(self, values: Iterable[str | int | None] | np.ndarray) -> None:
        """Encode one batch; None and the empty text mean nobody."""
        if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
            self._batches.put(values.astype(np.int64))
            return
        listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
        keys = np.fromiter(map(hash, listed), np.int64, len(listed))
        keys[(keys == hash(EMPTY)) | (keys == hash(None))] = NOBODY
        self._batches.put(keys)

    def finish(self) -> np.ndarray:
        """(n,) int64, NOBODY where there was no identifier."""
        return self._batches.whole(np.int64)


class Moments:
    """Dates and times as whole seconds since 1970."""

    def __init__(self) -> None:
        self._batches = Batches()

    def put(self, values: Sequence[str] | np.ndarray) -> None:
        """Encode one batch of ISO texts, or of datetime64."""
        self._batches.put(np.asarray(values, dtype="datetime64[s]").astype(np.int64))

    def finish(self) -> np.ndarray:
        """(n,) int64 seconds."""
        return self._batches.whole(np.int64)


class Amounts:
    """Numbers as whole units, with a mark where there is one.

    Parameters
    ----------
    scale : units in one of the values put in
    """

    def __init__(self, scale: int = 1) -> None:
        self._scale = scale
        self._values, self._present = Batches(), Batches()

    def put(self, values: Sequence[float | None] | np.ndarray) -> None:
        """Encode one batch; None and NaN are missing. Whole numbers are exact up to 2**53."""
        if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
            self._values.put(_narrow(values.astype(np.int64) * self._scale))
            self._present.put(np.ones(len(values), bool))
            return
        floats = np.asarray(values, dtype=float)
        present = np.isfinite(floats)
        self._values.put(_narrow(np.rint(np.where(present, floats, 0.0) * self._scale).astype(np.int64)))
        self._present.put(present)

    def finish(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Units in the smallest type that holds them, and where there are any (None: everywhere)."""
        values, present = self._values.whole(np.int64), self._present.whole(bool)
        return values, None if present.all() else present


def _narrow(values: np.ndarray) -> np.ndarray:
    """The same numbers in 32 bits where they fit."""
    return values.astype(np.int32) if not values.size or np.abs(values).max() < 2**31 else values


def smallest(count: int) -> type:
    """The smallest unsigned type that holds the codes 0 .. count - 1."""
    return np.uint8 if count <= 2**8 else np.uint16 if count <= 2**16 else np.uint32
