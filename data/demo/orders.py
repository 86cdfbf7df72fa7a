"""The simulation: day by day, who orders what, how it is delivered, and who never comes back.

The orders of all days share one budget, the shop's number of lines. Each day takes its planned part
of what is left of it, as a binomial draw; together the days are multinomial, as independent arrivals
of a known total are. Who orders is drawn in proportion to rhythm and pull among those still there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.demo.calendar import day_count, hour_weights, weekdays
from data.demo.catalogue import PRODUCTS
from data.demo.customers import Customers, pick_in_row
from data.demo.demand import Demand
from data.demo.effects import Truth
from data.demo.service import Service, plan_service

KINDS = ("sale", "refund", "cancelled")
SALE, REFUND, CANCELLED = range(3)
DAY_SECONDS = 86_400

# Order lines as codes and numbers; `delivery` and `score` are 0 where there is none.
Lines = dict[str, np.ndarray]


@dataclass(frozen=True)
class Plan:
    """All that a simulation reads.

    Parameters
    ----------
    rows : order lines in all, refunds and cancelled orders included
    truth, demand : the effects, and what they make of each day
    customers : who buys
    seed : its children, one a day, feed the days; spawn keys make it the same on every run
    """

    rows: int
    truth: Truth
    demand: Demand
    customers: Customers
    seed: np.random.SeedSequence


def simulate(plan: Plan) -> Iterator[Lines]:
    """The lines of each day, in order of time."""
    shop = _Shop(plan)
    for day in range(day_count(plan.truth)):
        yield shop.trade(day)


class _Shop:
    """The state that a day leaves to the next: who is still a customer, and which refunds are due."""

    def __init__(self, plan: Plan):
        truth, customers = plan.truth, plan.customers
        self.plan = plan
        self.service: Service = plan_service(truth)
        self.days = day_count(truth)
        self.seeds = np.random.SeedSequence(plan.seed.entropy, spawn_key=plan.seed.spawn_key).spawn(self.days)
        self.pulls = plan.demand.by_group()
        self.shares = _shares_of_days(plan, self.pulls)
        self.hours, self.weekend = hour_weights(truth), weekdays(truth) >= 5
        self.payments = _cumulative(np.array(list(truth.choice.payments.values())).T)
        self.pieces = np.outer([s.pieces for s in truth.people.segments.values()], [p.pieces for p in PRODUCTS])
        self.arrivals = np.searchsorted(customers.won, np.arange(self.days + 1))
        self.present = np.zeros(len(customers))
        self.present[: self.arrivals[0]] = customers.pace[: self.arrivals[0]]
        self.left = plan.rows
        self.promised_refunds = 0
        self.due: list[list[Lines]] = [[] for _ in range(self.days)]
        self.numbered = 0

    def trade(self, day: int) -> Lines:
        """One day's lines, numbered in order of time."""
        rng = np.random.default_rng(self.seeds[day])
        refunds = _join(self.due[day])
        self.due[day] = []
        given_back = len(refunds["second"]) if refunds else 0
        self.left -= given_back
        self.promised_refunds -= given_back
        orders = self._orders(rng, day)
        self.left -= len(orders["second"])
        lines = _join([orders, refunds]) if refunds else orders
        lines = {name: values[np.argsort(lines["second"], kind="stable")] for name, values in lines.items()}
        lines["number"] = np.arange(self.numbered, self.numbered + len(lines["second"]))
        lines["order"] = np.where(lines["kind"] == REFUND, lines["order"], lines["number"])
        self.numbered += len(lines["number"])
        self._promise_refunds(rng, day, lines)
        return lines

    def _orders(self, rng: np.random.Generator, day: int) -> Lines:
        who = self._buyers(rng, day)
        customers, demand = self.plan.customers, self.plan.demand
        segment, region, group = customers.segment[who], customers.region[who], customers.group[who]
        shopper, place = np.divmod(group, demand.places)
        product = pick_in_row(_cumulative(demand.products[day]), shopper, rng.random(len(who)))
        channel = pick_in_row(_cumulative(demand.channels[day]), place, rng.random(len(who)))
        delivery = self.service.deliver(rng, day, region=region, channel=channel, segment=segment)
        score = self.service.rate(rng, delivery, product)
        cancelled = rng.random(len(who)) < self.plan.truth.mishaps.cancelled
        gone = self.service.leaves(rng, segment, score) & ~cancelled
        self._update(day, who[gone])
        prices = demand.prices
        return {
            "day": np.full(len(who), day),
            "second": self._seconds(rng, day, len(who)),
            "kind": np.where(cancelled, CANCELLED, SALE),
            "order": np.zeros(len(who), dtype=np.int64),
            "customer": who,
            "product": product,
            "channel": channel,
            "payment": pick_in_row(self.payments, customers.age[who], rng.random(len(who))),
            "quantity": 1 + rng.poisson(self.pieces[segment, product]),
            "unit_price": prices.listed[day, product],
            "piece_discount": prices.taken_off[day, product],
            "delivery": np.where(cancelled, 0, delivery),
            "promised": self.service.promised[segment, region],
            "score": np.where(cancelled, 0, score),
        }

    def _buyers(self, rng: np.random.Generator, day: int) -> np.ndarray:
        """Customers of the day's orders: those won today, then present ones as rhythm and pull draw them."""
        count = rng.binomial(self.left - self.promised_refunds, self.shares[day])
        new = np.arange(self.arrivals[day], self.arrivals[day + 1])[:count]
        if len(new) == count:
            return new
        weights = np.cumsum(self.present * self.pulls[day][self.plan.customers.group])
        if weights[-1] <= 0:
            # Only in shops of a few customers, who have all left: any of them takes the orders that the budget holds.
            weights = np.arange(1.0, self.arrivals[day] + 1)
        drawn = np.searchsorted(weights, rng.random(count - len(new)) * weights[-1], side="right")
        return np.concatenate([new, drawn.clip(0, len(weights) - 1)])

    def _update(self, day: int, gone: np.ndarray) -> None:
        won = slice(self.arrivals[day], self.arrivals[day + 1])
        self.present[won] = self.plan.customers.pace[won]
        self.present[gone] = 0.0

    def _seconds(self, rng: np.random.Generator, day: int, count: int) -> np.ndarray:
        hour = pick_in_row(self.hours, np.full(count, int(self.weekend[day])), rng.random(count))
        return hour * 3600 + rng.integers(3600, size=count)

    def _promise_refunds(self, rng: np.random.Generator, day: int, lines: Lines) -> None:
        """Put the refunds of today's orders on the days they will be given."""
        sold = np.flatnonzero(lines["kind"] == SALE)
        back = sold[self.service.gives_back(rng, lines["product"][sold], lines["score"][sold])]
        wait = 2 + rng.poisson(self.plan.truth.mishaps.days_after, size=len(back))
        on = day + lines["delivery"][back] + wait
        in_time = np.flatnonzero(on < self.days)[: self.left - self.promised_refunds]
        back, on = back[in_time], on[in_time]
        self.promised_refunds += len(back)
        refund = _refund_lines(lines, back, on)
        refund["second"] = 8 * 3600 + rng.integers(10 * 3600, size=len(back))
        for due in np.unique(on):
            self.due[due].append({name: values[on == due] for name, values in refund.items()})


def _refund_lines(lines: Lines, back: np.ndarray, on: np.ndarray) -> Lines:
    """Lines that take orders back at the price paid; the discount is already out of that price."""
    none = np.zeros(len(back), dtype=np.int64)
    kept = {name: lines[name][back] for name in ("order", "customer", "product", "channel", "payment")}
    paid = lines["unit_price"][back] - lines["piece_discount"][back]
    return kept | {
        "day": on,
        "kind": np.full(len(back), REFUND),
        "quantity": -lines["quantity"][back],
        "unit_price": paid,
        "piece_discount": none,
        "delivery": none,
        "promised": none,
        "score": none,
    }


def _shares_of_days(plan: Plan, pulls: np.ndarray) -> np.ndarray:
    """(days,) each day's orders as a share of the lines that are left when it begins; 1 on the last day."""
    customers, mishaps = plan.customers, plan.truth.mishaps
    weights = np.bincount(customers.group, weights=customers.pace, minlength=pulls.shape[1])
    orders = plan.demand.days * (pulls @ weights)
    # Refunds of the last weeks come after the end: from the order to the refund it takes about this long.
    wait = round(2 + mishaps.days_after + np.mean(list(plan.truth.delivery.region.values())))
    lines = orders * (1 + np.mean(list(mishaps.refunded.values())))
    lines[-wait:] = orders[-wait:]
    return np.minimum(orders / np.cumsum(lines[::-1])[::-1], 1.0)


def _cumulative(weights: np.ndarray) -> np.ndarray:
    summed = np.cumsum(weights, axis=1)
    return summed / summed[:, -1:]


def _join(parts: list[Lines]) -> Lines:
    """Parts one after the other; empty without parts."""
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]} if parts else {}
