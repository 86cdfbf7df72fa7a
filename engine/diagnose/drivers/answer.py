"""What moves this shop's customers: correlation, dose-response, satisfaction and churn, in one frozen answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.churn import Churn, churn
from engine.diagnose.drivers.correlation import Correlation, correlation
from engine.diagnose.drivers.dose import Dose, dose
from engine.diagnose.drivers.sample import MOST_ORDERS, horizon_of
from engine.diagnose.drivers.satisfaction import Satisfaction, satisfaction
from engine.errors import EngineError
from engine.memo import memoised
from engine.selection import Selection, Window
from engine.snapshot import Snapshot


@dataclass(frozen=True)
class Drivers:
    """The four questions about a selection; a part that cannot be answered is None and `missing` says why.

    Parameters
    ----------
    window : the days asked about
    orders, customers : in them, known customers only
    horizon : days within which coming back counts
    correlation, dose, satisfaction, churn : the parts
    missing : part and the sentence why it, or something in it, cannot be told
    note : where only some of the orders were looked at
    """

    window: Window
    orders: int
    customers: int
    horizon: int
    correlation: Correlation | None
    dose: Dose | None
    satisfaction: Satisfaction | None
    churn: Churn | None
    missing: tuple[tuple[str, str], ...]
    note: str | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """All findings in words, the chain from delivery to money first."""
        parts = (self.dose, self.satisfaction, self.churn, self.correlation)
        return tuple(sentence for part in parts if part for sentence in part.sentences)


@memoised
def drivers(snapshot: Snapshot, selection: Selection) -> Drivers:
    """What moves the selected orders' customers.

    Correlation and satisfaction are of the selected orders. Who comes back takes time to see: the dose-response looks
    at all days up to the selection's last where too few of the chosen are old enough, and churn always does.

    Raises
    ------
    EngineError
        where the shop has no data yet
    MissingColumn
        where a filter is on a dimension that the shop does not have
    """
    snapshot.whole()
    orders = snapshot.orders(selection)
    found = dose(snapshot, selection)
    missing = [("dose", note) for note in found.notes]
    parts = {
        "correlation": correlation(snapshot, selection),
        "dose": found if found.slope or found.loyalty else None,
    }
    for name, ask in (("satisfaction", satisfaction), ("churn", churn)):
        try:
            parts[name] = ask(snapshot, selection)
        except EngineError as refusal:
            parts[name] = None
            missing.append((name, str(refusal)))
    return Drivers(
        selection.window,
        len(orders),
        len(np.unique(orders.customer[orders.customer >= 0])),
        horizon_of(snapshot),
        *parts.values(),
        (*missing, *_within(parts)),
        f"Of more than {MOST_ORDERS:,} orders, those of some customers are looked at, whole customers."
        if len(orders) > MOST_ORDERS
        else None,
    )


def _within(parts: dict) -> list[tuple[str, str]]:
    """What cannot be told inside of a part that was answered."""
    said = [("correlation", sentence) for sentence in parts["correlation"].notes]
    return said + [(n, note) for n in ("satisfaction", "churn") for note in getattr(parts[n], "notes", ())]
