"""What was located, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One combination of values that changed by a ratio of its own.

    Parameters
    ----------
    where : (dimension, value) pairs
    actual : total over its leaves that no earlier cause explains
    expected : what the common factor would have made of them
    deviation : actual - expected
    share : its part of the abnormal change, in size
    score : from 0 to 1: share times the certainty
    p_value : that chance alone does as much anywhere among all combinations looked at
    orders : orders behind it in both windows, where they are known
    largest_order : revenue of the largest of them, where it is known
    """

    where: tuple[tuple[str, str], ...]
    actual: float
    expected: float
    deviation: float
    share: float
    score: float
    p_value: float
    orders: int | None = None
    largest_order: float | None = None

    def to_dict(self) -> dict:
        """The same for a machine."""
        found = {"where": dict(self.where)}
        found |= {name: getattr(self, name) for name in ("score", "share", "actual", "expected", "deviation")}
        found["p_value"] = self.p_value
        for name in ("orders", "largest_order"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        return found


@dataclass(frozen=True)
class Located:
    """The smallest set of combinations that explains an abnormal change.

    Parameters
    ----------
    causes : the largest score first
    explained : their part of the abnormal change, in size; None where there is none
    common : factor between actual and expected of all that no cause explains
    actual, expected : totals; expected is without the common factor
    tested : combinations looked at
    dimensions : those looked at
    kind : how leaves vary by chance: "events", as counts, sums and means of orders do, or "relative", as forecasts miss
    notes : what a reader has to know, in sentences
    """

    causes: tuple[Cause, ...] = ()
    explained: float | None = None
    common: float | None = None
    actual: float | None = None
    expected: float | None = None
    tested: int = 0
    dimensions: tuple[str, ...] = ()
    kind: str | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """The same for a machine."""
        return {
            "causes": [cause.to_dict() for cause in self.causes],
            "explained": self.explained,
            "common": self.common,
            "actual": self.actual,
            "expected": self.expected,
            "tested": self.tested,
            "dimensions": list(self.dimensions),
            "kind": self.kind,
            "notes": list(self.notes),
        }
