"""CDNOW's purchase log: customer, day, number of CDs and dollars, separated by blanks.

The master file has a header; the tenth of it that papers use has none and a second customer number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.errors import ImportRefused
from engine.imports.batch import Table
from engine.imports.delimited import BLANKS
from engine.imports.formats._base import SALE, Options, Plan, folded, renamed
from engine.imports.formats.generic import first_batch
from engine.imports.typed import Typed

HEADED = {"customer_id": "customerid", "date": "date", "quantity": "numberofcds", "revenue": "dollarvalue"}
BARE = {"customer_id": "column_1", "date": "column_3", "quantity": "column_4", "revenue": "column_5"}
# customer, customer in the sample, day, CDs, dollars
BARE_SHAPES = (r"\d{5}", r"\d{4}", r"19\d{6}", r"\d{1,3}", r"\d{1,4}\.\d{2}")


class Cdnow:
    """The log as Fader and Hardie publish it."""

    name = "cdnow"
    label = "the CDNOW purchase log"
    rank = 30

    def claims(self, table: Table) -> bool:
        return _mapping(table) is not None

    def plans(self, tables: Sequence[Table], options: Options) -> list[Plan]:
        if options.mapping:
            raise ImportRefused("The columns of the CDNOW log are known: leave --map out.")
        return [_plan(table, options) for table in tables]


def _mapping(table: Table) -> dict[str, str] | None:
    headings = {folded(heading): heading for heading in table.header}
    if set(HEADED.values()) <= set(headings):
        return {ours: headings[theirs] for ours, theirs in HEADED.items()}
    if getattr(table, "delimiter", None) != BLANKS or table.has_header or len(table.header) != len(BARE_SHAPES):
        return None
    import pyarrow.compute as pc

    sample = first_batch(table)
    shapes = zip(table.header, BARE_SHAPES, strict=True)
    fits = all(pc.all(pc.match_substring_regex(sample.columns[name], f"^{shape}$")).as_py() for name, shape in shapes)
    return dict(BARE) if fits else None


def kinds(typed: Typed, amount: np.ndarray) -> np.ndarray:
    """Every line is a purchase; 80 of the 69,659 are worth nothing and count as purchases in all papers."""
    return np.full(typed.size, SALE, np.int8)


def _plan(table: Table, options: Options) -> Plan:
    mapping = _mapping(table) or {}
    return Plan(
        name=table.name,
        sha256=table.sha256,
        target="transactions",
        mapping=tuple((ours, theirs, "CDNOW") for ours, theirs in mapping.items()),
        batches=renamed(table, mapping),
        currency=options.currency or "USD",
        rule=kinds,
        rows_expected=table.rows_expected,
        notes=[f"{table.name}: each line is an order; the log has no order ids."],
    )


FORMAT = Cdnow()
