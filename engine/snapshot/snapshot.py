"""A shop in memory: immutable columns that answer what the pages ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from data.schema import MONEY_SCALE, Kind, LineKind, column
from engine.dimensions import DIMENSIONS, EMPTY, NOT_GIVEN, TIME_AXES, dimension
from engine.errors import EngineError, MissingColumn, UnknownName
from engine.metrics import HEADLINES, MEASURES, How, Measure, Metric, metric
from engine.selection import Selection, Window
from engine.snapshot import gather
from engine.snapshot.axes import Axis, Blocks, Buckets, buckets
from engine.snapshot.build import build
from engine.snapshot.cells import Cells, Occurring
from engine.snapshot.columns import KIND_CODE, REAL_SCALE, Rows
from engine.snapshot.cube import BASE
from engine.snapshot.grid import Grid
from engine.snapshot.naming import names_to_show
from engine.snapshot.orders import Orders, orders_of
from engine.snapshot.plan import SCAN_UP_TO, Planner

if TYPE_CHECKING:
    from engine.store import Store

# A grid of more cells than this is no longer an answer, and would take the machine's memory with it.
LARGEST_GRID = 20_000_000


# Values as a program writes them: lower case words joined by underscores.
_CODED = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


class Snapshot:
    """An immutable copy of a shop's order lines, shared by every visitor and safe from any thread.

    Parameters
    ----------
    rows : the columns
    present : the schema's columns that have a value
    currency : of the money columns, where it is known
    data_version : the store's, 0 where there is no store
    products : names of products by code, where the shop has them
    """

    def __init__(
        self,
        rows: Rows,
        present: frozenset[str],
        *,
        currency: str | None = None,
        data_version: int = 0,
        products: Mapping[str, str] | None = None,
    ) -> None:
        self._rows = rows
        self.columns = present
        self.currency = currency
        self.data_version = data_version
        self._planner = Planner(rows)
        self._known: dict[str, Measure] = {}
        self._names = names_to_show(rows.labels.get("product", ()), products or {})

    @classmethod
    def from_store(cls, store: Store) -> Snapshot:
        """Read what is published, all of one moment, in batches."""
        with store.reading() as reading:
            version, currency = reading.data_version(), reading.currency()
            lines, present = gather.from_reading(reading)
            names = gather.names_of_products(reading)
        return cls(build(lines), present, currency=currency, data_version=version, products=names)

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, object],
        *,
        currency: str | None = None,
        customers: Mapping[str, object] | None = None,
        products: Mapping[str, str] | None = None,
        data_version: int = 0,
    ) -> Snapshot:
        """A shop given as arrays of one length.

        Parameters
        ----------
        columns : by schema name. `date` is needed; without `kind` every line is a sale, without `order_id` an order.
            Money is in units as `revenue_units` or in currency as `revenue`; missing numbers are NaN, missing texts
            None or empty. A dimension may come coded: (codes, labels)
        customers : columns of the customers table, for dimensions that the lines do not have
        products : names of products by code
        """
        lines, present = gather.from_arrays(columns, customers)
        return cls(build(lines), present, currency=currency, data_version=data_version, products=products)

    @property
    def rows(self) -> int:
        """Number of order lines."""
        return len(self._rows)

    @property
    def nbytes(self) -> int:
        """Memory of its columns, cubes and tables."""
        return self._rows.nbytes + self._planner.nbytes

    @cached_property
    def first_day(self) -> date | None:
        """The day of the first line, None where there is none."""
        return date(1970, 1, 1) + timedelta(days=self._rows.first) if self.rows else None

    @cached_property
    def last_day(self) -> date | None:
        """The day of the last line, None where there is none."""
        return self.first_day + timedelta(days=self._rows.days - 1) if self.rows else None

    @property
    def has_hours(self) -> bool:
        """Whether the time of the day is known."""
        return self._rows.hour is not None

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Dimensions that have a value, in their declared order."""
        return tuple(name for name in DIMENSIONS if name in self.columns and name in self._rows.labels)

    def values(self, name: str) -> tuple[str, ...]:
        """A dimension's values: largest revenue first, the empty one last."""
        if not self.rows:
            return ()
        if dimension(name).name not in self.dimensions:
            raise MissingColumn(self._lacks(dimension(name).label, (name,)))
        return self._rows.labels[name]

    def label(self, name: str, key: str) -> str:
        """What a person reads for a value of a dimension: a product's name, else the value itself.

        A name that several products share is followed by the code. A value that an export writes as a
        program does, such as `health_beauty`, is read as words.
        """
        if key == EMPTY:
            return NOT_GIVEN
        if name == "product":
            return self._names.get(key, key)
        return key.replace("_", " ").capitalize() if _CODED.fullmatch(key) else key

    def whole(self) -> Window:
        """All days of the shop; EngineError where it has none."""
        if not self.rows:
            raise EngineError("This shop has no data yet; import its export files first.")
        return Window.inclusive(self.first_day, self.last_day)

    def missing(self, metric_name: str) -> str | None:
        """The sentence naming the columns a metric lacks; None where it can be answered."""
        asked = metric(metric_name)
        return self._missing(asked)

    def totals(self, selection: Selection, measures: Sequence[str], by: Sequence[str | Blocks] = ()) -> Grid:
        """Totals of measures over the selected rows, for each cell of the axes as if filtered to it.

        Parameters
        ----------
        selection : the window and the filters; its comparison is not looked at
        measures : names of measures
        by : dimensions and time axes; time axes cover the whole window without gaps, `Blocks` cuts it at given days

        Returns
        -------
        Grid of int64 counts and money units, and of floats where a fact has decimals

        Raises
        ------
        MissingColumn
            where the shop lacks a column that is asked for
        """
        wanted = self._asked(selection, measures)
        axes = [self._axis(name, selection.window) for name in by]
        labels = tuple(self._labelled(axis) for axis in axes)
        shape = tuple(len(axis) for axis in labels)
        if np.prod(shape, dtype=float) > LARGEST_GRID:
            raise EngineError(f"{' by '.join(a.name for a in labels)} makes too many cells; choose a shorter window.")
        found = (
            self._planner.totals(selection, wanted, axes) if self.rows else [np.zeros(shape, np.int64)] * len(wanted)
        )
        values = {m.name: _finished(m, total).reshape(shape) for m, total in zip(wanted, found, strict=True)}
        return Grid(labels, values)

    def orders(self, selection: Selection) -> Orders:
        """One row an order that has a line sold among the selected ones, in order of time.

        Filters choose lines: amounts are those of the selected lines. When a customer came back is looked for in all
        of the shop's orders, and refunds in all of its lines.

        Raises
        ------
        MissingColumn
            where a filter is on a dimension that the shop does not have
        """
        self._asked(selection, ())
        return orders_of(self._rows, selection, self.columns)

    def cells(self, selection: Selection, measures: Sequence[str], by: Sequence[str], *, orders: bool = False) -> Cells:
        """Totals of measures for each combination of the dimensions' values that the selected rows have.

        Parameters
        ----------
        selection : the window and the filters; its comparison is not looked at
        measures : names of measures
        by : dimensions
        orders : whether to tell also what each order brought

        Returns
        -------
        Cells of int64 counts and money units, and of floats where a fact has decimals

        Raises
        ------
        MissingColumn
            where the shop lacks a column that is asked for
        """
        wanted = self._asked(selection, measures)
        axes = tuple(Axis(dimension(name).name, self.values(name)) for name in by)
        if not self.rows:
            nothing = {m.name: np.zeros(0, np.int64) for m in wanted}
            return Cells(axes, np.zeros((0, len(by)), np.int64), nothing)
        found = Occurring(self._rows, selection, wanted, by)
        values = {m.name: _finished(m, total) for m, total in zip(wanted, found.totals(), strict=True)}
        cells = Cells(axes, found.codes, values)
        if not orders:
            return cells
        return replace(cells, orders=found.brought({name: cells.own(name) for name in values}))

    def lines_in(self, window: Window) -> int:
        """How many order lines a window has."""
        days = np.array([(day - date(1970, 1, 1)).days - self._rows.first for day in (window.start, window.end)])
        return int(np.diff(self._rows.starts[np.clip(days, 0, self._rows.days)])[0]) if self.rows else 0

    def metrics(self, selection: Selection, names: Sequence[str], by: Sequence[str | Blocks] = ()) -> dict:
        """Values of metrics by name, each an array of the axes' shape in the metric's own unit, NaN where undefined."""
        grid = self.totals(selection, [m for name in names for m in metric(name).measures], by)
        return {name: grid.metric(metric(name)) for name in names}

    def warm(self) -> Snapshot:
        """Make now what the first page's questions would otherwise make; returns itself."""
        names = [m for name in HEADLINES if self.missing(name) is None for m in metric(name).measures]
        if self.rows > SCAN_UP_TO:
            measures = [MEASURES[name] for name in dict.fromkeys(names)]
            filters = [name for name in ("region", "segment") if name in self.dimensions]
            self._planner.warm(measures, filters, [name for name in BASE if name in self.dimensions])
        return self

    def adds_up(self, metric_name: str, dimension_name: str) -> bool:
        """Whether a metric's values over a dimension add up to its total."""
        asked = metric(metric_name)
        if asked.is_ratio:
            return False
        return all(self._planner.adds_up(MEASURES[name], dimension_name) for name in asked.measures)

    def size_of_an_order(self) -> float:
        """Revenue of the order that the average unit of revenue belongs to, in currency: sum(x**2) / sum(x)."""
        return self._order_size

    @cached_property
    def _order_size(self) -> float:
        if "revenue" not in self._rows.numbers:
            return 0.0
        orders = np.bincount(self._rows.order, self._rows.numbers["revenue"].values / MONEY_SCALE)
        return float((orders**2).sum() / orders.sum()) if orders.sum() > 0 else 0.0

    def _asked(self, selection: Selection, measures: Sequence[str]) -> list[Measure]:
        """The measures of those names, each once; MissingColumn where the shop lacks one's column, or a filter's."""
        for name, _ in selection.filters:
            self.values(name)
        return [self._measure(name) for name in dict.fromkeys(measures)]

    def _measure(self, name: str) -> Measure:
        if name in self._known:
            return self._known[name]
        if name not in MEASURES:
            raise UnknownName("measure", name, MEASURES)
        lacking = self._lacking(MEASURES[name])
        if lacking:
            raise MissingColumn(self._lacks(name.replace("_", " ").capitalize(), lacking))
        self._known[name] = MEASURES[name]
        return MEASURES[name]

    def _missing(self, asked: Metric) -> str | None:
        lacking = tuple(dict.fromkeys(c for name in asked.measures for c in self._lacking(MEASURES[name])))
        return self._lacks(asked.label, lacking) if lacking else None

    def _lacking(self, measure: Measure) -> tuple[str, ...]:
        if not self.rows:
            return ()
        told = () if measure.told_by is None or self._has(measure.kinds) else (measure.told_by,)
        return tuple(name for name in (*measure.needs, *told) if name not in self.columns)

    def _has(self, kinds: Sequence[LineKind]) -> bool:
        """Whether the shop has lines of one of these kinds."""
        return any(self._lines_of_kind[KIND_CODE[kind]] for kind in kinds)

    @cached_property
    def _lines_of_kind(self) -> np.ndarray:
        return np.bincount(self._rows.kind, minlength=len(KIND_CODE))

    def _lacks(self, what: str, columns: Sequence[str]) -> str:
        several = len(columns) > 1
        return (
            f"{what} needs the column{'s' if several else ''} {' and '.join(columns)}, which this shop does not have; "
            f"import a file that has {'them' if several else 'it'}."
        )

    def _axis(self, name: str | Blocks, window: Window) -> str | Buckets:
        if name == "hour":
            if not self.has_hours and self.rows:
                raise MissingColumn("Hours need the time of the day, which this shop's dates do not have.")
            return name
        if isinstance(name, Blocks) or name in TIME_AXES:
            return buckets(name, window)
        if name not in DIMENSIONS:
            raise UnknownName("dimension or time axis", name, (*DIMENSIONS, *TIME_AXES))
        self.values(name)
        return name

    def _labelled(self, axis: str | Buckets) -> Axis:
        if isinstance(axis, Buckets):
            return axis.axis
        return Axis(axis, np.arange(24) if axis == "hour" else self.values(axis))


def _finished(measure: Measure, total: np.ndarray) -> np.ndarray:
    """Whole units, or floats of the column's own unit where it has decimals."""
    decimal = column("transactions", measure.column).kind is Kind.REAL and measure.how is How.SUM
    return total / REAL_SCALE if decimal else total
