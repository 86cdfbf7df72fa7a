"""Small lines, customers and loads for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.store import Outcome, Store

COLUMNS = ("transaction_id", "order_id", "customer_id", "date", "kind", "amount_units", "revenue_units")


def line(number: int, *, prefix: str = "t", units: int | None = None, customer: str | None = None) -> tuple:
    """One sale; the same number gives the same line."""
    units = 10_000 * (number % 97 + 1) if units is None else units
    day = f"2024-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    return (f"{prefix}{number}", f"o{number // 3}", customer or f"c{number % 7}", day, "sale", units, units)


def lines(numbers: Iterable[int], *, prefix: str = "t") -> list[tuple]:
    """Sales with these numbers."""
    return [line(number, prefix=prefix) for number in numbers]


def take_in(
    store: Store, rows: Sequence[tuple], *, customers: Sequence[tuple] = (), currency: str | None = "EUR"
) -> tuple[int, Outcome]:
    """Publish one load of lines (and customers with their segment); its number and the lines' outcome."""
    with store.writer() as writer, writer.load("sample", "test", sha256="0" * 64, currency=currency) as load:
        outcome = load.put_lines(COLUMNS, rows)
        if customers:
            load.put_customers(("customer_id", "segment"), customers)
        load.publish({})
    return load.load_id, outcome


def contents(store: Store) -> list[tuple]:
    """All published lines, by id."""
    return sorted(row for batch in store.lines(COLUMNS) for row in batch)


def revenue(store: Store) -> int:
    """Revenue of all published lines in units, by hand."""
    return store.query("SELECT coalesce(sum(revenue_units), 0) AS units FROM transactions")[0]["units"]
