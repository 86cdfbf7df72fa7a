"""What the score is made of: how it is spread, what moves it, and what being late costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnose.drivers.design import HELD, REST, Design, design, held
from engine.diagnose.drivers.effect import SIGNIFICANT, Effect, corrected
from engine.diagnose.drivers.late import Late, late_of
from engine.diagnose.drivers.regress import Fit, least_squares, products
from engine.diagnose.drivers.sample import clusters, sample_of
from engine.dimensions import DIMENSIONS
from engine.errors import EngineError, MissingColumn
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.snapshot.orders import Orders

# Scored orders wanted: the mean is then known to a fifth of a point or so.
ENOUGH_ORDERS = 100


@dataclass(frozen=True)
class ScoreCount:
    """How many orders have a score, and their share of the scored ones."""

    score: int
    orders: int
    share: float


@dataclass(frozen=True)
class ValueMean:
    """The mean score of a value of a dimension, other things equal.

    Parameters
    ----------
    key, label : the value, and what a person reads
    orders : how many
    mean : adjusted mean in points; its p value is of the difference
    difference : from the mean of all orders
    q : p value of the difference, corrected for all values of all dimensions
    """

    key: str
    label: str
    orders: int
    mean: Effect
    difference: Effect
    q: float


@dataclass(frozen=True)
class Part:
    """What a dimension, or the delivery time, has to do with the score.

    Parameters
    ----------
    name, label : of the dimension, or "delivery_days"
    explains : share of the score's variance that nothing else explains, 0 to 1
    q : p value of it moving nothing, corrected for all parts
    per_day : points a day, for delivery days
    values : for dimensions, the lowest mean first
    """

    name: str
    label: str
    explains: float
    q: float
    per_day: Effect | None
    values: tuple[ValueMean, ...]

    @property
    def significant(self) -> bool:
        """Whether it moves the score more than chance does among so many parts."""
        return self.q < SIGNIFICANT


@dataclass(frozen=True)
class Satisfaction:
    """The score of a selection, taken apart.

    Parameters
    ----------
    orders, scored : orders, and those with a score
    mean : in points, with an interval that holds where a customer's scores are alike
    counts : by score, rounded
    parts : what moves it, the one that explains most first
    explained : share of the variance that all explain together
    late : None where there is no promise, or too few are late
    undelivered : scored orders without a delivery time, which the parts leave out; 0 where the shop has no such times
    undelivered_mean : their mean score, None where there are none
    notes : what could not be told
    sentences : the findings in words
    """

    orders: int
    scored: int
    mean: Effect
    counts: tuple[ScoreCount, ...]
    parts: tuple[Part, ...]
    explained: float
    late: Late | None
    undelivered: int
    undelivered_mean: float | None
    notes: tuple[str, ...]
    sentences: tuple[str, ...]


@memoised
def satisfaction(snapshot: Snapshot, selection: Selection) -> Satisfaction:
    """The breakdown of a selection's scores.

    Raises
    ------
    MissingColumn
        where the shop has no scores
    EngineError
        where too few orders have one, or all have the same
    """
    from engine.diagnose.drivers.words import of_satisfaction

    every = sample_of(snapshot, selection)
    orders, notes = _scored(every), []
    score, who = orders.facts["satisfaction_score"], clusters(orders)
    mean = least_squares(np.ones((len(orders), 1)), score, who).effect(0)
    parts, explained = _parts(_with_days(orders, notes), snapshot)
    late = late_of(orders, notes)
    counts = _counts(score)
    without = score[~np.isfinite(orders.facts.get("delivery_days", score))]
    lacking = len(without), float(without.mean()) if len(without) else None
    return Satisfaction(
        len(every),
        len(orders),
        mean,
        counts,
        parts,
        explained,
        late,
        *lacking,
        tuple(notes),
        of_satisfaction(mean, counts, parts, late, undelivered=lacking),
    )


def _scored(orders: Orders) -> Orders:
    """Those with a score; an error where they are too few, or all alike."""
    if "satisfaction_score" not in orders.facts:
        raise MissingColumn("Satisfaction needs the column satisfaction_score, which this shop does not have.")
    orders = orders.take(np.isfinite(orders.facts["satisfaction_score"]))
    score = orders.facts["satisfaction_score"]
    if len(orders) < ENOUGH_ORDERS:
        raise EngineError(
            f"Satisfaction cannot be taken apart: {len(orders)} orders have a score, {ENOUGH_ORDERS} are needed."
        )
    if np.ptp(score) == 0:
        raise EngineError(f"Satisfaction is the same, {score[0]:g}, in all {len(orders):,} orders; nothing moves it.")
    return orders


def _counts(score: np.ndarray) -> tuple[ScoreCount, ...]:
    counts = np.bincount(np.rint(score).astype(int), minlength=6)
    return tuple(ScoreCount(at, int(counts[at]), float(counts[at] / len(score))) for at in range(1, 6))


def _with_days(orders: Orders, notes: list[str]) -> Orders:
    """The orders that can be taken apart: those with delivery days, where most scored ones have them."""
    if "delivery_days" not in orders.facts:
        notes.append("Delivery days are not held: this shop does not have them.")
        return orders
    known = np.isfinite(orders.facts["delivery_days"])
    if known.mean() < 0.5:
        notes.append(f"Delivery days are not held: {known.mean():.0%} of the scored orders have them.")
        return orders
    return orders.take(known)


def _parts(orders: Orders, snapshot: Snapshot) -> tuple[tuple[Part, ...], float]:
    score, controls, who = orders.facts["satisfaction_score"], held(orders), clusters(orders)
    names, table = list(controls.names), controls.columns
    days = orders.facts.get("delivery_days")
    if days is not None and np.isfinite(days).all():
        table, names = np.column_stack([table, days - days.mean()]), [*names, ("delivery_days", "")]
    whole = design(dict(zip(names, table.T, strict=True)), len(orders))
    fit = least_squares(np.column_stack([np.ones(len(orders)), whole.columns]), score, who)
    wanted = [name for name in (*HELD, "delivery_days") if whole.of(name)]
    explained = _explained(whole, score, wanted)
    ps = [fit.differs(_picks(whole, name)) for name in wanted]
    values = {name: _values(whole, fit, name, orders, snapshot) for name in wanted if name != "delivery_days"}
    values = _judged(values)
    parts = [
        Part(
            name,
            DIMENSIONS[name].label if name in DIMENSIONS else "Delivery days",
            explained[""] - explained[name],
            q,
            fit.effect(1 + whole.of(name)[0]) if name == "delivery_days" else None,
            values.get(name, ()),
        )
        for name, q in zip(wanted, corrected(ps), strict=True)
    ]
    return tuple(sorted(parts, key=lambda part: -part.explains)), explained[""]


def _explained(whole: Design, score: np.ndarray, names: list[str]) -> dict[str, float]:
    """Share of the score's variance that all columns explain, as "", and that those without each name do."""
    centred = (score - score.mean())[:, None]
    square, pull = products(whole.columns, whole.columns), products(whole.columns, centred)[:, 0]
    found = {}
    for name in ("", *names):
        kept = [at for at, (of, _) in enumerate(whole.names) if of != name]
        told = pull[kept] @ np.linalg.solve(square[np.ix_(kept, kept)], pull[kept]) if kept else 0.0
        found[name] = float(told / (centred**2).sum())
    return found


def _picks(whole: Design, name: str) -> np.ndarray:
    return np.eye(1 + len(whole.names))[[1 + at for at in whole.of(name)]]


def _values(whole: Design, fit: Fit, name: str, orders: Orders, snapshot: Snapshot) -> list[ValueMean]:
    """Adjusted means of a dimension's values; rare values are one."""
    at = {whole.names[i][1]: i for i in whole.of(name)}
    codes, labels = orders.codes[name], orders.labels[name]
    counts = np.bincount(codes, minlength=len(labels))
    alone = {key: int(counts[labels.index(key)]) for key in at if key != REST}
    rest = [c for c in np.argsort(-counts, kind="stable") if counts[c] and labels[c] not in alone]
    alone[labels[rest[0]]] = int(counts[rest[0]])
    if REST in at:
        alone[REST] = int(counts[rest[1:]].sum())
    shares = np.array([alone.get(key, 0) / len(codes) for key in at])
    found = []
    for key, orders_of_it in alone.items():
        weights = np.zeros(1 + len(whole.names))
        weights[[1 + i for i in at.values()]] = [float(k == key) for k in at] - shares
        difference = fit.effect(weights)
        weights[0] = 1
        mean = fit.effect(weights)
        label = REST if key == REST else snapshot.label(name, key)
        found.append(
            ValueMean(key, label, orders_of_it, Effect(mean.value, mean.low, mean.high, difference.p), difference, 1.0)
        )
    return found


def _judged(values: dict[str, list[ValueMean]]) -> dict[str, tuple[ValueMean, ...]]:
    """The same values with p values corrected for all of them, the lowest mean first."""
    qs = iter(corrected([v.difference.p for found in values.values() for v in found]))
    told = {name: [ValueMean(**{**v.__dict__, "q": next(qs)}) for v in found] for name, found in values.items()}
    return {name: tuple(sorted(found, key=lambda v: v.mean.value)) for name, found in told.items()}
