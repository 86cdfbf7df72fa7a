"""Import and preview: from paths to rows in the shop's database, all or nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from engine.errors import ImportRefused
from engine.imports import edges
from engine.imports.choose import Choice, choose
from engine.imports.formats._base import Options, Plan
from engine.imports.report import Preview, Report, Share, Step
from engine.imports.scout import scout
from engine.imports.sources import find
from engine.imports.tables import open_tables
from engine.imports.taking import Taker, Tally, TwinBook
from engine.imports.typed import Settings

if TYPE_CHECKING:
    from engine.store import OpenLoad

Progress = Callable[[str, int, int | None], None]
Paths = Iterable[str | os.PathLike[str]]


def import_paths(
    paths: Paths,
    db: str | os.PathLike[str],
    *,
    mapping: dict[str, str] | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    currency: str | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take files into the shop's database; everything becomes visible at once, or nothing is stored.

    Parameters
    ----------
    paths : files, or folders of which the importable files are taken
    db : the database; made where missing
    mapping : our column -> the file's column, to settle a guess; "" where the file has none
    day_first : whether 03/04/2024 is the third of April, where the file does not prove it
    decimal : "." or ",", where the file does not prove it
    currency : three letters, where the file does not say
    today : dates after the day that follows it are set aside as in the future
    progress : told the file, the rows done and the rows expected

    Raises
    ------
    ImportRefused
        With a sentence; nothing is stored.
    """
    options = _options(mapping, day_first, decimal, currency)
    today = today or date.today()
    with TemporaryDirectory(prefix="shoplight-") as folder:
        choice = _chosen(paths, Path(folder), options)
        settled = [_settled(plan, options, today, choice.notes) for plan in choice.plans]
        return _store(choice, settled, db, progress or (lambda *_: None))


def preview(
    paths: Paths,
    *,
    mapping: dict[str, str] | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    currency: str | None = None,
    today: date | None = None,
) -> Preview:
    """How files would be read: columns and why, the first rows, and the questions to settle first."""
    from engine.imports.look import first_rows

    options = _options(mapping, day_first, decimal, currency)
    with TemporaryDirectory(prefix="shoplight-") as folder:
        choice = _chosen(paths, Path(folder), options, ask=True)
        if not choice.plans:
            return Preview(choice.name, choice.mapping, (), tuple(choice.questions), tuple(choice.notes))
        plan = next((p for p in choice.plans if p.target == "transactions"), choice.plans[0])
        settings, notes, questions = scout(plan, options, today or date.today())
        rows = () if questions else first_rows(plan, settings)
        asked = (*choice.questions, *questions)
        return Preview(choice.name, plan.mapping, rows, asked, (*choice.notes, *plan.notes, *notes), plan.unused)


def _options(
    mapping: dict[str, str] | None, day_first: bool | None, decimal: str | None, currency: str | None
) -> Options:
    if decimal not in (None, ".", ","):
        raise ImportRefused(f"The decimal sign is '.' or ',', not {decimal!r}.")
    if currency is not None and not (len(currency) == 3 and currency.isalpha()):
        raise ImportRefused(f"A currency has three letters, such as EUR; {currency!r} does not.")
    return Options(dict(mapping or {}), day_first, decimal, currency.upper() if currency else None)


def _chosen(paths: Paths, folder: Path, options: Options, *, ask: bool = False) -> Choice:
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources, notes = find(paths)
    tables = open_tables(sources, folder, notes)
    choice = choose(tables, options, ask=ask)
    choice.notes[:0] = [*notes, *(note for table in tables for note in table.notes)]
    return choice


def _settled(plan: Plan, options: Options, today: date, notes: list[str]) -> Settings:
    settings, found, questions = scout(plan, options, today)
    if questions:
        raise ImportRefused(" ".join(questions))
    notes += [*plan.notes, *found]
    return settings


def _store(choice: Choice, settled: Sequence[Settings], db: str | os.PathLike[str], progress: Progress) -> Report:
    from engine.store import Store

    store = Store.create(db)
    tally = Tally()
    twins = TwinBook(
        edges.from_reports(load.report for load in store.loads() if load.status == "published"),
        lambda order: [
            row["transaction_id"]
            for row in store.query("SELECT transaction_id FROM transactions WHERE order_id = ?", (order,))
        ],
    )
    sha256 = hashlib.sha256("".join(sorted(p.sha256 for p in choice.plans)).encode()).hexdigest()
    source = ", ".join(dict.fromkeys(p.name for p in choice.plans))[:500]
    with store.writer() as writer, writer.load(source, choice.name, sha256=sha256, currency=choice.currency) as load:
        files, steps = [], []
        for plan, settings in zip(choice.plans, settled, strict=True):
            known_edges = len(tally.edges)
            taker = Taker(plan, settings, load, tally, twins)
            count = taker.take(lambda done, plan=plan: progress(plan.name, done, plan.rows_expected))
            twins.remember(tally.edges[known_edges:])
            files.append((plan.name, plan.sha256, count))
            steps += _rungs(taker, plan, several=len(choice.plans) > 1)
        _refuse_nothing(tally, choice)
        version = None
        if _name_products(load, tally) or tally.stored:

            def last_word(outcomes) -> dict:
                tally.agree(outcomes)
                return _to_keep(_report(choice, tally, files, steps, load.load_id), tally)

            version = load.publish(last_word)
        return _report(choice, tally, files, steps, load.load_id if version else None, version)


def _name_products(load: OpenLoad, tally: Tally) -> int:
    """Store what the lines call the products; returns how many names are new."""
    names = tally.names.rows()
    if not names:
        return 0
    new = load.put_products(("product", "name"), names).stored
    if new:
        tally.notes.append(f"{new:,} product names are new.")
    return new


def _rungs(taker: Taker, plan: Plan, *, several: bool) -> list[Step]:
    if plan.target != "transactions":
        return []
    first, *rest = taker.ladder.steps()
    return [replace(first, label=f"lines in {plan.name}") if several else first, *rest]


def _to_keep(report: Report, tally: Tally) -> dict:
    return report.to_dict() | {"edges": [edge.to_dict() for edge in tally.edges]}


def _refuse_nothing(tally: Tally, choice: Choice) -> None:
    if tally.stored or tally.known.rows:
        return
    if not tally.aside:
        raise ImportRefused(f"{choice.plans[0].name} has a header but no rows.")
    worst = tally.asides()[0]
    raise ImportRefused(
        f"None of the {tally.read.rows:,} rows can be taken. The most frequent reason: {worst.reason} "
        f"({worst.share.rows:,} rows), for example {worst.example}. Settle columns with --map ours=theirs."
    )


def _drift(drift: Decimal) -> str:
    return "less than 0.00001" if abs(drift) < Decimal("0.00001") else f"{drift.quantize(Decimal('0.000001')):+f}"


def _report(
    choice: Choice, tally: Tally, files: list, steps: list[Step], load_id: int | None, version: int | None = None
) -> Report:
    notes = list(dict.fromkeys([*choice.notes, *tally.notes]))
    if tally.missing_ids:
        notes.append(f"{tally.missing_ids:,} ids are written as nan, null or none and count as missing.")
    if tally.rounded:
        notes.append(
            f"{tally.rounded:,} lines are worth a figure of more than four decimals; rounding to four changed "
            f"their sum by {_drift(tally.drift)}."
        )
    order = {name: place for place, name in enumerate(("sale", "refund", "cancelled", "other", "customers", "spend"))}
    stored: dict[str, Share] = dict(sorted(tally.stored.items(), key=lambda item: order.get(item[0], 9)))
    return Report(
        format=choice.name,
        currency=choice.currency,
        files=tuple(files),
        stored=stored,
        known=tally.known,
        aside=tally.asides(),
        steps=tuple(steps),
        notes=tuple(notes),
        mapping=choice.mapping,
        load_id=load_id,
        data_version=version,
        read=tally.read,
    )
