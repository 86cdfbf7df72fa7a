"""Before anything is typed: what the file proves about its dates and decimal signs, and what must be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from data.schema import TABLES, Kind
from engine.errors import ImportRefused
from engine.imports import dates, numbers
from engine.imports.dates import Order
from engine.imports.formats._base import Options, Plan
from engine.imports.numbers import Evidence
from engine.imports.typed import Settings

ASK_DATES = "Say which with --day-first or --month-first."
ASK_DECIMAL = 'Say which with --decimal "." or --decimal ",".'


@dataclass
class Findings:
    """What was seen so far."""

    order: Order = field(default_factory=Order)
    decimals: dict[str, Evidence] = field(default_factory=dict)

    def open_questions(self) -> bool:
        """Whether reading on could still settle something."""
        dates_open = self.order.unproven is not None and self.order.answer is None
        return dates_open or any(e.unproven and not e.decimal for e in self.decimals.values())


def scout(plan: Plan, options: Options, today: date) -> tuple[Settings, list[str], list[str]]:
    """How to read a plan's columns, notes, and the questions that nothing in the file answers."""
    found = Findings()
    kinds = {c.name: c.kind for c in TABLES[plan.target]}
    for batch in plan.batches():
        for name, text in batch.columns.items():
            _look(found, name, kinds.get(name, Kind.TEXT), text)
        if not found.open_questions():
            break
    questions: list[str] = []
    day_first = _day_first(found.order, options, plan, questions)
    decimals = _decimals(found.decimals, options, plan, questions)
    return Settings(today, day_first, decimals), _notes(found, options, plan), questions


def _look(found: Findings, name: str, kind: Kind, text: pa.Array) -> None:
    if kind in (Kind.DATE, Kind.MOMENT):
        found.order += dates.order(text)
    elif kind is not Kind.TEXT:
        found.decimals[name] = found.decimals.get(name, Evidence()) + numbers.evidence(text)


def _day_first(order: Order, options: Options, plan: Plan, questions: list[str]) -> bool | None:
    if options.day_first is not None:
        return options.day_first
    if order.mixed:
        raise ImportRefused(
            f"{plan.name} mixes dates with the day first ({order.day_first}) and with the month first "
            f"({order.month_first}), so that others could be either. Export it with dates like 2024-12-31."
        )
    if order.answer is None and order.unproven:
        questions.append(f"{plan.name}: is {order.unproven!r} day/month or month/day? No date proves it. {ASK_DATES}")
    return order.answer


def _decimals(seen: dict[str, Evidence], options: Options, plan: Plan, questions: list[str]) -> dict[str, str | None]:
    whole = sum(seen.values(), Evidence())
    decided: dict[str, str | None] = {}
    for name, evidence in seen.items():
        decided[name] = options.decimal or evidence.decimal
        if evidence.mixed and not options.decimal:
            questions.append(f"{plan.name}: column {name} writes decimals both with '.' and with ','. {ASK_DECIMAL}")
        elif decided[name] is None and evidence.unproven:
            decided[name] = whole.decimal
            if decided[name] is None:
                questions.append(
                    f"{plan.name}: column {name} has {evidence.unproven!r}: is its sign a decimal or does it group "
                    f"thousands? No value proves it. {ASK_DECIMAL}"
                )
    return decided


def _notes(found: Findings, options: Options, plan: Plan) -> list[str]:
    notes = []
    if options.day_first is None and found.order.answer is not None:
        proof = found.order.day_first or found.order.month_first
        first = "day" if found.order.answer else "month"
        notes.append(f"{plan.name}: dates have the {first} first ({proof!r} proves it).")
    commas = [name for name, e in found.decimals.items() if e.decimal == ","]
    if commas:
        notes.append(f"{plan.name}: ',' is the decimal sign in {', '.join(commas)}.")
    return notes
