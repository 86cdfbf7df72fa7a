"""What goes with customers staying away, as odds with intervals.

One row a customer who bought in the days before a cut; the label is no order within the horizon after it; every
figure is from strictly before the cut. When a customer last bought is no figure here: the label is made of it.
Several cuts, a horizon apart, are put together: one alone would take its season for the shop, and tells less. Each has
a level of its own, and errors are clustered by customer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.diagnose.drivers.design import Design, design
from engine.diagnose.drivers.effect import SIGNIFICANT, Effect, corrected
from engine.diagnose.drivers.people import People, cuts_of, filled, people_at
from engine.diagnose.drivers.regress import Fit, odds_ratios
from engine.diagnose.drivers.sample import horizon_of
from engine.dimensions import DIMENSIONS
from engine.errors import EngineError, MissingColumn
from engine.memo import memoised
from engine.selection import Selection
from engine.snapshot import Snapshot
from engine.words import day

ENOUGH_CUSTOMERS = 100
# Customers who left, and who stayed, for each column (Peduzzi et al. 1996, J. Clinical Epidemiology 49(12)).
EACH_COLUMN = 10
# Those wanted of each kind before anything is told: four columns' worth.
ENOUGH_OF_EACH = 4 * EACH_COLUMN
# A value of a dimension has a column of its own with so many customers, and not more values do.
FEWEST_CUSTOMERS = 20
MOST_VALUES = 6

# The name of the columns that hold the season: one a cut.
CUT = "cut"

# What one step of each figure is, as the end of "the odds for ...".
STEPS = {
    "orders": ("Orders before", "twice as many orders"),
    "tenure": ("Time since the first order", "each 30 days since the first order"),
    "order_value": ("Average order value", "twice the average order value"),
    "satisfaction": ("Recent satisfaction", "each further point of recent satisfaction"),
    "delivery": ("Recent delivery days", "each further day of recent delivery time"),
    "discounted": ("Share bought at a discount", "each further tenth of orders bought at a discount"),
    "refunded": ("Refunded before", "having been refunded before"),
}


@dataclass(frozen=True)
class Odds:
    """The factor on the odds of staying away for one step of a figure, the others held.

    Parameters
    ----------
    name, value : of the figure or dimension, and the value, where it is one of several
    label : what a person reads
    step : what one step is, in words
    odds : the factor; 1 is no difference
    q : p value corrected for all factors (Benjamini-Hochberg)
    weight : the size of its log times the figure's spread: how much it tells these customers apart
    """

    name: str
    value: str
    label: str
    step: str
    odds: Effect
    q: float
    weight: float

    @property
    def significant(self) -> bool:
        """Whether it is more than chance does among so many factors."""
        return self.q < SIGNIFICANT


@dataclass(frozen=True)
class Churn:
    """What goes with staying away.

    Parameters
    ----------
    cuts : days, the latest first; figures are from before them
    horizon : days before a cut in which a customer bought, and days from it on that were waited
    customers : how many different ones
    rows, gone : customers and cuts, and how many of these were not followed by another order
    factors : what tells them apart most first
    notes : what was left out
    sentences : the findings in words
    """

    cuts: tuple[date, ...]
    horizon: int
    customers: int
    rows: int
    gone: int
    factors: tuple[Odds, ...]
    notes: tuple[str, ...]
    sentences: tuple[str, ...]


@memoised
def churn(snapshot: Snapshot, selection: Selection) -> Churn:
    """The churn factors of the customers up to the selection's end.

    Raises
    ------
    MissingColumn
        where the shop does not know its customers
    EngineError
        where there are too few days, customers, or customers of one kind
    """
    from engine.diagnose.drivers.words import of_churn

    if "customer_id" not in snapshot.columns:
        raise MissingColumn("Churn needs the column customer_id, which this shop does not have.")
    horizon = horizon_of(snapshot)
    cuts = cuts_of(snapshot, selection, horizon)
    if not cuts:
        raise EngineError(_too_young(snapshot, selection, horizon))
    people = people_at(snapshot, selection, cuts, horizon)
    _check(people, cuts, horizon)
    notes: list[str] = []
    columns = _columns(people, notes)
    constant = np.ones((len(people), 1))
    try:
        fit = odds_ratios(np.column_stack([constant, columns.columns]), people.gone.astype(float), people.customer)
    except ArithmeticError as error:
        raise EngineError("Churn factors cannot be told: one of the figures tells exactly who stayed away.") from error
    factors = _factors(snapshot, people, columns, fit)
    said = of_churn(people, cuts, horizon, factors)
    return Churn(cuts, horizon, people.customers, len(people), int(people.gone.sum()), factors, tuple(notes), said)


def _too_young(snapshot: Snapshot, selection: Selection, horizon: int) -> str:
    needs = f"Churn factors need {horizon} days before and {horizon} days after the day they are taken at"
    last = snapshot.whole().end - timedelta(days=horizon)
    if (last - snapshot.first_day).days >= horizon:
        return f"{needs}; choose a last day from {day(snapshot.first_day + timedelta(days=horizon - 1))} on."
    return f"{needs}; that needs about {math.ceil((horizon - (last - snapshot.first_day).days) / 7)} more weeks."


def _check(people: People, cuts: tuple[date, ...], horizon: int) -> None:
    """EngineError where there are too few customers, or too few that left or stayed."""
    gone = int(people.gone.sum())
    if people.customers < ENOUGH_CUSTOMERS:
        weeks = ((cuts[0] - cuts[-1]).days + horizon) / 7
        more = math.ceil((ENOUGH_CUSTOMERS - people.customers) / max(people.customers, 1) * weeks)
        raise EngineError(
            f"Churn factors need {ENOUGH_CUSTOMERS} customers; {people.customers} had bought before {day(cuts[0])}. At "
            f"this pace that needs about {more:,} more weeks."
        )
    if min(gone, len(people) - gone) < ENOUGH_OF_EACH:
        raise EngineError(
            f"Churn factors cannot be told: of {len(people):,} times that a customer had bought in {horizon} days, "
            f"{len(people) - gone:,} were followed by another order in the next {horizon} and {gone:,} were not; "
            f"{ENOUGH_OF_EACH} of each are needed."
        )


def _columns(people: People, notes: list[str]) -> Design:
    """The figures, then the dimensions as far as there are customers for their columns; the cuts are held."""
    gone = int(people.gone.sum())
    cuts = int(people.cut.max()) + 1
    most = min(gone, len(people) - gone) // EACH_COLUMN + cuts - 1
    found: dict[tuple[str, str], np.ndarray] = {(CUT, str(at)): people.cut == at for at in range(1, cuts)}
    for name in (name for name in STEPS if name in people.numbers):
        if len(found) >= most:
            notes.append(f"{STEPS[name][0]} is left out: too few customers to tell it beside the others.")
        elif (values := filled(people, name, STEPS[name][0], notes)) is not None:
            found[name, ""] = values
    for name, codes in people.choices.items():
        marks = _marks(name, codes, people)
        if len(found) + len(marks) <= most:
            found |= marks
        else:
            notes.append(f"{DIMENSIONS[name].label} is left out: too few customers to tell it beside the others.")
    return design(found, len(people))


def _marks(name: str, codes: np.ndarray, people: People) -> dict[tuple[str, str], np.ndarray]:
    """A column for each frequent value but the most frequent; values that all left or all stayed are not apart."""
    counts = np.bincount(codes, minlength=len(people.labels[name]))
    gone = np.bincount(codes, people.gone, len(counts))
    both = (gone > 0) & (gone < counts)
    frequent = [c for c in np.argsort(-counts, kind="stable") if counts[c] >= FEWEST_CUSTOMERS and both[c]][
        :MOST_VALUES
    ]
    return {(name, people.labels[name][c]): codes == c for c in frequent[1:]}


def _factors(snapshot: Snapshot, people: People, columns: Design, fit: Fit) -> tuple[Odds, ...]:
    told = [at for at, (name, _) in enumerate(columns.names) if name != CUT]
    found = [fit.effect(1 + at) for at in told]
    factors = []
    for at, one, q in zip(told, found, corrected([f.p for f in found]), strict=True):
        name, value = columns.names[at]
        weight = abs(one.value) * float(columns.columns[:, at].std())
        factors.append(Odds(name, value, *_words(snapshot, people, name, value), one.exp, q, weight))
    return tuple(sorted(factors, key=lambda f: -f.weight))


def _words(snapshot: Snapshot, people: People, name: str, value: str) -> tuple[str, str]:
    if name in STEPS:
        return STEPS[name]
    base = people.labels[name][int(np.bincount(people.choices[name]).argmax())]
    label = snapshot.label(name, value)
    return f"{DIMENSIONS[name].label}: {label}", f"{label} against {snapshot.label(name, base)}"
