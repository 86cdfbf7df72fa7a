"""Anomalies: injected spikes and dips against three usual methods, quiet series, Olist's Black Friday, and cost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.diagnose.anomalies.find import Bounds, Seen, find
from engine.diagnose.season.design import design
from engine.diagnose.season.fit import Noise
from engine.diagnose.season.shifts import expect

DAYS, SERIES, INJECTED = 730, 12, 14
WEEKDAYS = np.array([1.08, 1.02, 0.96, 0.94, 0.86, 0.98, 1.16])
BOUND = 3.5
SEED = 20_251_103


@dataclass(frozen=True, eq=False)
class Planted:
    """Daily revenue of several shops, (days, series), and which days were changed."""

    values: np.ndarray
    changed: np.ndarray


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a method says: how odd each day is, and which days it flags."""

    score: np.ndarray
    flagged: np.ndarray


def planted(orders: float, series: int, injected: int, seed: int) -> Planted:
    """Series with weekdays, a year, growth, Poisson orders of log-normal values, and spikes and dips of 1 to 2 days."""
    rng = np.random.default_rng(seed)
    made = [_one(rng, orders, injected) for _ in range(series)]
    return Planted(*(np.column_stack(part) for part in zip(*made, strict=True)))


def _one(rng: np.random.Generator, orders: float, injected: int) -> tuple[np.ndarray, np.ndarray]:
    day = np.arange(DAYS)
    year = 0.15 * np.cos(2 * np.pi * day / 365.25) + 0.1 * np.sin(4 * np.pi * day / 365.25)
    rate = orders * WEEKDAYS[day % 7] * np.exp(year) * 1.16 ** (day / 365)
    factor, changed = np.ones(DAYS), np.zeros(DAYS, bool)
    while injected:
        start, length = rng.integers(5, DAYS - 5), rng.integers(1, 3)
        if changed[start - 3 : start + length + 3].any():
            continue
        factor[start : start + length] = rng.uniform(1.6, 2.5) if rng.random() < 0.5 else rng.uniform(0.15, 0.5)
        changed[start : start + length] = True
        injected -= 1
    counts = rng.poisson(rate * factor)
    spread = np.sqrt(np.log(1 + 0.59**2))
    values = np.array([rng.lognormal(4.2, spread, count).sum() for count in counts])
    return values, changed


def ours(values: np.ndarray, first: str = "2024-01-01") -> Verdict:
    """The product's own, as `shoplight anomalies --table` runs it; `first` is the first day."""
    known = np.ones(values.shape, bool)
    times = np.datetime64(first) + np.arange(len(values))
    expected = expect(
        design(times, known[:, 0]), values, known=known, exposure=None, noise=Noise(np.zeros(values.shape[1]))
    )
    flagged = np.zeros(values.shape, bool)
    for event in find(Seen(values, None, known, expected), Bounds()):
        flagged[event.first : event.last + 1, event.series] = True
    return Verdict(np.abs(expected.fit.scores), flagged)


def global_z(values: np.ndarray) -> Verdict:
    """Distance from the mean in standard deviations."""
    return _bounded((values - values.mean(axis=0)) / values.std(axis=0))


def weekday_z(values: np.ndarray) -> Verdict:
    """Distance from the weekday's median in the weekday's median absolute deviations."""
    score = np.empty_like(values)
    for day in range(7):
        part = values[day::7]
        centre = np.median(part, axis=0)
        score[day::7] = (part - centre) / (1.4826 * np.median(np.abs(part - centre), axis=0))
    return _bounded(score)


def stl(values: np.ndarray) -> Verdict:
    """Residuals of statsmodels' robust STL with a week and its defaults, in median absolute deviations."""
    from statsmodels.tsa.seasonal import STL

    rest = np.column_stack([STL(column, period=7, robust=True).fit().resid for column in values.T])
    return _bounded((rest - np.median(rest, axis=0)) / (1.4826 * np.median(np.abs(rest), axis=0)))


def _bounded(score: np.ndarray) -> Verdict:
    return Verdict(np.abs(score), np.abs(score) > BOUND)


METHODS: dict[str, Callable[[np.ndarray], Verdict]] = {
    "global z": global_z,
    "weekday robust z": weekday_z,
    "STL, defaults": stl,
    "ours": ours,
}


def precision_recall_area(score: np.ndarray, changed: np.ndarray) -> float:
    """Average precision of the days ranked by score."""
    ranked = changed[np.argsort(-score, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / ranked.sum())


def f1(flagged: np.ndarray, changed: np.ndarray) -> float:
    """Of days, without any adjustment for neighbours."""
    hit = (flagged & changed).sum()
    return float(2 * hit / max(flagged.sum() + changed.sum(), 1))


def quality(method: Callable[[np.ndarray], Verdict], case: Planted) -> dict[str, float]:
    """Mean area under precision and recall, F1, false alarms a series and year, and CPU a series in milliseconds."""
    began = time.process_time()
    said = method(case.values)
    cost = time.process_time() - began
    count = case.values.shape[1]
    areas = [precision_recall_area(said.score[:, i], case.changed[:, i]) for i in range(count)]
    false = (said.flagged & ~case.changed).sum() / count / (DAYS / 365.25)
    return {
        "area": float(np.mean(areas)),
        "f1": f1(said.flagged, case.changed),
        "false": float(false),
        "ms": 1000 * cost / count,
    }


def false_alarms(orders: float, series: int = 30) -> float:
    """Flagged days a series and year where nothing was injected."""
    case = planted(orders, series, 0, SEED + 1)
    return float(ours(case.values).flagged.sum() / series / (DAYS / 365.25))


def run() -> None:
    """Print the tables."""
    print(
        f"{SERIES} daily series of {DAYS} days, {INJECTED} spikes and dips each, no point adjustment, |z| > {BOUND}:\n"
    )
    print("| method | orders a day | AUC-PR | F1 | false alarms a series and year | CPU ms a series |")
    print("| --- | --- | --- | --- | --- | --- |")
    for orders in (20, 200):
        case = planted(orders, SERIES, INJECTED, SEED)
        for name, method in METHODS.items():
            q = quality(method, case)
            print(f"| {name} | {orders} | {q['area']:.3f} | {q['f1']:.3f} | {q['false']:.2f} | {q['ms']:.1f} |")
    print("\n30 series without any anomaly: flagged days a series and year")
    for orders in (20, 200):
        print(f"- {orders} orders a day: {false_alarms(orders):.2f}")
    _cost()
    _olist()
    _demo()


def _cost() -> None:
    case = planted(60, 20, INJECTED, SEED + 2)
    many = np.tile(case.values, 25)
    began = time.process_time()
    ours(many)
    print(f"\n500 series of {DAYS} days, fitted and tested: {time.process_time() - began:.2f} CPU s")


def _olist() -> None:
    root = Path(os.environ.get("SHOPLIGHT_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
    path = root / "olist" / "daily_orders_revenue_2017_2018.csv.gz"
    if not path.is_file():
        print(f"\nOlist is not at {path}.")
        return
    days, values = olist(path)
    said = ours(values[:, None], str(days[0]))
    best = days[int(said.score[:, 0].argmax())]
    flagged = ", ".join(str(day) for day in days[said.flagged[:, 0]])
    print(f"\nOlist, {len(days)} days: strongest {best}; flagged {int(said.flagged.sum())} days: {flagged}")


def olist(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The first 595 days of Olist's revenue, new and returning customers together."""
    import pandas as pd

    daily = pd.read_csv(path).groupby("date")["revenue"].sum().iloc[:595]
    return daily.index.to_numpy().astype("datetime64[D]"), daily.to_numpy()


def _demo() -> None:
    from tempfile import TemporaryDirectory

    from data.demo.truth import TRUTH
    from engine.demo import make
    from engine.diagnose.anomalies import anomalies
    from engine.selection import Selection
    from engine.snapshot import current

    with TemporaryDirectory() as folder:
        make(Path(folder) / "demo.db")
        snapshot = current(Path(folder) / "demo.db")
        began = time.process_time()
        found = anomalies(snapshot, Selection(snapshot.whole()))
        cost = time.process_time() - began
    place = (("region", TRUTH.incident.region), ("channel", TRUTH.incident.channel))
    rank = next((i for i, one in enumerate(found.anomalies, 1) if set(one.where) == set(place)), None)
    seen = found.anomalies[rank - 1] if rank else None
    days = f"{seen.start} to {seen.end}, score {seen.score:.1f}" if seen else "not found"
    print(f"\nDemo shop: {found.series} series, {len(found.anomalies)} anomalies, {cost:.2f} CPU s with causes")
    print(f"- the planted incident is number {rank}: {days}")


if __name__ == "__main__":
    run()
