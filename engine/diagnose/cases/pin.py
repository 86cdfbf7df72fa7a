"""What a case is pinned to: the data it was found in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from engine.describe import comparison_of
from engine.dimensions import dimension
from engine.memo import memoised
from engine.selection import Selection
from engine.store.cases import LONGEST_ASKED, CaseHead

if TYPE_CHECKING:
    from engine.diagnose.cases.file import Case
    from engine.snapshot import Snapshot


def is_current(kept: Case | CaseHead, snapshot: Snapshot) -> bool:
    """Whether the shop's data is still what the case was found in."""
    return out_of_date(kept, snapshot) is None


def out_of_date(kept: Case | CaseHead, snapshot: Snapshot) -> str | None:
    """The sentence that says that the data has changed since; None where it has not."""
    if kept.data_version == snapshot.data_version and kept.shop == fingerprint(snapshot):
        return None
    if kept.data_version < snapshot.data_version:
        return (
            f"The shop's data has changed since this case was saved (version {kept.data_version} then, "
            f"{snapshot.data_version} now); its figures are those of then."
        )
    return "This case was saved from other data than this database holds now; its figures are those of then."


def in_words(snapshot: Snapshot, selection: Selection) -> str:
    """A selection as a person says it: `2025-10-01 to 2025-10-31, against 2025-09-01 to 2025-09-30; Region: West`."""
    compared = comparison_of(snapshot, selection)
    days = f"{selection.window}{f', against {compared.window}' if compared else ''}"
    filters = [
        f"{dimension(name).label}: {', '.join(snapshot.label(name, value) for value in values)}"
        for name, values in selection.filters
    ]
    words = "; ".join([days, *filters])
    return words if len(words) <= LONGEST_ASKED else f"{words[: LONGEST_ASKED - 1]}…"


@memoised
def fingerprint(snapshot: Snapshot) -> str:
    """A digest of each day's revenue and orders: other data has another one, as 32 letters."""
    said = (snapshot.rows, str(snapshot.first_day), snapshot.currency, sorted(snapshot.columns))
    digest = hashlib.blake2b(json.dumps(said).encode(), digest_size=16)
    if snapshot.rows:
        measures = [name for name in ("revenue", "orders") if snapshot.missing(name) is None]
        for totals in snapshot.totals(Selection(snapshot.whole()), measures, ["day"]).values.values():
            digest.update(np.ascontiguousarray(totals, "<i8").tobytes())
    return digest.hexdigest()
