"""How much of a change is normal for the season.

What is expected of the window is the comparison's own value times what the days of the window are worth against those
of the comparison: weekdays, time of the year, holidays that come back. These factors are learned from days outside of
the window; the trend and the level are no season and are left out. Where the same days a year before are known, what
they did beyond the factors corrects them, as far as that is more than chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.describe.values import compared, demand, number
from engine.describe.whole import gap
from engine.diagnose.season.calendar import marks
from engine.diagnose.season.daily import Daily, daily, tells_by_day
from engine.diagnose.season.design import Design, design
from engine.diagnose.season.fit import Fit
from engine.diagnose.season.shifts import expect
from engine.diagnose.season.trading import LEAST_DAYS, Trading, trading
from engine.errors import EngineError
from engine.memo import memoised
from engine.metrics import Unit
from engine.metrics import metric as metric_named
from engine.selection import Selection
from engine.snapshot import Snapshot

# 52 weeks: the same weekday, and the same Black Friday in five years of seven.
YEAR = 364
# How far a holiday that is not among the factors may move a window (standard deviation of the logarithm), and how
# differently two years' holidays go: December had .975 and 1.071 times the orders of November in the demo shop's two
# years, of one and the same planted season.
HOLIDAYS_MOVE, YEARS_DIFFER = 0.3, 0.1
# A correction of less weight than this is not named.
LEAST_WEIGHT = 0.05
_Z = 1.959964


@dataclass(frozen=True)
class Normal:
    """How much of a change between the comparison and the window the season explains, in the metric's own unit.

    Parameters
    ----------
    metric : its name
    value, comparison, change : of the window and of the comparison, and value - comparison
    expected : of the window, had only the season happened; None where it cannot be told
    normal, abnormal : expected - comparison, and the rest; they add up to the change
    relative : normal as a share of the comparison's size
    low, high : 95% interval of `normal`: the factors' uncertainty, not the noise of the window itself
    basis : what the factors are: "weekdays", "time of the year", "the same days a year before", names of holidays
    note : what could not be taken out, or why nothing could; a sentence
    """

    metric: str
    value: float | None
    comparison: float | None
    change: float | None
    expected: float | None = None
    normal: float | None = None
    abnormal: float | None = None
    relative: float | None = None
    low: float | None = None
    high: float | None = None
    basis: tuple[str, ...] = ()
    note: str | None = None


@memoised
def normal_change(snapshot: Snapshot, selection: Selection, metric: str = "revenue") -> Normal:
    """How much of the metric's change against the comparison is normal for the season.

    Raises
    ------
    MissingColumn
        where the shop cannot answer the metric
    """
    demand(snapshot, (metric,))
    other = compared(snapshot, selection)
    value = number(snapshot.metrics(selection, (metric,))[metric])
    before = None if other is None else number(snapshot.metrics(other, (metric,))[metric])
    change = None if value is None or before is None else value - before
    bare = Normal(metric, value, before, change)
    why = _cannot(snapshot, selection, bare)
    if why:
        return replace(bare, note=why)
    try:
        days = trading(snapshot)
    except EngineError as short:
        return replace(bare, note=str(short))
    question = _Question(days, days.inside(selection.window), days.inside(other.window))
    known = days.open & ~question.now
    if known.sum() < LEAST_DAYS or not (question.now & days.open).any() or not (question.before & days.open).any():
        return replace(bare, note=f"Too few days outside of the window; {LEAST_DAYS} are needed to know what is usual.")
    return _judge(bare, question, daily(snapshot, selection, (metric,))[metric], known)


@dataclass(frozen=True, eq=False)
class _Question:
    """The days of a shop, and which are the window's and the comparison's."""

    days: Trading
    now: np.ndarray
    before: np.ndarray


def _cannot(snapshot: Snapshot, selection: Selection, bare: Normal) -> str | None:
    why = gap(snapshot, selection)
    if why:
        return why.note
    if bare.change is None or not bare.comparison:
        return "There is nothing to compare with."
    return tells_by_day(bare.metric)


def _judge(bare: Normal, question: _Question, series: Daily, known: np.ndarray) -> Normal:
    made = design(question.days.days, known)
    if series.totals[known].max() <= 0:
        return replace(bare, note="Nothing was sold outside of the window, so what is usual is not known.")
    fit = expect(
        made, series.totals, known=known, exposure=series.exposure, noise=series.noise, is_log=series.is_log
    ).fit
    basis = ["weekdays"] + ["time of the year"] * made.has_year + list(_met(made, question))
    if not series.is_log:
        return _finished(bare, *_added(bare, question, series, fit), basis, made)
    worth = np.exp(fit.seasonal[:, 0]) * question.days.open
    worth = worth if series.exposure is None else worth * series.exposure[:, 0]
    log_ratio, error = _worth(question, series, fit, worth)
    moved, error, used = _other_year(question, series, fit, log_ratio, error)
    basis += [used] if used else []
    expected, low, high = (bare.comparison * np.exp(moved + k * _Z * error) for k in (0, -1, 1))
    return _finished(bare, expected, low, high, basis, made)


def _finished(bare: Normal, expected: float, low: float, high: float, basis: list[str], made: Design) -> Normal:
    unit = metric_named(bare.metric).unit
    places = 4 if unit is Unit.MONEY else 9
    normal = round(float(expected) - bare.comparison, places)
    ends = sorted((float(low) - bare.comparison, float(high) - bare.comparison))
    return replace(
        bare,
        expected=bare.comparison + normal,
        normal=normal,
        abnormal=bare.change - normal,
        relative=normal / abs(bare.comparison),
        low=ends[0],
        high=ends[1],
        basis=tuple(basis),
        note=None if made.has_year else _only(basis),
    )


def _only(basis: list[str]) -> str:
    *most, last = basis
    taken = f"{', '.join(most)} and {last}" if most else last
    return f"Less than a year and a half of days outside of the window: only the {taken} are taken out."


def _met(made: Design, question: _Question) -> tuple[str, ...]:
    """The repeated holidays that the window or the comparison holds."""
    from engine.diagnose.season.calendar import FEATURES

    found = marks(question.days.days)
    either = question.now | question.before
    return tuple(FEATURES[name] for name in FEATURES if FEATURES[name] in made.holidays and found[name][either].any())


def _worth(question: _Question, series: Daily, fit: Fit, worth: np.ndarray) -> tuple[float, float]:
    """The logarithm of what the window's days are worth against the comparison's, and its standard error."""
    now, before = worth[question.now], worth[question.before]
    columns = fit.design.columns * fit.design.season
    lean = now @ columns[question.now] / now.sum() - before @ columns[question.before] / before.sum()
    ratio = np.log(now.sum() / before.sum())
    if series.exposure is not None:
        weights = series.exposure[:, 0]
        ratio -= np.log(weights[question.now].sum() / weights[question.before].sum())
    return float(ratio), float(np.sqrt(lean @ _shared_covariance(fit) @ lean + 2 * _misfit(question, fit)))


def _shared_covariance(fit: Fit) -> np.ndarray:
    """(p, p) of the one series' coefficients, those of its own columns left out."""
    shared = fit.design.columns.shape[1]
    return fit.covariance[0, :shared, :shared]


def _misfit(question: _Question, fit: Fit) -> float:
    """Relative variance of totals as long as the window beyond the noise of their days: what the factors miss."""
    length = int(question.now.sum())
    usable = question.days.open & ~question.now
    relative = np.where(usable, np.nan_to_num(fit.scores[:, 0]), 0.0).clip(-3, 3)
    relative = relative * np.sqrt(fit.variance[:, 0]) / np.maximum(fit.expected[:, 0], 1e-9)
    starts = np.arange(0, len(relative) - length + 1, max(length // 2, 1))
    counts = np.array([usable[s : s + length].sum() for s in starts])
    if (counts >= length / 2).sum() < 4:
        return 0.0
    pieces = [(relative[s : s + length], usable[s : s + length]) for s in starts[counts >= length / 2]]
    means = np.array([piece.sum() / ok.sum() for piece, ok in pieces])
    noise = np.mean((fit.variance[:, 0] / np.maximum(fit.expected[:, 0], 1e-9) ** 2)[usable]) / length
    return float(max((1.4826 * np.median(np.abs(means))) ** 2 - noise, 0.0))


def _other_year(
    question: _Question, series: Daily, fit: Fit, log_ratio: float, error: float
) -> tuple[float, float, str | None]:
    """The ratio and its error corrected by what the same days of a neighbouring year did beyond the factors.

    The weight of that is how much the factors usually miss against the noise of those days; it is large where the days
    hold holidays that the factors do not know.
    """
    for shift, words in ((-YEAR, "the same days a year before"), (YEAR, "the same days a year after")):
        found = _beyond(question, series, fit, shift)
        if found is None:
            continue
        beyond, noise = found
        missed = 2 * _misfit(question, fit)
        # Half of what the factors miss is taken to come back, half to be of its own year.
        usual, noise = missed / 2, noise + missed / 2
        if _unlearned(question, fit):
            usual, noise = usual + HOLIDAYS_MOVE**2, noise + YEARS_DIFFER**2
        if usual <= 0:
            return log_ratio, error, None
        weight = usual / (usual + noise)
        rest = max(error**2 - missed, 0.0)
        after = float(np.sqrt(rest + weight * noise + missed / 2))
        return log_ratio + weight * beyond, after, words if weight > LEAST_WEIGHT else None
    return log_ratio, error, None


def _beyond(question: _Question, series: Daily, fit: Fit, shift: int) -> tuple[float, float] | None:
    """What the days so much later did beyond their factors and the shop's growth, as a logarithm, and its variance."""
    moved = [_shifted(mask, shift) for mask in (question.now, question.before)]
    if any(mask is None or (mask & question.now).any() for mask in moved):
        return None
    beyond, noise = (
        -_growth(question, fit) * float(np.flatnonzero(moved[0]).mean() - np.flatnonzero(moved[1]).mean()),
        0.0,
    )
    factors = np.exp(fit.seasonal[:, 0]) * (1.0 if series.exposure is None else series.exposure[:, 0])
    for mask, sign in zip(moved, (1, -1), strict=True):
        at = mask & question.days.open
        actual, expected = series.totals[at, 0].sum(), factors[at].sum()
        if actual <= 0 or expected <= 0:
            return None
        beyond += sign * float(np.log(actual / expected))
        noise += float(fit.variance[at, 0].sum() / fit.expected[at, 0].sum() ** 2)
    return beyond, noise


def _growth(question: _Question, fit: Fit) -> float:
    """How much the level's logarithm grows a day, from end to end."""
    level = (
        fit.design.columns[:, ~fit.design.season]
        @ fit.coefficients[: fit.design.columns.shape[1], 0][~fit.design.season]
    )
    known = np.flatnonzero(question.days.open & ~question.now)
    return float((level[known[-1]] - level[known[0]]) / max(known[-1] - known[0], 1))


def _shifted(mask: np.ndarray, shift: int) -> np.ndarray | None:
    """The same days so much later; None where one of them is not among the shop's."""
    places = np.flatnonzero(mask) + shift
    if not len(places) or places[0] < 0 or places[-1] >= len(mask):
        return None
    result = np.zeros(len(mask), bool)
    result[places] = True
    return result


def _unlearned(question: _Question, fit: Fit) -> bool:
    """Whether the window or the comparison holds a holiday that the factors do not."""
    from engine.diagnose.season.calendar import FEATURES

    either = question.now | question.before
    found = marks(question.days.days)
    return any(mask[either].any() and FEATURES[name] not in fit.design.holidays for name, mask in found.items())


def _added(bare: Normal, question: _Question, series: Daily, fit: Fit) -> tuple[float, float, float]:
    """Expected value and interval where the season is added, not multiplied: values that may be negative."""
    now, before = question.now & question.days.open, question.before & question.days.open
    seasonal = fit.seasonal[:, 0]
    unit = np.abs(series.totals).mean()
    columns = fit.design.columns * fit.design.season * unit
    lean = columns[now].mean(axis=0) - columns[before].mean(axis=0)
    error = float(np.sqrt(lean @ _shared_covariance(fit) @ lean))
    step = float(seasonal[now].mean() - seasonal[before].mean())
    if series.exposure is not None:
        return bare.comparison + step, bare.comparison + step - _Z * error, bare.comparison + step + _Z * error
    level = bare.comparison / before.sum()
    return tuple(float(now.sum() * (level + step + k * _Z * error)) for k in (0, -1, 1))
