"""Frozen results as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np

# Deeper than any result, and far from where Python gives up.
DEEPEST = 40


def plain(value: Any, depth: int = 0) -> Any:
    """A result as dictionaries, lists, texts, numbers and None: days are ISO texts, what is not finite is None.

    Raises
    ------
    TypeError
        where a value is none of a result's
    """
    if depth > DEEPEST:
        raise TypeError(f"a result nests more than {DEEPEST} levels deep")
    if isinstance(value, Enum):
        return plain(value.value, depth + 1)
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist(), depth + 1)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), depth + 1) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, depth + 1) for part in value]
    if isinstance(value, set | frozenset):
        return [plain(part, depth + 1) for part in sorted(value)]
    raise TypeError(f"a result cannot hold {type(value).__name__}")
