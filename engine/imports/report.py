"""What an import did, to the unit: every row and every ten-thousandth of money has one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from data.schema import MONEY_SCALE


def money(units: int) -> str:
    """Units as a figure with at least two decimals, exactly: 97,477.4793."""
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), MONEY_SCALE)
    decimals = f"{rest:04d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole:,}.{decimals}"


def amount(units: int) -> int | float:
    """Units as a JSON number."""
    return units / MONEY_SCALE


@dataclass(frozen=True)
class Example:
    """One cell that shows a reason."""

    file: str
    line: int
    column: str | None
    value: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"{self.file}, line {self.line:,}{column}: {_short(self.value)}"

    def to_dict(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "column": self.column, "value": _short(self.value)}


def _short(value: str) -> str:
    value = value if len(value) <= 80 else f"{value[:77]}..."
    return repr(value)[1:-1] if value else "(empty)"


@dataclass(frozen=True)
class Share:
    """Some rows, the money on them, and on how many of them the money cannot be read."""

    rows: int = 0
    units: int = 0
    unreadable: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.rows + other.rows, self.units + other.units, self.unreadable + other.unreadable)

    def to_dict(self) -> dict[str, Any]:
        return {"rows": self.rows, "money": amount(self.units)} | (
            {"money_unreadable": self.unreadable} if self.unreadable else {}
        )


@dataclass(frozen=True)
class Aside:
    """Rows that were not stored, for one reason."""

    reason: str
    share: Share
    example: Example

    def to_dict(self) -> dict[str, Any]:
        return {"reason": self.reason} | self.share.to_dict() | {"example": self.example.to_dict()}


@dataclass(frozen=True)
class Step:
    """One rung of the ladder from the file's lines to the shop's revenue.

    Parameters
    ----------
    label : what is left, or taken away, here
    change : rows and money this rung takes away or adds; None on a rung that only counts
    left : rows and money after it
    orders, customers : distinct ones after it, where the rung counts them
    """

    label: str
    change: Share | None
    left: Share
    orders: int | None = None
    customers: int | None = None

    def to_dict(self) -> dict[str, Any]:
        found = {"label": self.label, "change": self.change.to_dict() if self.change else None} | self.left.to_dict()
        return found | {"orders": self.orders, "customers": self.customers}


@dataclass(frozen=True)
class Preview:
    """How a file would be read, before anything is stored.

    Parameters
    ----------
    format : the name of the format
    mapping : (ours, theirs, reason) per column
    rows : the first rows as they would be stored, by our column names
    questions : sentences to settle, each with the option that answers it
    notes : what else is worth knowing
    unused : columns of the file that are not taken
    """

    format: str
    mapping: tuple[tuple[str, str, str], ...]
    rows: tuple[dict[str, Any], ...]
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        columns = [{"column": ours, "from": theirs, "reason": why} for ours, theirs, why in self.mapping]
        return {
            "format": self.format,
            "mapping": columns,
            "rows": [dict(r) for r in self.rows],
            "questions": list(self.questions),
            "notes": list(self.notes),
            "unused": list(self.unused),
        }


@dataclass(frozen=True)
class Report:
    """What became of every row and of the money.

    Parameters
    ----------
    format : the name of the format
    files : (name, sha256, rows read) per table
    stored : rows and money by kind of line; other tables under their own name
    known : rows that were stored already
    aside : rows that were not stored, by reason
    load_id, data_version : the load in the ledger; None where nothing was new
    """

    format: str
    currency: str | None
    files: tuple[tuple[str, str, int], ...]
    stored: dict[str, Share]
    known: Share
    aside: tuple[Aside, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    mapping: tuple[tuple[str, str, str], ...]
    load_id: int | None = None
    data_version: int | None = None
    read: Share = field(default_factory=Share)

    @property
    def rows_read(self) -> int:
        return self.read.rows

    @property
    def rows_stored(self) -> int:
        return sum(share.rows for share in self.stored.values())

    @property
    def rows_known(self) -> int:
        return self.known.rows

    @property
    def rows_aside(self) -> int:
        return sum(a.share.rows for a in self.aside)

    @property
    def balanced(self) -> bool:
        """Whether rows and money in the file are exactly those stored, known and set aside."""
        parts = sum([*self.stored.values(), self.known, *(a.share for a in self.aside)], Share())
        return (parts.rows, parts.units) == (self.read.rows, self.read.units)

    def to_dict(self) -> dict[str, Any]:
        """The stable answer of `--json`, also kept in the ledger."""
        return {
            "format": self.format,
            "currency": self.currency,
            "load_id": self.load_id,
            "data_version": self.data_version,
            "files": [{"file": name, "sha256": sha, "rows": rows} for name, sha, rows in self.files],
            "rows_read": self.rows_read,
            "rows_stored": self.rows_stored,
            "rows_known": self.rows_known,
            "rows_aside": self.rows_aside,
            "money": self._money(),
            "stored": {name: share.to_dict() for name, share in self.stored.items()},
            "known": self.known.to_dict(),
            "aside": [a.to_dict() for a in self.aside],
            "steps": [s.to_dict() for s in self.steps],
            "mapping": [{"column": ours, "from": theirs, "reason": why} for ours, theirs, why in self.mapping],
            "notes": list(self.notes),
        }

    def _money(self) -> dict[str, Any]:
        stored = sum(share.units for share in self.stored.values())
        aside = sum(a.share.units for a in self.aside)
        return {
            "in_file": amount(self.read.units),
            "stored": amount(stored),
            "known": amount(self.known.units),
            "aside": amount(aside),
            "balanced": self.balanced,
        }

    def text(self) -> str:
        """The report for a person."""
        return "\n".join(_lines(self))


def _lines(report: Report) -> Iterable[str]:
    unit = f" {report.currency}" if report.currency else ""
    yield f"{_headline(report)} ({report.format})."
    yield ""
    rows = [("read", report.read), *((f"stored: {name}", share) for name, share in report.stored.items())]
    rows += [("already known", report.known)] if report.known.rows else []
    rows += [(f"set aside: {a.reason}", a.share) for a in report.aside]
    yield from _columns([(label, f"{s.rows:,}", money(s.units) + unit) for label, s in rows], ("", "rows", "money"))
    for a in report.aside:
        lost = f" (money unreadable on {a.share.unreadable:,})" if a.share.unreadable else ""
        yield f"  {a.reason}{lost}, for example {a.example}"
    if report.steps:
        yield ""
        yield from _columns(
            [_rung(step) for step in report.steps], ("from the file to revenue", "rows", "money", "orders", "customers")
        )
    if report.notes:
        yield ""
        yield from (f"- {note}" for note in report.notes)


def _headline(report: Report) -> str:
    names = ", ".join(name for name, _, _ in report.files[:3]) + (", …" if len(report.files) > 3 else "")
    if not report.rows_stored:
        # A file can bring the names of products whose every line is known.
        what = "Nothing new" if report.load_id is None else "No new rows"
        return f"{what} in {names}: all {report.rows_known:,} rows were stored before"
    return f"{report.rows_stored:,} new rows from {names}"


def _rung(step: Step) -> tuple[str, ...]:
    count = (
        f"{step.orders:,}" if step.orders is not None else "",
        f"{step.customers:,}" if step.customers is not None else "",
    )
    if step.change is None:
        return (f"= {step.label}", f"{step.left.rows:,}", money(step.left.units), *count)
    return (f"  {step.label}", f"{step.change.rows:+,}", money(step.change.units), *count)


def _columns(rows: list[tuple[str, ...]], head: tuple[str, ...]) -> Iterable[str]:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  " + "  ".join(cells).rstrip()
