"""Typed cells become order lines: what they are worth, what kind they are, what they are called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from data.schema import LARGEST_MONEY, MONEY_SCALE, TRANSACTIONS, Column, Kind
from engine.imports import identity
from engine.imports.formats._base import KINDS, REFUND, SALE, Plan
from engine.imports.numbers import Numbers
from engine.imports.typed import Typed

LIMIT = int(LARGEST_MONEY) * MONEY_SCALE


def _as_read(column: Column) -> Column:
    """A file may have what only the importer decides later: money of either sign, lines without an id."""
    if column.name in ("revenue", "amount", "discount"):
        return replace(column, low=-LARGEST_MONEY, required=False)
    return column


# amount and kind are decided here, never read.
READ = tuple(_as_read(c) for c in TRANSACTIONS if c.name not in ("amount", "kind"))


@dataclass
class Lines:
    """Order lines, good and bad, one entry a row.

    Parameters
    ----------
    typed : the cells
    amount : (n,) int64 units of the line, 0 where it cannot be computed
    valued : (n,) bool, the amount can be computed
    kinds : (n,) index into KINDS
    rounded : rows whose exact amount has more than four decimals, and the sum of what rounding added
    """

    typed: Typed
    amount: np.ndarray
    valued: np.ndarray
    kinds: np.ndarray
    rounded: tuple[int, Decimal]


def settle(typed: Typed, plan: Plan) -> Lines:
    """Value and classify the lines of a batch."""
    amount, valued, exact = _amounts(typed)
    missing = ~valued & typed.good
    what = "revenue" if "revenue" in typed.figures else _unvalued(typed, missing)
    typed.reject(missing, f"{what} is empty", what)
    typed.reject(valued & (np.abs(amount) > LIMIT), f"the line is worth more than {LARGEST_MONEY:,.0f}", what)
    kinds = plan.rule(typed, amount)
    off = {row: value for row, value in exact.items() if typed.why[row] < 0}
    drift = sum((Decimal(int(amount[row])) / MONEY_SCALE - value for row, value in off.items()), Decimal(0))
    return Lines(typed, amount, valued, kinds, (len(off), drift))


def _unvalued(typed: Typed, rows: np.ndarray) -> str:
    quantity = typed.figures.get("quantity")
    return "quantity" if quantity is not None and (rows & ~quantity.present).any() else "unit_price"


def _amounts(typed: Typed) -> tuple[np.ndarray, np.ndarray, dict[int, Decimal]]:
    """Units of each line, whether it has any, and the exact value where units are not enough."""
    revenue, discount = typed.figures.get("revenue"), typed.figures.get("discount")
    if discount is not None:
        np.abs(discount.units, out=discount.units)
    if revenue is not None:
        return revenue.units, revenue.present, revenue.finer
    price, quantity = typed.figures["unit_price"], typed.figures["quantity"]
    amount, exact = product(price, quantity)
    if discount is not None:
        # Files write it as 5.00 or as -5.00, on returned pieces too: it brings the line nearer to nothing.
        off = np.where(amount < 0, -discount.units, discount.units)
        typed.reject(discount.present & (np.abs(off) > np.abs(amount)), "discount exceeds the line", "discount")
        exact = {row: value - Decimal(int(off[row])) / MONEY_SCALE for row, value in exact.items()}
        amount = amount - off
    return amount, price.present & quantity.present, exact


def product(price: Numbers, quantity: Numbers) -> tuple[np.ndarray, dict[int, Decimal]]:
    """Price x quantity in units: int64 where the pieces are whole, exact decimals where they are not."""
    pieces = quantity.units // MONEY_SCALE
    amount = price.units * pieces
    uneven = np.flatnonzero(quantity.units % MONEY_SCALE).tolist()
    exact: dict[int, Decimal] = {}
    for row in {*uneven, *price.finer, *quantity.finer}:
        value = _exact(price, row) * _exact(quantity, row)
        if abs(value) > 2 * LARGEST_MONEY:
            value = Decimal(2 * LARGEST_MONEY)
        amount[row] = int((value * MONEY_SCALE).to_integral_value())
        if Decimal(int(amount[row])) != value * MONEY_SCALE:
            exact[row] = value
    return amount, exact


def _exact(figures: Numbers, row: int) -> Decimal:
    return figures.finer.get(row, Decimal(int(figures.units[row])) / MONEY_SCALE)


def content(lines: Lines) -> np.ndarray:
    """(n,) uint64: what a line says, whatever file or spelling it comes in."""
    typed = lines.typed
    parts = [typed.moments["date"].days.astype(np.uint64), lines.amount.astype(np.uint64)]
    for name in ("product", "customer_id"):
        if name in typed.text:
            parts.append(identity.of_labels(typed.text[name]))
    for name in ("quantity", "unit_price"):
        if name in typed.figures:
            parts.append(typed.figures[name].units.astype(np.uint64))
    return identity.mixed(parts, typed.size)


def rows(lines: Lines, ids: list[str], orders: np.ndarray, currency: str | None) -> tuple[list[str], list[tuple]]:
    """Stored column names and one tuple a good line."""
    typed, keep = lines.typed, np.flatnonzero(lines.typed.good)
    found: dict[str, list] = {
        "transaction_id": ids,
        "order_id": orders[keep].tolist() if orders.size else ids,
        "kind": np.array([k.value for k in KINDS], object)[lines.kinds[keep]].tolist(),
        "amount_units": lines.amount[keep].tolist(),
        "revenue_units": _only(lines.amount, lines.kinds == SALE, keep),
    }
    if currency:
        found["currency"] = [currency] * len(keep)
    _refunds(lines)
    for column in READ:
        if column.stored_name not in found:
            values = stored(typed, column, keep)
            if values is not None:
                found[column.stored_name] = values
    return list(found), list(zip(*found.values(), strict=True))


def _refunds(lines: Lines) -> None:
    back = lines.kinds == REFUND
    if not back.any():
        return
    nothing = np.zeros(lines.typed.size, bool)
    empty = Numbers(np.zeros(lines.typed.size, np.int64), nothing.copy(), nothing)
    refund = lines.typed.figures.setdefault("refund", empty)
    refund.units[back] = -lines.amount[back]
    refund.present[back] = True


def _only(units: np.ndarray, where: np.ndarray, keep: np.ndarray) -> list[int | None]:
    values = units[keep].tolist()
    for place in np.flatnonzero(~where[keep]).tolist():
        values[place] = None
    return values


def stored(typed: Typed, column: Column, keep: np.ndarray) -> list | None:
    """The good rows of a column in stored form; None where the file does not have it."""
    name = column.name
    if name in typed.text:
        return typed.text[name].spread()[keep].tolist()
    if name in typed.moments:
        return typed.moments[name].text[keep].tolist()
    if name not in typed.figures:
        return None
    figures = typed.figures[name]
    if column.kind is Kind.MONEY:
        return _only(figures.units, figures.present, keep)
    if column.kind is Kind.REAL:
        values = figures.real()[keep].tolist()
        for place in np.flatnonzero(~figures.present[keep]).tolist():
            values[place] = None
        return values
    whole = figures.present & (figures.units % MONEY_SCALE == 0)
    return _only(figures.units // MONEY_SCALE, whole, keep)
