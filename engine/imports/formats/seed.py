"""The plain two-table layout (transactions and customers), with spend beside it where a shop has it."""

from __future__ import annotations

from collections.abc import Sequence

from data.schema import DERIVED_CUSTOMER_COLUMNS, TABLES
from engine.errors import ImportRefused
from engine.imports.batch import Table
from engine.imports.formats._base import Options, Plan, renamed, settled

REASON = "the schema's own name"
NEEDED = {
    "transactions": {"transaction_id", "customer_id", "date", "revenue"},
    "customers": {"customer_id"},
    "spend": {"date", "channel", "spend"},
}
# A table with a customer_id alone says nothing; one of these makes it a table of customers.
TELLING = {"segment", "region", "acquisition_date", "age_group"}
ORDER = ("customers", "spend", "transactions")


class Seed:
    """Tables that already use our own column names."""

    name = "tables"
    label = "the plain tables transactions, customers and spend"
    rank = 50

    def claims(self, table: Table) -> bool:
        return _target(table) is not None

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        targets = sorted(((_target(t), t) for t in tables), key=lambda pair: ORDER.index(pair[0]))
        if options.mapping and not any(target == "transactions" for target, _ in targets):
            raise ImportRefused("--map settles columns of transactions, and none of these files is that table.")
        return [_plan(target, table, options) for target, table in targets]


def _target(table: Table) -> str | None:
    """Which of our tables this is; None where it is none, or where a doubled heading leaves a doubt."""
    header = set(table.header)
    if any(h.endswith(" (2)") for h in header):
        return None
    if header >= NEEDED["transactions"]:
        return "transactions"
    if header >= NEEDED["spend"] and "revenue" not in header:
        return "spend"
    known = {c.name for c in TABLES["customers"]} | set(DERIVED_CUSTOMER_COLUMNS)
    if (
        "customer_id" in header
        and header & TELLING
        and len(header & known) >= 0.5 * len(header)
        and "date" not in header
    ):
        return "customers"
    return None


def _plan(target: str, table: Table, options: Options) -> Plan:
    own = settled(table, options) if target == "transactions" else {}
    written = [c.name for c in TABLES[target] if c.name in table.header and c.name not in ("amount", "kind")]
    mapping = {name: name for name in written if name not in own} | {o: t for o, t in own.items() if t}
    reasons = tuple((ours, theirs, "you said so" if ours in own else REASON) for ours, theirs in mapping.items())
    derived = [h for h in table.header if h in DERIVED_CUSTOMER_COLUMNS]
    notes = [f"{table.name}: {', '.join(derived)} not taken: computed as of a date instead."] if derived else []
    return Plan(
        name=table.name,
        sha256=table.sha256,
        target=target,
        mapping=reasons,
        batches=renamed(table, mapping),
        rows_expected=table.rows_expected,
        notes=notes,
        unused=tuple(h for h in table.header if h not in mapping.values()),
    )


FORMAT = Seed()
