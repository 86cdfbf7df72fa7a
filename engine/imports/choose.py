"""Which format a set of tables is, and the plans to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine import registry
from engine.errors import EngineError, ImportRefused
from engine.imports.batch import Table
from engine.imports.formats._base import Format, NoSales, Options, Plan


@dataclass
class Choice:
    """A format, its plans, and what is still open.

    Parameters
    ----------
    name : of the format
    plans : how each table is read, customers first
    notes : what was passed over and why
    questions : what has to be settled before anything can be read; only where asked for
    """

    name: str
    plans: list[Plan] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    currency: str | None = None

    @property
    def mapping(self) -> tuple[tuple[str, str, str], ...]:
        """(ours, theirs, reason) of the lines, or of the only table."""
        lines = [p for p in self.plans if p.target == "transactions"] or self.plans[:1]
        return lines[0].mapping if lines else ()


def formats() -> list[Format]:
    """All formats, the most particular first."""
    return sorted((m.FORMAT for m in registry.modules("engine.imports.formats")), key=lambda f: f.rank)


def choose(tables: Sequence[Table], options: Options, *, ask: bool = False) -> Choice:
    """The one format that knows these tables; the general one where none does.

    Parameters
    ----------
    tables : opened tables
    options : what the person settled
    ask : put open questions into the answer instead of refusing
    """
    *particular, general = formats()
    for form in particular:
        mine = [t for t in tables if form.claims(t)]
        if mine:
            choice = Choice(form.name, form.plans(mine, options))
            _pass_over([t for t in tables if t not in mine], form.label, choice)
            return _with_currency(choice, options)
    return _with_currency(_generally(general, tables, options, ask=ask), options)


def _pass_over(others: Sequence[Table], label: str, choice: Choice) -> None:
    for table in others:
        if table.named:
            raise ImportRefused(f"{table.name} is no part of {label}, as the other files are. Import it on its own.")
        choice.notes.append(f"Passed over: {table.name} is no part of {label}.")


def _generally(form: Format, tables: Sequence[Table], options: Options, *, ask: bool) -> Choice:
    choice = Choice(form.name)
    problems: list[tuple[Table, EngineError]] = []
    for table in tables:
        try:
            choice.plans += form.plans([table], options)
        except EngineError as problem:
            problems.append((table, problem))
    books = {plan.sha256 for plan in choice.plans}
    for table, problem in problems:
        if isinstance(problem, NoSales) and table.sha256 in books:
            choice.notes.append(f"Passed over: {problem}")
        elif (table.named or not choice.plans) and not ask:
            raise problem
        elif table.named or not choice.plans:
            choice.questions.append(str(problem))
        else:
            choice.notes.append(f"Passed over: {problem}")
    return choice


def _with_currency(choice: Choice, options: Options) -> Choice:
    found = {plan.currency for plan in choice.plans if plan.currency}
    if options.currency:
        if found - {options.currency}:
            raise ImportRefused(f"The file's money is {', '.join(sorted(found))}, not {options.currency}.")
        found = {options.currency}
    if len(found) > 1:
        raise ImportRefused(
            f"The files have money in {' and '.join(sorted(found))}. A shop's database holds one currency: "
            "import them into two databases."
        )
    choice.currency = found.pop() if found else None
    for plan in choice.plans:
        plan.currency = choice.currency
    return choice
