"""The findings in plain sentences; every number in them is in the results."""

from __future__ import annotations

from engine.diagnose.drivers.delivery import Slope
from engine.diagnose.drivers.effect import SIGNIFICANT, Effect
from engine.diagnose.drivers.loyalty import Loyalty
from engine.metrics import Unit
from engine.words import amount, day, decimal, listed

# Scored orders without a delivery are worth a sentence from this share on.
WORTH_SAYING = 0.01


def span(effect: Effect, digits: int = 2, sign: bool = False) -> str:
    """The estimate with its interval."""
    value, low, high = (decimal(v, digits, signed=sign) for v in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high})"


def money(effect: Effect, currency: str | None) -> str:
    """An estimate in currency with its interval."""
    value, low, high = (amount(v, Unit.MONEY, currency) for v in (effect.value, effect.low, effect.high))
    return f"{value} ({low} to {high})"


def of_dose(slope: Slope | None, loyalty: Loyalty | None, chain, currency: str | None) -> tuple[str, ...]:
    """Two to five sentences."""
    said = []
    if slope:
        said.append(_of_slope(slope))
        if slope.bend:
            bend = slope.bend
            said.append(
                f"It is not a straight line: {span(bend.before, sign=True)} points a day up to day {bend.at:.0f}, "
                f"{span(bend.after, sign=True)} after it."
            )
    if loyalty:
        said.append(_of_loyalty(loyalty))
    if chain and slope.per_day.holds and loyalty.per_point.holds and chain.ratio.holds:
        said.append(_of_chain(chain, loyalty, currency))
    elif chain:
        said.append("What a faster delivery would bring in repeat purchases is within noise.")
    return tuple(said)


def _of_slope(slope: Slope) -> str:
    if not slope.per_day.holds:
        return (
            f"Delivery days do not move the score beyond noise: {span(slope.per_day, 3, sign=True)} points a day over "
            f"{slope.orders:,} orders."
        )
    return (
        f"Each further delivery day goes with {span(slope.per_day, 3, sign=True)} points of score, among orders alike "
        f"in {listed(list(slope.held))} ({slope.orders:,} orders)."
    )


def _of_loyalty(loyalty: Loyalty) -> str:
    within = f"within {loyalty.horizon} days ({loyalty.repeat_rate:.1%} of {loyalty.orders:,} orders)"
    if not loyalty.per_point.holds:
        return f"The score does not move coming back {within} beyond noise: {span(loyalty.per_point, 3)} times a point."
    return f"Each further point makes coming back {within} {span(loyalty.per_point, 3)} times as probable."


def _of_chain(chain, loyalty: Loyalty, currency: str | None) -> str:
    worth = f", worth {money(chain.revenue, currency)}" if chain.revenue else ""
    return (
        f"One day faster on {chain.orders:,} orders would mean {span(chain.points)} points and "
        f"{span(chain.repeat_orders, 0)} more repeat purchases within {loyalty.horizon} days{worth}."
    )


def of_satisfaction(mean: Effect, counts, parts, late, *, undelivered) -> tuple[str, ...]:
    """Three to five sentences."""
    best, worst = counts[-1], sum(c.share for c in counts[:2])
    said = [f"The mean score is {span(mean)}; {best.share:.1%} gave 5, {worst:.1%} gave 1 or 2."]
    moving = [part for part in parts if part.significant]
    if moving:
        first = moving[0]
        said.append(
            f"What moves it most is {first.label.lower()}: {first.explains:.1%} of its spread is told by it alone."
        )
    else:
        said.append("Nothing that the shop knows of an order moves it beyond noise.")
    found = [(part, value) for part in moving for value in part.values if value.q < SIGNIFICANT]
    if found:
        part, value = max(found, key=lambda f: abs(f[1].difference.value) * f[1].orders)
        said.append(
            f"Other things equal, {value.label} ({part.label.lower()}, {value.orders:,} orders) lies "
            f"{span(value.difference, sign=True)} points from the mean."
        )
    if late:
        said.append(_of_late(late))
    count, score = undelivered
    if count >= WORTH_SAYING * sum(c.orders for c in counts):
        said.append(f"{count:,} scored orders have no delivery time; their mean score is {score:.2f}.")
    return tuple(said)


def _of_late(late) -> str:
    told = (
        f"{late.orders:,} orders ({late.share:.1%}) came later than promised and scored {late.mean:.2f} against "
        f"{late.mean_on_time:.2f}"
    )
    if not late.drop.holds:
        return f"{told}; with the rest held the difference is within noise."
    beyond = (
        f"{span(late.beyond_days, sign=True)} of it beyond what the days themselves do"
        if late.beyond_days.holds
        else "all of it told by the days themselves"
    )
    return f"{told}: {span(late.drop, sign=True)} points with the rest held, {beyond}."


def of_churn(people, cuts, horizon: int, factors) -> tuple[str, ...]:
    """The share that stayed away, and the factors that tell them apart, three at most."""
    gone = int(people.gone.sum())
    looked = f"on {day(cuts[0])}" if len(cuts) == 1 else f"on {len(cuts)} days up to {day(cuts[0])}"
    said = [
        f"Counted {looked}, {gone / len(people):.1%} of the customers who had bought in the {horizon} days before "
        f"did not order again within {horizon} days ({gone:,} of {len(people):,})."
    ]
    for factor in [factor for factor in factors if factor.significant][:3]:
        less = "lower" if factor.odds.value < 1 else "higher"
        said.append(f"The odds of staying away are {less} for {factor.step}: {span(factor.odds)} times.")
    if len(said) == 1:
        said.append("Nothing that was known of them before tells beyond noise who stayed away.")
    return tuple(said)
