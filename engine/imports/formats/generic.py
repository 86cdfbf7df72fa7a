"""Any table with a date, a customer, and money or quantity x price: its columns are guessed, doubts are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from data.schema import names
from engine.errors import ImportRefused
from engine.imports import numbers
from engine.imports.batch import Batch, Table
from engine.imports.formats._base import (
    DEAD,
    PRODUCT_NAME,
    RETURNED,
    NoSales,
    Options,
    Plan,
    Rule,
    by_sign,
    by_sign_and_status,
    folded,
    renamed,
    says,
    settled,
)
from engine.imports.guess import OPTION, Guess, guess, quoted

SAMPLE_ROWS = 2_000
WHOLE_ORDER = frozenset(
    ("total", "totalamount", "ordertotal", "totalprice", "pricepaid", "paymentvalue", "gesamt", "subtotal")
)
MONEY_FIRST = ("revenue", "unit_price")


class Generic:
    """The format of last resort."""

    name = "generic"
    label = "a table of sales"
    rank = 100

    def claims(self, table: Table) -> bool:
        return True

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        return [self._plan(table, options) for table in tables]

    def _plan(self, table: Table, options: Options) -> Plan:
        sample = first_batch(table)
        found = guess(table.header, sample.slice(0, SAMPLE_ROWS), settled(table, options))
        _check(table, found, options, sample)
        notes = [*found.notes, *_identity(table, found, sample)]
        mapping = {
            ours: found.mapping[ours] for ours in (*names("transactions"), PRODUCT_NAME) if ours in found.mapping
        }
        reasons = tuple((ours, theirs, found.reasons[ours]) for ours, theirs in mapping.items())
        return Plan(
            name=table.name,
            sha256=table.sha256,
            target="transactions",
            mapping=reasons,
            batches=renamed(table, mapping),
            currency=_currency(found, sample, options, table),
            rule=_rule(found, sample, table, notes),
            rows_expected=table.rows_expected,
            notes=notes,
            unused=tuple(h for h in table.header if h not in mapping.values()),
        )


def first_batch(table: Table) -> Batch:
    """The first rows under the file's own headings; refused where there are none."""
    for batch in table.batches():
        if len(batch) or batch.broken:
            if not len(batch):
                row = batch.broken[0]
                raise ImportRefused(
                    f"{table.name}, line {row.line:,}: {row.reason}, as on every line that was tried. Export it again."
                )
            return batch
    raise NoSales(f"{table.name} has a header but no rows.")


def _check(table: Table, found: Guess, options: Options, sample: Batch) -> None:
    """Refuse what is missing or in doubt, with the option that settles it."""
    if not table.has_header and not options.mapping:
        raise ImportRefused(
            f"{table.name} has no header: its first line looks like data. "
            f"Name its {len(table.header)} columns by place: "
            "--map date=column_2 --map customer_id=column_1 --map revenue=column_3, for example."
        )
    if "revenue" not in options.mapping:
        _check_repeated(table, found, sample)
    missing = [
        ours for ours in ("date", "customer_id") if ours not in found.mapping and options.mapping.get(ours) != ""
    ]
    has_money = "revenue" in found.mapping or {"quantity", "unit_price"} <= set(found.mapping)
    if not has_money and "date" not in found.mapping and not options.mapping:
        raise NoSales(_unrecognised(table, ["date", "revenue (or quantity and unit_price)"]))
    if not has_money:
        missing.append("revenue (or quantity and unit_price)")
    questions = [q for q in found.questions if not (has_money and "Is quantity" in q)]
    if questions:
        raise ImportRefused(f"{table.name}: {' '.join(questions)}")
    if missing:
        raise ImportRefused(_unrecognised(table, missing))


def _unrecognised(table: Table, missing: list[str]) -> str:
    return (
        f"{table.name}: no column could be recognised as {', '.join(missing)}. Its columns are "
        f"{', '.join(table.header[:30])}. Say which is which with --map {missing[0].split()[0]}=COLUMN"
        + (" (--map customer_id= where there are no customers)." if "customer_id" in missing else ".")
    )


def _check_repeated(table: Table, found: Guess, sample: Batch) -> None:
    """Money that is the same on every line of an order is likely the order's, and would count once a line."""
    order, money = found.mapping.get("order_id"), found.mapping.get("revenue")
    if not order or not money or folded(money) not in WHOLE_ORDER:
        return
    lines: dict[str, list[str]] = {}
    for name, value in zip(sample.columns[order].to_pylist(), sample.columns[money].to_pylist(), strict=True):
        lines.setdefault(name, []).append(value)
    several = [values for values in lines.values() if len(values) > 1]
    same = [values for values in several if len(set(values)) == 1]
    if several and len(same) >= 0.9 * len(several):
        raise ImportRefused(
            f"{table.name}: {money} is the same on all lines of an order ({same[0][0]} on {len(same[0])} lines, "
            "for example): is it the whole order's money? If it is each line's, say "
            f"{OPTION.format(ours='revenue', theirs=quoted(money))}; "
            "otherwise name the line's own money, or its quantity and unit_price."
        )


def _identity(table: Table, found: Guess, sample: Batch) -> list[str]:
    """A line id that many lines share is an order id: asked, because it changes what an order is."""
    notes = []
    line_id = found.mapping.get("transaction_id")
    if line_id and found.reasons["transaction_id"] != "you said so":
        text = sample.columns[line_id]
        filled = [v for v in text.to_pylist() if v]
        twice = len(filled) - len(set(filled))
        if "order_id" not in found.mapping and twice > 0.05 * len(filled):
            value = Counter(filled).most_common(1)[0][0]
            places = [int(n) for n, v in zip(sample.lines, text.to_pylist(), strict=True) if v == value][:2]
            raise ImportRefused(
                f"{table.name}: {line_id} {value!r} is on lines {places[0]:,} and {places[1]:,}, "
                f"and {twice:,} lines repeat one. Is it the order's id? "
                f"Say {OPTION.format(ours='order_id', theirs=quoted(line_id))}, or "
                f"{OPTION.format(ours='transaction_id', theirs=quoted(line_id))} to set repeated lines aside."
            )
    if not {"order_id", "transaction_id"} & set(found.mapping):
        notes.append(
            f"{table.name}: no order id was recognised, so each line counts as an order (--map order_id=COLUMN)."
        )
    if options_without_customers(found):
        notes.append(f"{table.name}: no customers, as you said.")
    return notes


def options_without_customers(found: Guess) -> bool:
    return "customer_id" not in found.mapping


def _rule(found: Guess, sample: Batch, table: Table, notes: list[str]) -> Rule:
    """Orders marked as refunded carry their refund, unless the file has lines of its own for the money given back."""
    money = [found.mapping[ours] for ours in ("revenue", "quantity", "unit_price") if ours in found.mapping]
    if "status" not in found.mapping:
        return by_sign_and_status
    said = sample.columns[found.mapping["status"]].to_pylist()
    if any(said):
        notes.append(_statuses(table, said))
    status = [says(value, RETURNED) for value in said]
    negative = [
        any(v.startswith(("-", "(")) for v in row)
        for row in zip(*(sample.columns[c].to_pylist() for c in money), strict=True)
    ]
    if not any(status) or not any(negative):
        return by_sign_and_status
    notes.append(f"{table.name}: refunds have lines of their own; a status such as 'refunded' adds nothing to them.")
    return by_sign


def _statuses(table: Table, said: Sequence[str]) -> str:
    """What the orders' states are taken for: a payment that is pending counts as sold, and a person should know."""
    distinct = list(dict.fromkeys(value for value in said if value))
    kinds = {
        "cancelled": [value for value in distinct if says(value, DEAD)],
        "given back": [value for value in distinct if says(value, RETURNED)],
    }
    taken = [f"{', '.join(values[:5])} as {kind}" for kind, values in kinds.items() if values]
    sold = [value for value in distinct if not says(value, DEAD | RETURNED)]
    if sold:
        taken.insert(0, f"{', '.join(sold[:8])} as sold")
    return f"{table.name}: the status counts {'; '.join(taken)}."


def _currency(found: Guess, sample: Batch, options: Options, table: Table) -> str | None:
    if "currency" in found.mapping:
        codes = [v.upper() for v in sample.columns[found.mapping["currency"]].to_pylist() if v]
        return Counter(codes).most_common(1)[0][0][:3] if codes else options.currency
    money = [found.mapping[ours] for ours in MONEY_FIRST if ours in found.mapping]
    signs: dict[str, frozenset[str]] = {}
    for column in money:
        signs |= numbers.currencies(sample.columns[column])
    meant = frozenset.intersection(*signs.values()) if signs else frozenset()
    if signs and not meant:
        raise ImportRefused(f"{table.name} has money in {' and '.join(sorted(signs))}. Split it by currency.")
    return min(meant) if len(meant) == 1 else options.currency


FORMAT = Generic()
