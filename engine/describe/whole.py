"""Whether a comparison is one of like with like: both periods wholly inside the shop's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.selection import Against, Selection
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class Gap:
    """Why two periods are not compared.

    Parameters
    ----------
    note : a sentence
    brief : the same in the few words a card has room for
    """

    note: str
    brief: str


def comparison_of(snapshot: Snapshot, selection: Selection) -> Selection | None:
    """The selection to compare with; "to date" reaches only as far as the shop's days do."""
    return selection.comparison(snapshot.last_day)


def gap(snapshot: Snapshot, selection: Selection) -> Gap | None:
    """Why the comparison tells no change; None where it does, or where none is asked for.

    The days a shop is closed are part of its days: only the first and the last day of its data are looked at.
    """
    other = comparison_of(snapshot, selection)
    if other is None or not snapshot.rows:
        return None
    first, last = snapshot.first_day, snapshot.last_day
    begins, ends = f"data begins {_said(first)}", f"data ends {_said(last)}"
    if other.window.start < first:
        return Gap(f"The shop's {_on(begins)}, so there is no whole period to compare with.", begins)
    if other.window.last > last:
        return Gap(f"The shop's {_on(ends)}, so there is no whole period to compare with.", ends)
    if selection.window.start < first:
        return Gap(f"The shop's {_on(begins)}; choose days from then on to compare whole periods.", begins)
    if selection.window.last > last and not _is_to_date(selection):
        return Gap(f"The shop's {_on(ends)}; choose 'to date' to compare like with like.", ends)
    return None


def _is_to_date(selection: Selection) -> bool:
    return selection.against is Against.TO_DATE and selection.custom is None


def _on(words: str) -> str:
    return words.replace("begins ", "begins on ").replace("ends ", "ends on ")


def _said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
