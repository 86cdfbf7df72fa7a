"""The demo shop: an online shop of two years, of any size, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from data.demo.customers import Customers, customer_table, draw_customers
from data.demo.demand import Demand, plan
from data.demo.effects import Truth
from data.demo.lines import CURRENCY, Labeller
from data.demo.orders import Lines, Plan, simulate
from data.demo.spend import spend_table
from data.demo.truth import TRUTH

# The size the planted spend is written for; 2,000 customers place its lines.
USUAL_ROWS = 15_000
USUAL_CUSTOMERS = 2_000


@dataclass(frozen=True)
class Demo:
    """A demo shop. Customers and spend are there at once, order lines come in batches.

    Parameters
    ----------
    rows, seed : as asked for
    batch : most lines in one batch
    customers, spend : the tables in stored columns (dates as `YYYY-MM-DD` text, money in units)
    plan : what the simulation reads; not part of any export
    currency : three-letter code
    """

    rows: int
    seed: int
    batch: int
    customers: dict[str, np.ndarray]
    spend: dict[str, np.ndarray]
    plan: Plan = field(repr=False)
    currency: str = CURRENCY

    @property
    def scale(self) -> float:
        """How many times the usual 15,000 lines this shop has; its spend is that much larger."""
        return self.rows / USUAL_ROWS

    def batches(self) -> Iterator[dict[str, np.ndarray]]:
        """Order lines in stored columns and date order, at most `batch` a time; every call starts anew.

        `date` is datetime64[s]. Columns that may be empty (revenue_units, refund_units, cost_units and
        the three of the delivery) are masked arrays, so that `sum()` passes over what is not there.
        """
        label = Labeller(self.plan.truth, self.plan.customers, self.rows)
        for lines in _cut(simulate(self.plan), self.batch):
            yield label.columns(lines)


def generate(
    rows: int = USUAL_ROWS, *, seed: int = 7, customers: int | None = None, batch: int = 100_000, truth: Truth = TRUTH
) -> Demo:
    """Plan a demo shop; its order lines are simulated while they are read.

    Parameters
    ----------
    rows : order lines in all, refunds and cancelled orders included; exact
    seed : same seed, same shop, byte for byte; prices and spend plan depend on the seed alone
    customers : how many; 2,000 for each 15,000 rows if not given
    batch : most lines held at a time
    truth : the planted effects

    Raises
    ------
    ValueError
        where rows, customers or batch is below 1, or the seed is negative
    """
    if customers is None:
        customers = max(1, round(rows * USUAL_CUSTOMERS / USUAL_ROWS))
    for name, value, least in (("rows", rows, 1), ("customers", customers, 1), ("batch", batch, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"A demo shop needs {name} of at least {least}, got {value}.")
    price_seed, spend_seed, customer_seed, order_seed = np.random.SeedSequence(seed).spawn(4)
    demand: Demand = plan(truth, price_seed, spend_seed)
    people: Customers = draw_customers(customers, truth, demand, seed=customer_seed)
    return Demo(
        rows,
        seed,
        batch,
        customer_table(people, truth),
        spend_table(truth, demand.spend, rows / USUAL_ROWS),
        Plan(rows, truth, demand, people, order_seed),
    )


def _cut(days: Iterator[Lines], batch: int) -> Iterator[Lines]:
    """Days put together and cut into pieces of `batch` lines; the last one may be shorter."""
    held: list[Lines] = []
    count = 0
    for day in days:
        held.append(day)
        count += len(day["day"])
        if count >= batch:
            joined = _together(held)
            whole = count - count % batch
            yield from (_part(joined, start, start + batch) for start in range(0, whole, batch))
            held, count = [_part(joined, whole, count)], count - whole
    if count:
        yield _together(held)


def _together(parts: list[Lines]) -> Lines:
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _part(lines: Lines, start: int, end: int) -> Lines:
    return {name: values[start:end] for name, values in lines.items()}
