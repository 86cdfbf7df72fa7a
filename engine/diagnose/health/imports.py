"""Rows that an import could not take: what the ledger of loads already knows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnose.health import _words as words
from engine.diagnose.health._base import Problem, Shop

ORDER = 11

# A few unreadable rows are in every export; from one row in fifty on a figure is visibly short.
NOTABLE = 0.02
# No inference: the import counted them.
COUNTED = 1e6


def check(shop: Shop) -> Iterator[Problem]:
    """Each reason for which a published load set a notable part of its rows, or of its money, aside."""
    if shop.store is None:
        return
    for load in shop.store.loads():
        report = load.report
        if load.status != "published" or not report.get("aside"):
            continue
        read, money = load.rows_read, abs(report["money"]["in_file"])
        for aside in report["aside"]:
            share = max(aside["rows"] / max(read, 1), abs(aside["money"]) / money if money else 0.0)
            if share >= NOTABLE:
                yield _problem(shop, load.load_id, aside, read)


def _problem(shop: Shop, load_id: int, aside: dict, read: int) -> Problem:
    example = aside["example"]
    return Problem(
        "import",
        f"Load {load_id} set {aside['rows']:,} of {read:,} rows with {words.money(shop, aside['money'])} aside: "
        f"{aside['reason']}, for example line {example['line']:,} of {example['file']}. Those rows are in no figure; "
        "mend the file or add what it needs, and import it again.",
        None,
        rows=aside["rows"],
        money=aside["money"],
        score=COUNTED,
        blocks_cause=False,
    )
