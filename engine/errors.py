"""The one family of errors, each a sentence for the person at the screen."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class EngineError(Exception):
    """A mistake that a person can mend: the message says what is wrong and what to do."""


class UnknownName(EngineError):
    """A name that nothing is registered under."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"No {what} named {name!r}.{did_you_mean(name, known)}")


class MissingColumn(EngineError):
    """A question about a column this shop does not have."""


class ImportRefused(EngineError):
    """A file or a whole load that was not taken in; nothing of it was stored."""


class StoreError(EngineError):
    """The database cannot be used as it is."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the close match, or what there is."""
    candidates = sorted(set(map(str, known)))
    folded = {candidate.casefold(): candidate for candidate in candidates}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {folded[close[0]]!r}?"
    more = ", and more" if len(candidates) > 12 else ""
    return f" Known: {', '.join(candidates[:12])}{more}." if candidates else ""
