"""Things made to answer faster: made once, kept within a budget, the longest unasked forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things by key. What is there is given at once, also while another one is being made.

    Parameters
    ----------
    budget : the sum of sizes that is kept; the newest thing stays whatever its size
    size : of a thing
    """

    def __init__(self, budget: int, size: Callable[[Thing], int]) -> None:
        self._budget, self._size = budget, size
        self._making = threading.RLock()
        self._order = threading.Lock()
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of that key; made where there is none. `make` may get others."""
        found = self._touch(key)
        if found is None:
            with self._making:
                found = self._touch(key)
                if found is None:
                    found = make()
                    self._put(key, found)
        return found

    def keys(self) -> list[Hashable]:
        """Keys of what is there now."""
        with self._order:
            return list(self._things)

    def values(self) -> list[Thing]:
        """What is there now."""
        with self._order:
            return list(self._things.values())

    def _touch(self, key: Hashable) -> Thing | None:
        with self._order:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
            return found

    def _put(self, key: Hashable, thing: Thing) -> None:
        with self._order:
            self._things[key] = thing
            total = sum(map(self._size, self._things.values()))
            while total > self._budget and len(self._things) > 1:
                total -= self._size(self._things.popitem(last=False)[1])
