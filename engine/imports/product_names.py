"""What products are called, gathered from the lines that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from engine.imports.typed import Labels

# Online Retail writes up to 4 names on one product's sales; more are remarks about single lines.
MOST_NAMES = 20
LONGEST_NAME = 200

IsName = Callable[[str, str], bool]
Seen = dict[str, dict[str, int]]


def any_words(code: str, name: str) -> bool:
    """Whether a text says more than the code: it has a letter."""
    return any(c.isalpha() for c in name)


class NameBook:
    """Counts names by product; what is written on sales wins over what is written on other lines.

    Stock counts and write-offs are where people leave remarks ("damaged", "?") in the place of the name.
    """

    def __init__(self) -> None:
        self._sold: Seen = defaultdict(dict)
        self._unsold: Seen = defaultdict(dict)

    def count(self, codes: Labels, names: pa.Array, *, sold: np.ndarray, unsold: np.ndarray, is_name: IsName) -> None:
        """Count one batch.

        Parameters
        ----------
        codes, names : of each row
        sold, unsold : (n,) bool, rows that are sales, and the other good ones
        is_name : whether a text on an unsold line may be a product's name
        """
        coded = names.dictionary_encode()
        texts = [" ".join((text or "").split())[:LONGEST_NAME] for text in coded.dictionary.to_pylist()]
        pairs = codes.codes.astype(np.int64) * max(len(texts), 1) + coded.indices.to_numpy()
        for seen, rows, fits in ((self._sold, sold, any_words), (self._unsold, unsold, is_name)):
            found, counts = np.unique(pairs[rows], return_counts=True)
            for pair, count in zip(found.tolist(), counts.tolist(), strict=True):
                code, name = codes.labels[pair // len(texts)], texts[pair % len(texts)]
                if code and name != code and fits(code, name):
                    _add(seen[code], name, count)

    def rows(self) -> list[tuple[str, str]]:
        """Each product with its most frequent name, by code; of equally frequent ones the first in the file."""
        best = {**self._unsold, **self._sold}
        return [(code, max(names, key=names.__getitem__)) for code, names in sorted(best.items()) if names]


def _add(names: dict[str, int], name: str, count: int) -> None:
    if name in names or len(names) < MOST_NAMES:
        names[name] = names.get(name, 0) + count
