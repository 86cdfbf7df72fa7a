"""What became of rows that were put into the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Counts of rows, and the money on them in units (lines: `amount`; spend: `spend`; customers: 0).

    Parameters
    ----------
    stored : rows that are new
    known : rows whose id is stored already, with the same content
    different : rows whose id is stored already with other content; the stored row stays
    example : the first `different` row as it was given
    stored_units, known_units, different_units : money on those rows
    """

    stored: int = 0
    known: int = 0
    different: int = 0
    example: tuple | None = None
    stored_units: int = 0
    known_units: int = 0
    different_units: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.stored + other.stored,
            self.known + other.known,
            self.different + other.different,
            self.example or other.example,
            self.stored_units + other.stored_units,
            self.known_units + other.known_units,
            self.different_units + other.different_units,
        )

    @property
    def rows(self) -> int:
        """All rows that were given."""
        return self.stored + self.known + self.different
