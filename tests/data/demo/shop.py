"""A demo shop read whole, with the few derived columns that its tests share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.demo import TRUTH, Demo, generate
from data.demo.calendar import day_count
from data.demo.catalogue import PRODUCTS

DAYS = day_count(TRUTH)
NAMES = np.array([p.name for p in PRODUCTS])
BASE = np.array([p.price for p in PRODUCTS])


@dataclass(frozen=True)
class Shop:
    """All lines of a demo shop."""

    demo: Demo
    lines: dict[str, np.ndarray]

    @cached_property
    def orders(self) -> dict[str, np.ndarray]:
        """Lines that are orders, cancelled ones included: what demand, not service, decides."""
        return self.where(self.lines["kind"] != "refund")

    @cached_property
    def sales(self) -> dict[str, np.ndarray]:
        """Delivered orders."""
        return self.where(self.lines["kind"] == "sale")

    def where(self, kept: np.ndarray) -> dict[str, np.ndarray]:
        """The kept lines without their masks, with the day counted from the first one."""
        found = {name: np.ma.getdata(values)[kept] for name, values in self.lines.items()}
        found["day"] = (found["date"].astype("datetime64[D]") - np.datetime64(TRUTH.days.start)).astype(int)
        return found


def read(rows: int, seed: int = 7) -> Shop:
    """Generate a shop and put its batches together."""
    demo = generate(rows, seed=seed)
    batches = list(demo.batches())
    return Shop(demo, {name: np.ma.concatenate([b[name] for b in batches]) for name in batches[0]})


def product_days(orders: dict[str, np.ndarray]) -> np.ndarray:
    """(days, products) orders of each product."""
    order = np.argsort(NAMES)
    product = order[np.searchsorted(NAMES[order], orders["product"])]
    return np.bincount(orders["day"] * len(NAMES) + product, minlength=DAYS * len(NAMES)).reshape(DAYS, -1)


def count_days(kept: np.ndarray, orders: dict[str, np.ndarray]) -> np.ndarray:
    """(days,) number of kept orders."""
    return np.bincount(orders["day"][kept], minlength=DAYS)
