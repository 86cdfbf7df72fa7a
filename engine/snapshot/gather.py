"""Bring lines into encoded form: from the store in batches, or from arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from data.schema import MONEY_SCALE, ORDER_LEVEL, Kind, column
from engine.dimensions import DIMENSIONS
from engine.metrics import MEASURES
from engine.snapshot.build import Encoded
from engine.snapshot.columns import KIND_CODE, REAL_SCALE
from engine.snapshot.encode import NOBODY, Amounts, Keys, Moments, Words

if TYPE_CHECKING:
    from engine.store import Reading

# Rows encoded in one go: the temporaries of a column stay below 30 MB.
STRIDE = 1_000_000

# Dimensions that a customers table can tell where the lines do not.
OF_THE_CUSTOMER = ("segment", "region", "age_group")

NUMBERS: tuple[str, ...] = tuple(
    dict.fromkeys(
        name
        for measure in MEASURES.values()
        for name in measure.needs
        if column("transactions", name).kind in (Kind.MONEY, Kind.INTEGER, Kind.REAL)
    )
)


def from_reading(reading: Reading) -> tuple[Encoded, frozenset[str]]:
    """Encoded lines of the store and the columns it has; only the columns that are asked for are read."""
    present = reading.present_columns()
    plan = {"date": Moments(), "kind": Words(), "order_id": Keys(), "customer_id": Keys()}
    plan |= {name: Words() for name in DIMENSIONS if name in present}
    plan |= {name: amounts(name, stored=True) for name in NUMBERS if name in present}
    stored = [column("transactions", name).stored_name for name in plan]
    for batch in reading.lines(stored):
        for encoder, values in zip(plan.values(), zip(*batch, strict=True), strict=True):
            encoder.put(values)
    lines = _encoded(plan)
    borrowed = [n for n in OF_THE_CUSTOMER if n not in present and n in reading.present_columns("customers")]
    if borrowed:
        columns = zip(*(row for batch in reading.customers(["customer_id", *borrowed]) for row in batch), strict=True)
        lend(lines, dict(zip(["customer_id", *borrowed], columns, strict=True)))
    return lines, present | frozenset(borrowed)


def names_of_products(reading: Reading) -> dict[str, str]:
    """Names by product, where the shop has products."""
    if "product" not in reading.present_columns():
        return {}
    return {product: name for batch in reading.products(("product", "name")) for product, name in batch}


def from_arrays(
    columns: Mapping[str, object], customers: Mapping[str, object] | None
) -> tuple[Encoded, frozenset[str]]:
    """Encoded lines of arrays by column name; see `Snapshot.from_columns`."""
    size = len(columns["date"])
    plan: dict[str, object] = {"date": Moments(), "kind": Words(), "order_id": Keys(), "customer_id": Keys()}
    given = {"date": np.asarray(columns["date"], dtype="datetime64")}
    given |= {name: columns[name] for name in ("kind", "order_id", "customer_id", *DIMENSIONS) if name in columns}
    plan |= {name: Words() for name in DIMENSIONS if name in columns}
    for name in NUMBERS:
        for key, stored in ((column("transactions", name).stored_name, True), (name, False)):
            if key in columns and name not in plan:
                plan[name], given[name] = amounts(name, stored=stored), columns[key]
    for low in range(0, size, STRIDE):
        for name, encoder in plan.items():
            _put(encoder, name, given.get(name), low, min(low + STRIDE, size))
    lines = _encoded(plan)
    borrowed = [n for n in OF_THE_CUSTOMER if n not in plan and n in (customers or {})]
    if borrowed:
        lend(lines, {name: customers[name] for name in ("customer_id", *borrowed)})
    # Whoever gives the kinds of lines knows their states.
    return lines, _present(lines) | ({"status"} if "kind" in columns else frozenset())


def amounts(name: str, *, stored: bool) -> Amounts:
    """The encoder of a column of numbers, in stored units or in the column's own unit."""
    if name in ORDER_LEVEL:
        return Amounts(REAL_SCALE)
    money = column("transactions", name).kind is Kind.MONEY
    return Amounts(MONEY_SCALE if money and not stored else 1)


def lend(lines: Encoded, customers: Mapping[str, Iterable]) -> None:
    """Give lines the dimensions that only the customers table has."""
    keys = Keys()
    keys.put(list(customers["customer_id"]))
    known = keys.finish()
    order = np.argsort(known, kind="stable")
    known = known[order]
    at = np.minimum(np.searchsorted(known, lines.customer), max(len(known) - 1, 0))
    found = known[at] == lines.customer if len(known) else np.zeros(len(lines.customer), bool)
    for name in customers:
        if name == "customer_id":
            continue
        words = Words()
        words.put([""])
        words.put(list(customers[name]))
        codes, labels = words.finish()
        own = np.where(found, codes[1:][order][at] if len(known) else 0, 0)
        lines.words[name] = own.astype(codes.dtype), labels


def _encoded(plan: Mapping[str, object]) -> Encoded:
    finished = {name: encoder.finish() for name, encoder in plan.items()}
    codes, labels = finished.pop("kind")
    lines = Encoded(
        moment=finished.pop("date"),
        kind=np.array([KIND_CODE[label] for label in labels], np.int8)[codes] if labels else codes.astype(np.int8),
        order=finished.pop("order_id"),
        customer=finished.pop("customer_id"),
    )
    for name, found in finished.items():
        (lines.words if name in DIMENSIONS else lines.numbers)[name] = found
    return lines


def _put(encoder, name: str, values: object, low: int, high: int) -> None:
    """Encode one stretch of a column that was given, or what stands for one that was not."""
    if _is_coded(values):
        encoder.put_coded(values[0][low:high], values[1])
    elif values is not None:
        encoder.put(values[low:high])
    elif name == "kind":
        encoder.put_coded(np.zeros(high - low, np.int64), ["sale"])
    else:
        encoder.put(np.arange(low, high) if name == "order_id" else np.full(high - low, NOBODY))


def _is_coded(values: object) -> bool:
    return isinstance(values, tuple) and len(values) == 2 and isinstance(values[0], np.ndarray)


def _present(lines: Encoded) -> frozenset[str]:
    """Columns with at least one value."""
    found = {name for name, (_, labels) in lines.words.items() if any(labels)}
    found |= {name for name, (values, known) in lines.numbers.items() if len(values) and (known is None or known.any())}
    if len(lines.moment):
        found |= {"date", "kind", "order_id"}
    if (lines.customer != NOBODY).any():
        found.add("customer_id")
    return frozenset(found)
