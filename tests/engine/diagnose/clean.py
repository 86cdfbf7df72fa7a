"""Clean shops of many shapes, as columns: what happens in them is honest, however unusual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from data.demo import generate
from engine.snapshot import Snapshot

Columns = dict[str, np.ndarray]

FIRST = np.datetime64("2023-01-02")
REGIONS = ("North", "South", "East", "West")
CHANNELS = ("Search", "Social", "Direct", "E-mail")
PAYMENTS = ("Card", "PayPal", "Invoice")
HOURS = np.array([1, 0.5, 0.3, 0.2, 0.2, 0.5, 1, 2, 4, 6, 7, 7, 7, 6, 6, 6, 6, 7, 8, 9, 9, 7, 4, 2])
OFFICE = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 1.0, 0.0)


@lru_cache(4)
def demo(seed: int, rows: int = 15_000) -> Columns:
    """The demo shop with another seed, as columns."""
    batches = list(generate(rows, seed=seed).batches())
    joined = {name: np.ma.concatenate([batch[name] for batch in batches]) for name in batches[0]}
    made = {}
    for name, values in joined.items():
        if name in ("amount_units", "unit_price_units", "status", "currency", "transaction_id"):
            continue
        if np.ma.is_masked(values) or values.dtype.kind in "fi":
            made[name] = np.ma.filled(values.astype(float), np.nan)
        else:
            made[name] = np.ma.getdata(values)
    made["date"] = made["date"].astype("datetime64[s]")
    return made


@dataclass(frozen=True)
class Shape:
    """How a plain shop trades; see `plain`."""

    days: int = 600
    a_day: float = 25.0
    weekday: tuple[float, ...] = (1.1, 1.0, 1.0, 0.95, 0.9, 0.95, 1.1)
    growth: float = 1.0
    mood: float = 0.15
    people: int = 1500
    lines: float = 0.0
    office: bool = False
    drop: tuple[str, ...] = ()


@lru_cache(4)
def plain(seed: int, shape: Shape, factor: Callable[[np.ndarray], np.ndarray] | None = None) -> Columns:
    """A shop of independent orders; `factor` gives (days,) what the calendar does to demand.

    Buyers, places and products are drawn per order, lines per order are 1 plus a Poisson number.
    """
    rng = np.random.default_rng(seed)
    at = np.arange(shape.days)
    rate = shape.a_day * np.array(shape.weekday)[at % 7] * shape.growth ** (at / shape.days)
    rate = rate * rng.gamma(1 / shape.mood**2, shape.mood**2, shape.days)
    rate = rate * (factor(at) if factor else 1.0)
    day = np.repeat(at, rng.poisson(rate))
    orders = len(day)
    who = (rng.random(orders) ** 1.5 * shape.people).astype(int)
    people = _people(np.random.default_rng(seed + 7), shape.people)
    weights = OFFICE if shape.office else HOURS
    second = rng.choice(24, orders, p=weights / weights.sum()) * 3600 + rng.integers(0, 3600, orders)
    delivery = 1.0 + rng.negative_binomial(4, 0.5, orders)
    score = np.clip(np.round(4.8 - 0.15 * delivery + rng.normal(0, 0.8, orders)), 1, 5)
    score[rng.random(orders) < 0.3] = np.nan
    of_order = {
        "order_id": np.arange(orders).astype(str),
        "customer_id": who.astype(str),
        "date": (FIRST + day).astype("datetime64[s]") + second.astype("timedelta64[s]"),
        "region": people["region"][who],
        "channel": np.array(CHANNELS)[rng.choice(4, orders, p=(0.4, 0.25, 0.2, 0.15))],
        "payment_method": np.array(PAYMENTS)[rng.choice(3, orders, p=(0.5, 0.35, 0.15))],
        "delivery_days": delivery,
        "satisfaction_score": score,
    }
    repeat = np.repeat(np.arange(orders), 1 + rng.poisson(shape.lines, orders))
    made = {name: values[repeat] for name, values in of_order.items()}
    made |= _goods(rng, len(repeat), wholesale=shape.lines > 0)
    for name in shape.drop:
        made.pop(name)
    return made


def _people(rng: np.random.Generator, count: int) -> Columns:
    return {"region": np.array(REGIONS)[rng.choice(4, count, p=(0.35, 0.3, 0.2, 0.15))]}


def _goods(rng: np.random.Generator, count: int, *, wholesale: bool) -> Columns:
    price = np.round(np.exp(np.random.default_rng(5).normal(3, 0.8, 60)), 2)
    product = (rng.random(count) ** 1.6 * 60).astype(int)
    pieces = 1.0 + (
        rng.geometric(0.15, count) * rng.choice((1, 6, 12), count) if wholesale else rng.poisson(0.3, count)
    )
    off = np.where(pieces >= 12, 0.85, 1.0)
    return {
        "product": np.char.add("P", product.astype(str)),
        "category": np.char.add("Line ", (product % 6).astype(str)),
        "quantity": pieces,
        "revenue": np.round(price[product] * off * pieces, 2),
    }


def without(columns: Columns, kept: np.ndarray) -> Columns:
    """The rows that are kept."""
    return {name: values[kept] for name, values in columns.items()}


def days_of(columns: Columns) -> np.ndarray:
    """Days since FIRST."""
    return (columns["date"].astype("datetime64[D]") - FIRST).astype(int)


def whole_days(columns: Columns) -> Columns:
    """The same without the time of the day."""
    return columns | {"date": columns["date"].astype("datetime64[D]").astype("datetime64[s]")}


def _calendar(at: np.ndarray) -> list[date]:
    return [FIRST.astype(date) + timedelta(days=int(n)) for n in at]


def _closed_at_christmas(at: np.ndarray) -> np.ndarray:
    return np.array([0.0 if (d.month, d.day) >= (12, 23) or (d.month, d.day) <= (1, 3) else 1.0 for d in _calendar(at)])


def _closed_in_summer(at: np.ndarray) -> np.ndarray:
    """Two weeks of August in each year, from its first Monday on."""
    return np.array([0.0 if d.month == 8 and 0 <= d.day - 1 - (-d.replace(day=1).weekday() % 7) < 14 else 1.0
                     for d in _calendar(at)]) * _closed_at_christmas(at)  # fmt: skip


def _black_friday(at: np.ndarray) -> np.ndarray:
    return np.array([5.0 if d.month == 11 and 24 <= d.day <= 27 else 1.0 for d in _calendar(at)])


def _ramp(seed: int, columns: Columns, name: str, value: str, *, start: int, length: int, up: bool) -> Columns:
    """Keep a value's rows with a chance that rises from (or falls to) nothing over `length` days."""
    rng = np.random.default_rng(seed + 1)
    part = np.clip((days_of(columns) - start) / length, 0, 1)
    chance = part if up else 1 - part
    return without(columns, (columns[name] != value) | (rng.random(len(part)) < chance))


def _incident(seed: int, columns: Columns) -> Columns:
    rng, day = np.random.default_rng(seed + 1), days_of(columns)
    hit = (columns["region"] == "North") & (columns["channel"] == "Social") & (day >= 400) & (day < 421)
    return without(columns, ~hit | (rng.random(len(day)) < 0.05))


def _sale(columns: Columns) -> Columns:
    """Half price for everything over ten days, and everything dearer by 8% from a day on."""
    day = days_of(columns)
    factor = np.where((day >= 200) & (day < 210), 0.5, 1.0) * np.where(day >= 380, 1.08, 1.0)
    return columns | {"revenue": np.round(columns["revenue"] * factor, 2)}


def _late_scores(columns: Columns) -> Columns:
    """Surveys began in the first year; those of the last three weeks are still out."""
    day = days_of(columns)
    told = (day >= 120) & (day < day.max() - 20)
    return columns | {"satisfaction_score": np.where(told, columns["satisfaction_score"], np.nan)}


def _dearer(columns: Columns) -> Columns:
    """The market place is a fifth dearer, always; e-mail has a voucher of a fifth for three weeks."""
    day, channel = days_of(columns), columns["channel"]
    voucher = (channel == "E-mail") & (day >= 320) & (day < 341)
    factor = np.where(channel == "Social", 1.2, 1.0) * np.where(voucher, 0.8, 1.0)
    return columns | {"revenue": np.round(columns["revenue"] * factor, 2)}


def _together(one: Columns, other: Columns) -> Columns:
    other = other | {
        "order_id": np.char.add("x", other["order_id"]),
        "customer_id": np.char.add("x", other["customer_id"]),
    }
    return {name: np.concatenate([values, other[name]]) for name, values in one.items()}


def _opened_abroad(seed: int) -> Columns:
    """From day 300 on a region nine hours away buys, growing over two months."""
    abroad = plain(seed + 50, Shape(a_day=9))
    abroad = abroad | {
        "region": np.full(len(abroad["date"]), "Abroad"),
        "date": abroad["date"] + np.timedelta64(9, "h"),
    }
    both = _together(plain(seed, Shape()), without(abroad, days_of(abroad) < Shape().days))
    return _ramp(seed, both, "region", "Abroad", start=300, length=60, up=True)


def _business(seed: int, *, start: int) -> Columns:
    """A channel of firms that take ten times the pieces, whose buyers the shop does not know."""
    firms = plain(seed + 50, Shape(a_day=6))
    count = len(firms["date"])
    firms = firms | {"channel": np.full(count, "Firms"), "quantity": firms["quantity"] * 10}
    firms |= {"revenue": firms["revenue"] * 10}
    both = _together(plain(seed, Shape()), firms)
    both["customer_id"] = np.where(both["channel"] == "Firms", "", both["customer_id"])
    return _ramp(seed, both, "channel", "Firms", start=start, length=60, up=True)


def _plain_layout(columns: Columns) -> Columns:
    """The columns of the plain two-table layout: money, and no product or pieces."""
    left_out = (
        "product",
        "quantity",
        "discount_units",
        "shipping_units",
        "cost_units",
        "refund_units",
        "promised_days",
    )
    kept = {name: values for name, values in columns.items() if name not in left_out}
    return without(kept, kept["kind"] == "sale")


def _office() -> Shape:
    return Shape(a_day=40, weekday=(1.1, 1.1, 1.0, 1.0, 0.8, 0, 0), lines=6, people=400, office=True,
                 drop=("channel", "satisfaction_score", "delivery_days"))  # fmt: skip


def _faded(name: str, value: str, *, start: int, length: int, up: bool) -> Callable[[int], Columns]:
    return lambda seed: _ramp(seed, plain(seed, Shape()), name, value, start=start, length=length, up=up)


_BARE = ("customer_id", "product", "category", "channel", "payment_method", "quantity")


def few_prices(seed: int) -> Columns:
    """Days, regions and five prices, and no buyer: most orders of a day are alike by chance."""
    columns = whole_days(plain(seed, Shape(drop=_BARE)))
    few = np.array((10.0, 15.0, 20.0, 25.0, 40.0))
    return columns | {
        "revenue": few[(columns["revenue"] * 100).astype(int) % 5],
        "delivery_days": np.full(len(columns["date"]), 3.0),
        "satisfaction_score": np.full(len(columns["date"]), 5.0),
    }


CLEAN: dict[str, Callable[[int], Columns]] = {
    "demo": demo,
    "demo, small": lambda seed: demo(seed + 1, 4_000),
    "demo, tiny": lambda seed: demo(seed + 2, 1_200),
    "demo, large": lambda seed: demo(seed + 3, 40_000),
    "demo without channel": lambda seed: {k: v for k, v in demo(seed + 4, 10_000).items() if k != "channel"},
    "days only": lambda seed: whole_days(plain(seed, Shape())),
    "days and money only": lambda seed: whole_days(plain(seed, Shape(drop=_BARE))),
    "few prices": few_prices,
    "wholesale": lambda seed: plain(seed, _office()),
    "growing tenfold": lambda seed: plain(seed, Shape(a_day=8, growth=10)),
    "closed at weekends": lambda seed: plain(seed, Shape(weekday=(1, 1, 1, 1, 1, 0, 0))),
    "closed over Christmas": lambda seed: plain(seed, Shape(), _closed_at_christmas),
    "closed every summer": lambda seed: plain(seed, Shape(days=720), _closed_in_summer),
    "Black Friday": lambda seed: plain(seed, Shape(days=720), _black_friday),
    "new product line": _faded("category", "Line 3", start=299, length=1, up=True),
    "product line ended": _faded("category", "Line 2", start=399, length=1, up=False),
    "channel launched": _faded("channel", "Social", start=250, length=70, up=True),
    "channel wound up": _faded("channel", "E-mail", start=350, length=70, up=False),
    "incident": lambda seed: _incident(seed, plain(seed, Shape(a_day=60))),
    "sale and dearer": lambda seed: _sale(plain(seed, Shape())),
    "scores late": lambda seed: _late_scores(plain(seed, Shape())),
    "dearer and vouchers": lambda seed: _dearer(plain(seed, Shape())),
    "opened abroad": _opened_abroad,
    "firms": lambda seed: _business(seed, start=-60),
    "firms from a day on": lambda seed: _business(seed, start=300),
    "plain layout": lambda seed: _plain_layout(demo(seed)),
    "moody": lambda seed: plain(seed, Shape(mood=0.45)),
    "three a day": lambda seed: plain(seed, Shape(a_day=3)),
}


def snapshot(columns: Columns) -> Snapshot:
    """The shop in memory, in euros."""
    return Snapshot.from_columns(columns, currency="EUR")
