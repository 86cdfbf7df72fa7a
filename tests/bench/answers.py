"""A whole page's answers at growing sizes: Snapshot beside pandas, Polars and DuckDB, on the same rows.

    python -m tests.bench.answers [--rows N ...] [--rounds N]

A page is 5 KPIs with a comparison window, revenue by day, category, channel, region, and month x segment, filtered by
dates, region and segment. Every engine gets the same rows sorted by day, as its own best types, and two threads. Each
selection is asked once by each engine in turn; every answer is compared with the others', in whole money units, before
its time counts. Orders have one line each, so that the others may count rows instead of distinct orders.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

import numpy as np

from engine.selection import Selection, Window
from engine.snapshot import Snapshot

FIRST, DAYS = date(2023, 1, 1), 730
LABELS = {
    "region": ("North", "South", "East", "West"),
    "segment": ("Premium", "Regular", "Budget"),
    "category": ("Books", "Garden", "Home", "Kitchen", "Music", "Office", "Sports", "Toys"),
    "channel": ("Web", "App", "Store", "Phone", "Partner"),
}
SELECTIONS = 12


@dataclass(frozen=True)
class Table:
    """Rows sorted by day: days since FIRST, codes by dimension, money in units, 0 for no score."""

    day: np.ndarray
    customer: np.ndarray
    revenue: np.ndarray
    score: np.ndarray
    codes: dict[str, np.ndarray]


def rows(count: int, seed: int = 7) -> Table:
    """A shop of so many one-line orders; region and segment belong to the customer."""
    rng = np.random.default_rng(seed)
    people = max(2_000, count * 2 // 15)
    weight = 1 + 0.3 * np.sin(np.arange(DAYS) * 2 * np.pi / 365) + 0.2 * (np.arange(DAYS) % 7 > 4)
    day = np.repeat(np.arange(DAYS, dtype=np.int32), rng.multinomial(count, weight / weight.sum()))
    customer = (people * rng.random(count) ** 1.5).astype(np.int32)
    own = {name: rng.integers(0, len(LABELS[name]), people).astype(np.uint8) for name in ("region", "segment")}
    codes = {name: found[customer] for name, found in own.items()}
    codes |= {n: rng.integers(0, len(LABELS[n]), count).astype(np.uint8) for n in ("category", "channel")}
    score = rng.integers(-1, 6, count).astype(np.int8)
    revenue = (np.exp(rng.normal(3.5, 0.8, count)) * 100).astype(np.int64) * 100
    return Table(day, customer, revenue, np.maximum(score, 0).astype(np.int8), codes)


def selections(seed: int = 3) -> list[Selection]:
    """Windows of 30 to 365 days; none, one or two regions; none or one segment."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(SELECTIONS):
        length = int(rng.integers(30, 366))
        first = FIRST + timedelta(days=int(rng.integers(365, DAYS - length + 1)))
        filters = {"region": rng.choice(LABELS["region"], i % 3, replace=False).tolist()}
        filters["segment"] = rng.choice(LABELS["segment"], (i // 3) % 2, replace=False).tolist()
        made.append(Selection.of(first, first + timedelta(days=length - 1), filters))
    return made


# The engines: each is made of a table and answers a selection with the same dictionary.
SPLITS = ("day", "category", "channel", "region")


class Ours:
    """The snapshot, asked for totals as the pages do."""

    name = "Snapshot"

    def __init__(self, table: Table) -> None:
        columns = {name: (codes, LABELS[name]) for name, codes in table.codes.items()}
        score = np.where(table.score > 0, table.score, np.nan)
        dates = np.datetime64(FIRST, "D") + table.day
        self.snapshot = Snapshot.from_columns(
            {"date": dates, "customer_id": table.customer, "revenue_units": table.revenue, **columns}
            | {"satisfaction_score": score}
        )

    def page(self, selection: Selection) -> dict:
        ask = self.snapshot.totals
        measures = ("revenue", "orders", "customers", "scores", "scored_orders")
        both = [ask(window, measures).values for window in (selection, selection.comparison())]
        found = {"kpis": [tuple(int(v) for v in values.values()) for values in both]}
        for name in SPLITS:
            grid = ask(selection, ("revenue",), (name,))
            found[name] = _filled(name, grid.axes[0].labels, grid.values["revenue"])
        grid = ask(selection, ("revenue",), ("month", "segment"))
        order = [grid.axes[1].labels.index(label) for label in LABELS["segment"]]
        return found | {"month x segment": grid.values["revenue"][:, order]}


def _filled(name: str, labels: Sequence[str], values: np.ndarray) -> np.ndarray:
    return values if name == "day" else values[[labels.index(label) for label in LABELS[name]]]


def _edges(selection: Selection) -> tuple[int, int]:
    return (selection.window.start - FIRST).days, (selection.window.end - FIRST).days


def _months(selection: Selection) -> tuple[int, int]:
    """The window's first month since January of FIRST's year, and how many it touches."""
    first, last = ((d.year - FIRST.year) * 12 + d.month - 1 for d in (selection.window.start, selection.window.last))
    return first, last - first + 1


MONTH_OF_DAY = (np.datetime64(FIRST, "D") + np.arange(DAYS)).astype("datetime64[M]").astype(int)
MONTH_OF_DAY -= MONTH_OF_DAY[0]


class Pandas:
    """Categoricals, boolean masks, groupby with observed=False."""

    name = "pandas groupby"

    def __init__(self, table: Table) -> None:
        import pandas as pd

        words = {n: pd.Categorical.from_codes(c, LABELS[n]) for n, c in table.codes.items()}
        month = pd.Categorical.from_codes(MONTH_OF_DAY[table.day].astype(np.int8), range(24))
        score = pd.array(table.score.astype(float))
        score[table.score == 0] = pd.NA
        self.frame = pd.DataFrame(
            {"day": table.day, "month": month, "customer": table.customer, "revenue": table.revenue, **words}
        ).assign(score=np.where(table.score > 0, table.score, np.nan).astype(np.float32))

    def page(self, selection: Selection) -> dict:
        now = self._cut(selection)
        before = self._cut(selection.comparison())
        found = {"kpis": [self._kpis(frame) for frame in (now, before)]}
        low, high = _edges(selection)
        by_day = now.groupby("day")["revenue"].sum()
        found["day"] = by_day.reindex(range(low, high), fill_value=0).to_numpy()
        for name in SPLITS[1:]:
            found[name] = now.groupby(name, observed=False)["revenue"].sum().to_numpy()
        first, count = _months(selection)
        grid = now.groupby(["month", "segment"], observed=False)["revenue"].sum().to_numpy().reshape(24, -1)
        return found | {"month x segment": grid[first : first + count]}

    def _cut(self, selection: Selection):
        low, high = _edges(selection)
        keep = (self.frame["day"] >= low) & (self.frame["day"] < high)
        for name, values in selection.filters:
            keep &= self.frame[name].isin(values)
        return self.frame[keep]

    def _kpis(self, frame) -> tuple[int, ...]:
        score = frame["score"]
        return (
            int(frame["revenue"].sum()), len(frame), int(frame["customer"].nunique()),
            int(score.sum()), int(score.count()),
        )  # fmt: skip


class Polars:
    """Lazy queries, collected together so that the filter is shared."""

    name = "Polars lazy"

    def __init__(self, table: Table) -> None:
        import polars as pl

        words = {n: pl.Series(np.array(LABELS[n])[c]).cast(pl.Enum(LABELS[n])) for n, c in table.codes.items()}
        self.frame = pl.DataFrame(
            {"day": table.day, "month": MONTH_OF_DAY[table.day].astype(np.int8), "customer": table.customer}
            | {"revenue": table.revenue, **words}
        ).with_columns(pl.Series("score", table.score).replace(0, None))
        self.frame = self.frame.with_columns(pl.col("day").set_sorted())

    def page(self, selection: Selection) -> dict:
        import polars as pl

        now = self._cut(selection)
        sums = [now.group_by(name).agg(pl.col("revenue").sum()) for name in (*SPLITS, ["month", "segment"])]
        asked = [self._kpis(now), self._kpis(self._cut(selection.comparison())), *sums]
        one, two, *tables = pl.collect_all(asked)
        found = {"kpis": [tuple(int(v) for v in frame.row(0)) for frame in (one, two)]}
        low, high = _edges(selection)
        found["day"] = _spread(tables[0]["day"].to_numpy() - low, tables[0]["revenue"].to_numpy(), high - low)
        for name, frame in zip(SPLITS[1:], tables[1:4], strict=True):
            codes = frame[name].to_physical().to_numpy()
            found[name] = _spread(codes, frame["revenue"].to_numpy(), len(LABELS[name]))
        first, count = _months(selection)
        frame = tables[4]
        cell = (frame["month"].to_numpy().astype(int) - first) * 3 + frame["segment"].to_physical().to_numpy()
        return found | {"month x segment": _spread(cell, frame["revenue"].to_numpy(), count * 3).reshape(count, 3)}

    def _cut(self, selection: Selection):
        import polars as pl

        low, high = _edges(selection)
        keep = (pl.col("day") >= low) & (pl.col("day") < high)
        for name, values in selection.filters:
            keep &= pl.col(name).is_in(values)
        return self.frame.lazy().filter(keep)

    def _kpis(self, frame):
        import polars as pl

        return frame.select(
            pl.col("revenue").sum(), pl.len(), pl.col("customer").n_unique(),
            pl.col("score").cast(pl.Int64).sum().alias("scores"), pl.col("score").count().alias("scored"),
        )  # fmt: skip


def _spread(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    out = np.zeros(size, np.int64)
    out[codes] = values
    return out


class Duck:
    """In memory, enumerated types; seven queries, or one for the splits with grouping sets."""

    def __init__(self, table: Table, *, sets: bool, other: Duck | None = None) -> None:
        self.name = "DuckDB, grouping sets" if sets else "DuckDB, 7 queries"
        self.sets = sets
        self.connection = other.connection if other else _duck(table)

    def page(self, selection: Selection) -> dict:
        where, low = self._where(selection), _edges(selection)[0]
        first, count = _months(selection)
        found = {"kpis": [self._kpis(where), self._kpis(self._where(selection.comparison()))]}
        found["day"] = np.zeros(selection.window.days, np.int64)
        found |= {name: np.zeros(len(LABELS[name]), np.int64) for name in SPLITS[1:]}
        found["month x segment"] = np.zeros((count, 3), np.int64)
        for name, key, value in self._splits(where):
            if name == "month x segment":
                found[name][key[0] - first, LABELS["segment"].index(key[1])] = value
            else:
                found[name][key - low if name == "day" else LABELS[name].index(key)] = value
        return found

    def _splits(self, where: str):
        if not self.sets:
            for name in SPLITS:
                for key, value in self._ask(f"SELECT {name}, sum(revenue) FROM t WHERE {where} GROUP BY {name}"):
                    yield name, key, value
            text = f"SELECT month, segment, sum(revenue) FROM t WHERE {where} GROUP BY month, segment"
            for month, segment, value in self._ask(text):
                yield "month x segment", (month, segment), value
            return
        text = f"""SELECT grouping(day, category, channel, region, month), day, category, channel, region,
            month, segment, sum(revenue) FROM t WHERE {where}
            GROUP BY GROUPING SETS ((day), (category), (channel), (region), (month, segment))"""
        for marks, *keys, month, segment, value in self._ask(text):
            if not marks & 1:
                yield "month x segment", (month, segment), value
            else:
                place = next(i for i in range(4) if not marks & (16 >> i))
                yield SPLITS[place], keys[place], value

    def _kpis(self, where: str) -> tuple[int, ...]:
        text = f"SELECT sum(revenue), count(*), count(DISTINCT customer), sum(score), count(score) FROM t WHERE {where}"
        return tuple(int(v or 0) for v in self._ask(text)[0])

    def _ask(self, text: str) -> list[tuple]:
        return self.connection.execute(text).fetchall()

    def _where(self, selection: Selection) -> str:
        low, high = _edges(selection)
        parts = [f"day >= {low} AND day < {high}"]
        for name, values in selection.filters:
            parts.append(f"{name} IN ({', '.join(repr(v) for v in values)})")
        return " AND ".join(parts)


def _duck(table: Table):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    month = MONTH_OF_DAY[table.day].astype(np.int8)
    raw = {"day": table.day, "month": month, "customer": table.customer, "revenue": table.revenue, "score": table.score}
    raw |= {f"{n}_code": c for n, c in table.codes.items()}
    words = []
    for name, labels in LABELS.items():
        listed = ", ".join(f"'{label}'" for label in labels)
        connection.execute(f"CREATE TYPE {name}_type AS ENUM ({listed})")
        words.append(f"list_value({listed})[{name}_code + 1]::{name}_type AS {name}")
    columns = f"day, month, customer, revenue, nullif(score, 0) AS score, {', '.join(words)}"
    connection.execute(f"CREATE TABLE t AS SELECT {columns} FROM raw")
    return connection


def same(one: dict, two: dict) -> None:
    """AssertionError where two pages differ anywhere."""
    assert one["kpis"] == two["kpis"], (one["kpis"], two["kpis"])
    for name in (*SPLITS, "month x segment"):
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def timed(function: Callable, *args) -> tuple[float, object]:
    """Milliseconds and the result."""
    began = time.perf_counter()
    found = function(*args)
    return (time.perf_counter() - began) * 1000, found


def resident() -> float:
    """Memory of this process in MB."""
    import psutil

    return psutil.Process(os.getpid()).memory_info().rss / 1e6


def peak() -> float:
    """Most memory this process ever had, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure(count: int, rounds: int) -> dict[str, float]:
    """Median milliseconds a page, by engine; prints what building and first use cost."""
    table = rows(count)
    gc.collect()
    before = resident()
    building, ours = timed(Ours, table)
    questions = selections()
    first, _ = timed(ours.page, questions[0])
    warming, _ = timed(ours.snapshot.warm)
    gc.collect()
    print(
        f"\n{count:,} rows: Snapshot built in {building / 1000:.2f} s; its first page took {first:.0f} ms because it "
        f"made cubes, making the rest of them {warming:.0f} ms; then {ours.snapshot.nbytes / 1e6:.0f} MB of arrays, "
        f"{resident() - before:+.0f} MB resident, {peak():.0f} MB at the peak with the rows given"
    )
    duck = Duck(table, sets=False)
    engines = [ours, Pandas(table), Polars(table), duck, Duck(table, sets=True, other=duck)]
    del table
    for engine in engines:
        engine.page(questions[-1])
    return race(engines, questions * rounds) | {"Snapshot, all of describe": described(ours.snapshot, questions)}


def race(engines: Sequence, questions: Sequence[Selection]) -> dict[str, float]:
    """Median milliseconds by engine, each asked every question in turn, all answers equal."""
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for question in questions:
        answers = []
        for engine in engines:
            taken, found = timed(engine.page, question)
            times[engine.name].append(taken)
            answers.append(found)
        for other in answers[1:]:
            same(answers[0], other)
    return {name: median(found) for name, found in times.items()}


def described(snapshot: Snapshot, questions: Sequence[Selection]) -> float:
    """Median milliseconds of the page's finished answers: with sparks, changes and noise, none remembered."""
    from engine.describe import breakdown, kpis, pivot, trend

    def page(question: Selection) -> None:
        kpis(snapshot, question)
        trend(snapshot, question, "revenue", "day")
        for name in SPLITS[1:]:
            breakdown(snapshot, question, "revenue", name)
        pivot(snapshot, question, "revenue", "month", "segment")

    unseen = [replace(q, window=Window(q.window.start + timedelta(days=1), q.window.end)) for q in questions]
    page(questions[0])
    return median(timed(page, question)[0] for question in unseen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[15_000, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(arguments)
    found = {count: measure(count, options.rounds) for count in options.rows}
    print(f"\nA whole page, ms: median of {SELECTIONS} selections, none asked before in its round (times Snapshot's)")
    names = list(next(iter(found.values())))
    print(f"{'':24}" + "".join(f"{count:>24,}" for count in found))
    for name in names:
        cells = (f"{times[name]:,.2f} ({times[name] / times['Snapshot']:,.0f}x)" for times in found.values())
        print(f"{name:24}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main()
