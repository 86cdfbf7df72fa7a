"""What a case of the corpus is, and short ways to write the tables of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

TODAY = date(2025, 6, 30)


@dataclass(frozen=True)
class Accepted:
    """Rows stored; rows set aside by a fragment of the reason, the first on `line`; what the sales add up to."""

    rows: int
    aside: dict[str, int] = field(default_factory=dict)
    revenue: str | None = None
    kinds: dict[str, int] | None = None
    check: dict[str, list] | None = None
    known: int = 0
    note: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Refused:
    """Fragments that the sentence must have."""

    fragments: tuple[str, ...]

    def __init__(self, *fragments: str) -> None:
        object.__setattr__(self, "fragments", fragments)


Content = bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """Files by name, the options given, and the verdict."""

    name: str
    files: dict[str, Content]
    verdict: Accepted | Refused
    options: dict = field(default_factory=dict)
    paths: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.name

    def build(self, folder: Path) -> list[Path]:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content)
        return [folder / name for name in (self.paths if self.paths is not None else self.files)]


HEAD = "order_id,customer_id,date,revenue"
GOOD = ("A1,007,2024-01-15,10.00", "A2,008,2024-02-20,20.50", "A3,007,2024-03-25,5.25")


def table(*lines: str, head: str = HEAD, end: str = "\n", encoding: str = "utf-8") -> bytes:
    return (end.join((head, *lines)) + end).encode(encoding)


def money(*values: str, delimiter: str = ",", column: str = "revenue") -> bytes:
    """A good table whose money is written like this."""
    rows = [delimiter.join((f"A{i}", "C1", "2024-01-15", value)) for i, value in enumerate(values)]
    return table(*rows, head=delimiter.join(("order_id", "customer_id", "date", column)))


def days(*values: str) -> bytes:
    """A good table whose dates are written like this."""
    return table(*(f"A{i};C1;{value};1.50" for i, value in enumerate(values)), head="order_id;customer_id;date;revenue")
