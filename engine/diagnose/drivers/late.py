"""What a broken promise costs: the score of orders that came later than promised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.design import held, last
from engine.diagnose.drivers.effect import Effect
from engine.diagnose.drivers.regress import least_squares
from engine.diagnose.drivers.sample import clusters
from engine.snapshot.orders import Orders

# Late orders, and such on time, wanted before the drop is told.
ENOUGH_LATE = 30


@dataclass(frozen=True)
class Late:
    """Orders that came later than promised.

    Parameters
    ----------
    orders, on_time : late ones and others, among those with a score, a delivery and a promise
    mean, mean_on_time : their plain mean scores
    drop : points by which being late changes the score, dimensions, basket and season held
    beyond_days : the same with the delivery days held too: what the broken promise itself does
    """

    orders: int
    on_time: int
    mean: float
    mean_on_time: float
    drop: Effect
    beyond_days: Effect

    @property
    def share(self) -> float:
        """Share of late ones."""
        return self.orders / (self.orders + self.on_time)


def late_of(orders: Orders, notes: list[str]) -> Late | None:
    """The drop over scored orders; None, and a note, where it cannot be told."""
    lacking = [name for name in ("delivery_days", "promised_days") if name not in orders.facts]
    if lacking:
        notes.append(f"What being late costs cannot be told: this shop has no {' and no '.join(lacking)}.")
        return None
    days, promised = orders.facts["delivery_days"], orders.facts["promised_days"]
    known = np.isfinite(days) & np.isfinite(promised)
    orders = orders.take(known)
    late = days[known] > promised[known]
    count, others = int(late.sum()), int((~late).sum())
    if min(count, others) < ENOUGH_LATE:
        notes.append(f"What being late costs cannot be told: {count} late orders and {others} on time have a score.")
        return None
    score, who, controls = orders.facts["satisfaction_score"], clusters(orders), held(orders)
    mark = late.astype(float)
    try:
        plain = least_squares(last(controls, mark), score, who)
        beyond = least_squares(last(controls, days[known], mark), score, who)
    except ArithmeticError:
        notes.append("What being late costs cannot be told: region or another dimension tells which orders are late.")
        return None
    return Late(
        count,
        others,
        float(score[late].mean()),
        float(score[~late].mean()),
        plain.effect(len(plain.value) - 1),
        beyond.effect(len(beyond.value) - 1),
    )
