"""Headers: is the first line one, and what are its columns called."""

from __future__ import annotations

import re

NUMBER = re.compile(r"^[-+(]?[^\w\s]?\s?\d[\d.,' ]*\)?%?$")
DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?$")


def looks_like_data(cells: list[str]) -> bool:
    """Whether a first line is already a row: no header names a column with a number or a date."""
    filled = [cell for cell in cells if cell]
    values = sum(bool(NUMBER.match(cell) or DATE.match(cell)) for cell in filled)
    return bool(filled) and values >= 2 and values >= 0.3 * len(filled)


def named_header(cells: list[str]) -> list[str]:
    """Distinct names for all columns: a blank one becomes column_3, a repeated one gets its count."""
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        name = cell.lstrip("\ufeff").strip() or f"column_{number}"
        count = 2
        unique = name
        while unique in taken:
            unique = f"{name} ({count})"
            count += 1
        taken.add(unique)
        names.append(unique)
    return names
