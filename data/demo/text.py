"""Text columns made fast: ids and moments as fixed-width NumPy strings, without a Python loop."""

from __future__ import annotations

import numpy as np


def numbered(prefix: str, numbers: np.ndarray, *, width: int) -> np.ndarray:
    """Ids such as T0000042: a prefix and `width` digits."""
    letters = np.empty((len(numbers), len(prefix) + width), dtype=np.uint32)
    letters[:, : len(prefix)] = [ord(c) for c in prefix]
    rest = np.asarray(numbers, dtype=np.int64)
    for place in range(len(prefix) + width - 1, len(prefix) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        letters[:, place] = digit + ord("0")
    return letters.view(f"U{letters.shape[1]}").ravel()


def moments(when: np.ndarray) -> np.ndarray:
    """datetime64[s] as `YYYY-MM-DD HH:MM:SS`."""
    said = np.datetime_as_string(when.astype("datetime64[s]"))
    letters = said.view(np.uint32).reshape(len(said), -1)
    letters[:, 10] = ord(" ")
    return said
