"""One plan's rows go into the open load, and everything that happens to them is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from data.schema import TABLES
from engine.errors import ImportRefused
from engine.imports import edges, identity
from engine.imports.ahead import ahead
from engine.imports.batch import Batch
from engine.imports.edges import Edge
from engine.imports.formats._base import KINDS, PRODUCT_NAME, SALE, Plan
from engine.imports.ladder import PlainLadder
from engine.imports.lines import READ, Lines, content, rows, settle, stored
from engine.imports.numbers import DecimalUndecided
from engine.imports.numbers import foreign as foreign_money
from engine.imports.product_names import NameBook
from engine.imports.report import Aside, Example, Share
from engine.imports.scout import ASK_DECIMAL
from engine.imports.typed import Settings, Typed

if TYPE_CHECKING:
    from engine.store import OpenLoad, Outcome

DIFFERENT = "its id is stored with other content, which stays"
MONEY_OF = {"spend": "spend"}


@dataclass
class Tally:
    """What happened to the rows so far."""

    read: Share = field(default_factory=Share)
    stored: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    known: Share = field(default_factory=Share)
    aside: dict[str, tuple[Share, Example]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    names: NameBook = field(default_factory=NameBook)
    rounded: int = 0
    drift: Decimal = Decimal(0)
    missing_ids: int = 0

    def put_aside(self, reason: str, share: Share, example: Example) -> None:
        before, first = self.aside.get(reason, (Share(), example))
        self.aside[reason] = (before + share, first)

    def agree(self, outcomes: Mapping[str, Outcome]) -> None:
        """Rows that another import published meanwhile are known, not stored; the store knows which."""
        for table, outcome in outcomes.items():
            if table == "products":  # names come along on lines and are no rows of the file
                continue
            names = [n for n in self.stored if (n == table) or (table == "transactions" and n in KINDS)]
            mine = sum((self.stored[n] for n in names), Share())
            if mine.rows != outcome.stored:
                for name in names:
                    del self.stored[name]
                self.stored["lines" if table == "transactions" else table] = Share(outcome.stored, outcome.stored_units)
                self.known += Share(mine.rows - outcome.stored, mine.units - outcome.stored_units)

    def asides(self) -> tuple[Aside, ...]:
        ordered = sorted(self.aside.items(), key=lambda item: -item[1][0].rows)
        return tuple(Aside(reason, share, example) for reason, (share, example) in ordered)


@dataclass(frozen=True)
class Part:
    """Rows of a batch to put into the store at once.

    Parameters
    ----------
    what : the kind of the lines, or the table
    columns, rows : as the store takes them
    batch, places : where they come from, for examples
    """

    what: str
    columns: list[str]
    rows: list[tuple]
    batch: Batch
    places: np.ndarray


class Taker:
    """Takes the rows of one plan into a load."""

    def __init__(self, plan: Plan, settings: Settings, load: OpenLoad, tally: Tally, twins: TwinBook) -> None:
        self.plan = plan
        self.settings = settings
        self.ladder = plan.ladder or PlainLadder()
        self._load = load
        self._tally = tally
        self._twins = twins
        self._counter = identity.Counter()
        self._gone_on: set[str] = set()
        self._first = True

    def take(self, progress: Callable[[int], None]) -> int:
        """Read, type and store everything; returns the rows read."""
        count = 0
        with ahead(self._prepared()) as prepared:
            for rows_read, parts in prepared:
                for part in parts:
                    self._put(part)
                count += rows_read
                progress(count)
        notes, asides = self.plan.closing()
        self._tally.notes += notes
        for aside in asides:
            self._tally.read += aside.share
            self._tally.put_aside(aside.reason, aside.share, aside.example)
        return count

    # -- in the thread that reads ahead --

    def _prepared(self) -> Iterator[tuple[int, list[Part]]]:
        """For each batch the rows in it, and what is to be put into the store."""
        own_ids = "transaction_id" in self.plan.columns or self.plan.target != "transactions"
        without_orders = "order_id" not in self.plan.columns
        batches = self.plan.batches()
        cut = ((b, False) for b in batches) if own_ids or without_orders else edges.whole_orders(batches)
        for batch, last in cut:
            self._broken(batch)
            yield len(batch) + len(batch.broken), self._typed(batch, last=last) if len(batch) else []

    def _typed(self, batch: Batch, *, last: bool) -> list[Part]:
        try:
            if self.plan.target == "transactions":
                return self._lines(Typed(batch, READ, self.settings), last=last)
            return self._facts(Typed(batch, TABLES[self.plan.target], self.settings))
        except DecimalUndecided as undecided:
            raise ImportRefused(
                f"{self.plan.name}: {str(undecided)!r} could be a decimal or group thousands, and no value before it "
                f"proves which. {ASK_DECIMAL}"
            ) from undecided

    def _lines(self, typed: Typed, *, last: bool) -> list[Part]:
        self._check_currency(typed)
        lines = settle(typed, self.plan)
        self._check_order_of_dates(typed)
        self.ladder.count(typed, lines.amount, lines.kinds)
        self._set_aside(typed, lines.amount, lines.valued)
        self._tally.rounded += lines.rounded[0]
        self._tally.drift += lines.rounded[1]
        self._tally.missing_ids += typed.missing_ids
        self._name_products(lines)
        keep = np.flatnonzero(typed.good)
        if not len(keep):
            return []
        ids, orders = self._names(lines, keep, last=last)
        columns, found = rows(lines, ids, orders, self.plan.currency)
        kinds = lines.kinds[keep]
        parts = []
        for kind in np.unique(kinds).tolist():
            places = np.flatnonzero(kinds == kind)
            chosen = found if len(places) == len(found) else [found[i] for i in places.tolist()]
            parts.append(Part(KINDS[kind].value, columns, chosen, typed.batch, keep[places]))
        return parts

    def _check_currency(self, typed: Typed) -> None:
        """One currency a load: a line in another is set aside."""
        column, mine = typed.text.get("currency"), self.plan.currency
        if not mine:
            return
        if column is not None:
            foreign = [label is not None and label.upper() != mine for label in column.labels]
            typed.reject(column.where(foreign), f"its currency is not {mine}", "currency")
        for name in ("revenue", "unit_price"):
            if name in typed.figures:
                typed.reject(foreign_money(typed.batch.columns[name], mine), f"its currency is not {mine}", name)

    def _names(self, lines: Lines, keep: np.ndarray, *, last: bool) -> tuple[list[str], np.ndarray]:
        """Line ids of the good rows, and order ids of all rows (empty where a line is its own order)."""
        text = lines.typed.text
        orders = text["order_id"].spread() if "order_id" in text else np.empty(0, object)
        if "transaction_id" in text:
            return text["transaction_id"].spread()[keep].tolist(), orders
        shown = (content(lines) >> identity.SHOWN_BITS)[keep]
        if not orders.size:
            keys = identity.mixed([shown], len(keep))
            stem = self._stems(lines, keep)
            return identity.ids(stem, shown << identity.SHOWN_BITS, self._counter.number(keys)), orders
        mine = orders[keep]
        order_hash = identity.of_labels(text["order_id"])[keep]
        keys = identity.mixed([order_hash, shown], len(keep))
        self._at_edges(mine, shown, last=last)
        return identity.ids(mine, shown << identity.SHOWN_BITS, self._counter.number(keys)), orders

    def _name_products(self, lines: Lines) -> None:
        typed = lines.typed
        if PRODUCT_NAME in typed.batch.columns and "product" in typed.text:
            sold = typed.good & (lines.kinds == SALE)
            self._tally.names.count(
                typed.text["product"],
                typed.batch.columns[PRODUCT_NAME],
                sold=sold,
                unsold=typed.good & ~sold,
                is_name=self.plan.is_name,
            )

    def _stems(self, lines: Lines, keep: np.ndarray) -> np.ndarray:
        """The start of ids of lines without an order: customer and day."""
        days = np.array([text[:10] for text in lines.typed.moments["date"].text[keep]], object)
        if "customer_id" not in lines.typed.text:
            return days
        customers = lines.typed.text["customer_id"].spread()[keep]
        return np.array([f"{c or 'nobody'}-{d}" for c, d in zip(customers, days, strict=True)], object)

    def _at_edges(self, orders: np.ndarray, shown: np.ndarray, *, last: bool) -> None:
        head, tail = edges.runs(orders)
        alone = self._first and last and head.stop == len(orders)
        for end, run, is_here in (("head", head, self._first), ("tail", tail, last)):
            if is_here and run.stop - run.start <= edges.LONGEST_RUN:
                lines = tuple(sorted(f"{h:012x}" for h in shown[run].tolist()))
                edge = Edge(self.plan.name, end, str(orders[run.start]), lines, alone)
                self._at_edge(edge)
        self._first = False

    def _at_edge(self, edge: Edge) -> None:
        answer = edges.goes_on(edge, self._twins.earlier)
        where = f"{edge.file}: lines of order {edge.order} at its {edge.end}"
        if answer:
            if edge.order not in self._gone_on:  # a file of one order has it at both ends
                self._gone_on.add(edge.order)
                self._counter.add(self._twins.stored_keys(edge.order))
            self._tally.notes.append(f"{where} go on from a file imported before; its twins were counted on.")
        elif answer is None:
            self._tally.notes.append(
                f"{where} equal lines at the other end of a file imported before and are counted once. "
                "If the two files are parts of one export cut inside this order, join them and import the whole."
            )
        self._tally.edges.append(edge)

    def _check_order_of_dates(self, typed: Typed) -> None:
        """A later date that the decided order cannot read, but the other could: nothing before it is certain."""
        from engine.imports import dates

        moments = typed.moments["date"]
        if self.settings.day_first is None or not moments.bad.any():
            return
        for row in np.flatnonzero(moments.bad)[:1000].tolist():
            text = typed.batch.columns["date"][row].as_py()
            if dates.SHORT_DATE.match(text) and dates.read_one(text, not self.settings.day_first):
                mine, other = ("day", "month") if self.settings.day_first else ("month", "day")
                raise ImportRefused(
                    f"{typed.batch.source}, line {int(typed.batch.lines[row]):,}: {text!r} has the {other} first, "
                    f"while dates before it have the {mine} first. Export the file with dates like 2024-12-31."
                )

    # -- customers and spend --

    def _facts(self, typed: Typed) -> list[Part]:
        money = typed.figures[MONEY_OF[self.plan.target]] if self.plan.target in MONEY_OF else None
        units = money.units if money is not None else np.zeros(typed.size, np.int64)
        if money is not None:
            typed.reject(~money.present, "spend is empty", "spend")
        self._set_aside(typed, units, money.present if money is not None else np.ones(typed.size, bool))
        keep = np.flatnonzero(typed.good)
        if not len(keep):
            return []
        columns = [c for c in TABLES[self.plan.target] if c.name in self.plan.columns]
        found = {c.stored_name: stored(typed, c, keep) for c in columns}
        return [Part(self.plan.target, list(found), list(zip(*found.values(), strict=True)), typed.batch, keep)]

    # -- set aside --

    def _set_aside(self, typed: Typed, amount: np.ndarray, valued: np.ndarray) -> None:
        self._tally.read += Share(typed.size, int(amount[valued].sum()))
        for number, (reason, column) in enumerate(typed.reasons):
            where = np.flatnonzero(typed.why == number)
            if len(where):
                readable = where[valued[where]]
                share = Share(len(where), int(amount[readable].sum()), len(where) - len(readable))
                self._tally.put_aside(
                    self.plan.wording.get(reason, reason), share, self._example(typed.batch, int(where[0]), column)
                )

    def _example(self, batch: Batch, row: int, column: str | None) -> Example:
        theirs = next((t for ours, t, _ in self.plan.mapping if ours == column), column)
        value = batch.columns[column][row].as_py() if column in batch.columns else ""
        return Example(batch.source, int(batch.lines[row]), theirs, value)

    def _broken(self, batch: Batch) -> None:
        self._tally.read += Share(len(batch.broken))
        for row in batch.broken:
            self._tally.put_aside(row.reason, Share(1, 0, 1), Example(batch.source, row.line, None, row.text))

    # -- in the thread that writes --

    def _put(self, part: Part) -> None:
        put = {"customers": self._load.put_customers, "spend": self._load.put_spend}.get(
            part.what, self._load.put_lines
        )
        outcome = put(part.columns, part.rows)
        if outcome.stored:
            self._tally.stored[part.what] += Share(outcome.stored, outcome.stored_units)
        self._tally.known += Share(outcome.known, outcome.known_units)
        if outcome.different:
            row = part.places[part.rows.index(outcome.example)]
            example = Example(part.batch.source, int(part.batch.lines[row]), None, str(outcome.example[0]))
            self._tally.put_aside(DIFFERENT, Share(outcome.different, outcome.different_units), example)


class TwinBook:
    """What is stored already of the orders at the ends of files, in earlier loads and in this one."""

    def __init__(self, earlier: list[Edge], ids_of: Callable[[str], list[str]]) -> None:
        self.earlier = earlier
        self._ids_of = ids_of
        self._of_this_load: list[Edge] = []

    def remember(self, edges_of_file: list[Edge]) -> None:
        """Files that follow in the same load look at these, too."""
        self.earlier = [*self.earlier, *edges_of_file]
        self._of_this_load += edges_of_file

    def stored_keys(self, order: str) -> np.ndarray:
        """(n,) uint64, one key a stored line of the order."""
        start = f"{order}-"
        stored = Counter(i[len(start) :].split("-")[0] for i in self._ids_of(order) if i.startswith(start))
        for edge in self._of_this_load:
            if edge.order == order:
                stored |= Counter(edge.lines)
        shown = np.array([int(part, 16) for part in stored.elements()], np.uint64)
        return identity.mixed([np.full(len(shown), identity.of_text(order), np.uint64), shown], len(shown))
