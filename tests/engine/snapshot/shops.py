"""Random shops and random questions for property tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import strategies as st

from engine.dimensions import TIME_AXES
from engine.metrics import MEASURES
from engine.selection import Selection, Window
from engine.snapshot import Snapshot

FIRST = date(2023, 12, 27)
DIMENSIONS = ("region", "segment", "category", "channel")
MONEY = ("revenue", "discount", "refund", "shipping", "cost")
OPTIONAL = (*MONEY, "quantity", "delivery_days", "promised_days", "satisfaction_score")


def make(seed: int, rows: int, *, days: int = 40, tidy: bool = False, orders: int | None = None) -> list[dict]:
    """A shop in which everything that may vary does, or a tidy one whose orders and customers are consistent."""
    rng = np.random.default_rng(seed)
    orders = orders or max(1, rows * 2 // 3)
    people = max(1, orders // 3)
    of_order = [_header(rng, days, people) for _ in range(orders)]
    of_person = [{"region": _word(rng, "NSEW"), "segment": _word(rng, "PRB")} for _ in range(people)]
    made = []
    for order in rng.integers(0, orders, rows):
        row = dict(of_order[order], order_id=f"o{order}")
        if tidy:
            row |= of_person[int(row["customer_id"][1:])] if row["customer_id"] else {}
        else:
            row |= {"region": _word(rng, "NSEW"), "segment": _word(rng, "PRB")}
            if rng.random() < 0.05:
                row["customer_id"] = f"c{rng.integers(0, people)}"
            if rng.random() < 0.05:
                row["date"] += timedelta(days=int(rng.integers(0, 3)), minutes=1)
        made.append(row | _line(rng, tidy))
    return sorted(made, key=lambda row: row["date"])


def _header(rng, days: int, people: int) -> dict:
    moment = datetime.combine(FIRST, datetime.min.time()) + timedelta(
        days=int(rng.integers(0, days)), hours=int(rng.integers(0, 24))
    )
    return {
        "date": moment,
        "customer_id": f"c{rng.integers(0, people)}" if rng.random() > 0.15 else "",
        "region": "N",
        "segment": "P",
        "channel": _word(rng, "WAS"),
        "delivery_days": _maybe(rng, float(rng.integers(1, 60)) / 4),
        "promised_days": _maybe(rng, float(rng.integers(1, 15))),
        "satisfaction_score": _maybe(rng, float(rng.integers(1, 6))),
    }


def _line(rng, tidy: bool) -> dict:
    kind = str(rng.choice(["sale", "refund", "cancelled", "other"], p=[0.85, 0.05, 0.06, 0.04]))
    money = {name: _maybe(rng, int(rng.integers(0, 10**7))) for name in MONEY}
    money["revenue"] = int(rng.integers(0, 10**7)) if kind == "sale" else None
    return {"kind": kind, "category": _word(rng, "XYZ"), "quantity": _maybe(rng, int(rng.integers(1, 9))), **money}


def _word(rng, letters: str) -> str:
    return "" if rng.random() < 0.1 else str(rng.choice(list(letters)))


def _maybe(rng, value: float) -> float | None:
    return None if rng.random() < 0.2 else value


def snapshot(rows: list[dict]) -> Snapshot:
    """The same rows as a Snapshot."""
    columns = {name: [row[name] for row in rows] for name in ("date", "kind", "order_id", "customer_id", *DIMENSIONS)}
    for name in OPTIONAL:
        values = [row[name] for row in rows]
        columns[f"{name}_units" if name in MONEY else name] = np.array(values, dtype=float)
    return Snapshot.from_columns(columns)


def selections(days: int = 40) -> st.SearchStrategy[Selection]:
    """Windows in, across and beyond the shop's days, with any filters, unknown values among them."""
    window = st.tuples(st.integers(-5, days + 5), st.integers(1, days + 5)).map(
        lambda edges: Window(FIRST + timedelta(days=edges[0]), FIRST + timedelta(days=edges[0] + edges[1]))
    )
    words = {"region": "NSEW", "segment": "PRB", "category": "XYZ", "channel": "WAS"}
    filters = st.fixed_dictionaries(
        {}, optional={n: st.sets(st.sampled_from(["", "?", *letters]), min_size=1) for n, letters in words.items()}
    )
    return st.builds(_select, window, filters)


def _select(window: Window, filters: dict) -> Selection:
    selection = Selection(window)
    for name, values in filters.items():
        selection = selection.where(name, values)
    return selection


measures = st.lists(st.sampled_from(sorted(MEASURES)), min_size=1, max_size=4, unique=True)
axes = st.lists(st.sampled_from([*DIMENSIONS, *TIME_AXES]), max_size=3, unique=True)


def as_keys(grid, measure: str) -> dict[tuple, float]:
    """A grid's values by key; zeros left out."""
    found = {}
    for position in np.ndindex(grid.shape):
        value = grid.values[measure][position]
        if value:
            key = (_plain(axis.labels[i]) for axis, i in zip(grid.axes, position, strict=True))
            found[tuple(key)] = value
    return found


def _plain(label):
    if isinstance(label, np.datetime64):
        return label.astype(date)
    return label.item() if isinstance(label, np.generic) else label
