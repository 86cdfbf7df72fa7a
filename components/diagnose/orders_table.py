"""The orders themselves: where a drill-down ends, page by page, and all of them as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from components import theme
from components.beside import bring_back
from components.diagnose import BROWSER
from components.faults import told
from components.island import Island, module, styled
from components.safe import plain
from components.slow_view import SlowView
from components.workers import WORKERS
from data.schema import TRANSACTIONS, Kind
from engine.describe.values import compared
from engine.diagnose.rows import OrderRows, csv_chunks, order_rows
from engine.dimensions import DIMENSIONS
from engine.errors import EngineError
from engine.metrics import MEASURES, Unit, metric
from engine.selection import Selection
from engine.store.orders import SORTS, Listing

ROWS_A_PAGE = 20

# A browser holds the file before it saves it: 200,000 lines of 160 bytes are 32 MB. More is for the command line.
MOST_EXPORTED = 200_000

# Said by other columns already, or of no use to a person.
_LEFT_OUT = frozenset(("transaction_id", "amount", "currency", "unit_price"))
_LABELS = {
    "order_id": "Order", "customer_id": "Customer", "date": "When", "kind": "Kind", "revenue": "Revenue",
    "quantity": "Pieces", "discount": "Discount", "refund": "Refund", "shipping": "Shipping", "cost": "Cost",
    "product_name": "Name", "status": "Status", "delivery_days": "Delivery", "promised_days": "Promised",
    "satisfaction_score": "Score",
}  # fmt: skip
_FIRST = ("date", "order_id", "customer_id", "product_name", "product", "quantity", "revenue")
_KINDS = {column.name: column.kind for column in TRANSACTIONS}
_SORTED_BY = {"date": "date", "revenue": "revenue"}


class OrderSheet(Island):
    """Draws the rows, says what was clicked, and saves the file that comes in pieces."""

    _stylesheets = styled("orders", BROWSER)
    _esm = module("orders", BROWSER)


class OrdersTable(SlowView):
    """The order lines of a selection; closed until a visitor asks for them."""

    working = "Fetching the orders…"

    def build(self) -> None:
        super().build()
        self._island = OrderSheet()
        self._island.say = self._said
        self._sort, self._offset, self._before, self._of = "date", 0, False, None
        self._sent: dict[str, Any] = {"sending": False, "sent": ""}
        self._shown: dict[str, Any] = {}

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Any]:
        store, snapshot = self.state.store(), self.state.snapshot()
        if selection != self._of:
            self._of, self._offset, self._before = selection, 0, False
        if self.state.table != "orders":
            return lambda: None
        if store is None:
            raise EngineError("The orders themselves are in the shop's database; open the page with one to see them.")
        asked = compared(snapshot, selection) if self._before else selection
        if asked is None:
            raise EngineError("There are no days to compare with.")
        self._asked_for = asked
        listing, offset = self._listing(), self._offset
        return lambda: order_rows(store, asked, listing=listing, limit=ROWS_A_PAGE, offset=offset)

    def waiting(self, sentence: str) -> None:
        self._tell(busy=True, message="" if self._shown.get("rows") else sentence)

    def show(self, answer: OrderRows | None) -> None:
        if answer is None:
            self._shown = {}
            self._tell(title="The orders", count="behind the figures above", open=False)
            return
        if not answer.rows:
            self._tell(open=True, busy=False, rows=[], message=self.nothing("orders"), **self._about(answer))
            return
        columns = _columns(answer)
        self._tell(
            open=True, busy=False, message="",
            columns=[self._heading(name) for name in columns],
            rows=[self._row(answer, columns, row) for row in answer.rows],
            range=f"{answer.offset + 1:,} – {answer.offset + len(answer.rows):,} of {answer.count:,}",
            before=answer.offset - ROWS_A_PAGE if answer.offset else None,
            after=answer.offset + ROWS_A_PAGE if answer.offset + ROWS_A_PAGE < answer.count else None,
            **self._about(answer),
        )  # fmt: skip

    def problem(self, sentence: str) -> None:
        self._tell(open=True, busy=False, message=plain(sentence, 400), title="The orders", count="")

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _listing(self) -> Listing:
        measures = metric(self.state.metric).measures
        kinds = dict.fromkeys(str(kind) for name in measures for kind in MEASURES[name].kinds)
        return Listing(kinds=tuple(kinds), sort=self._sort)

    def _about(self, answer: OrderRows) -> dict[str, Any]:
        currency = self.state.snapshot().currency
        money = theme.number(answer.revenue, Unit.MONEY, currency, exact=True)
        lines = f", {answer.count:,} lines" if answer.count != answer.orders else ""
        periods = [["", theme.days(self.state.window())]]
        other = self.state.compared()
        if other is not None:
            periods.append(["before", theme.days(other)])
        return {
            "title": "The orders",
            "count": f"{answer.orders:,} orders{lines}, {money}",
            "periods": periods,
            "period": "before" if self._before else "",
        }

    def _heading(self, name: str) -> dict[str, Any]:
        label = DIMENSIONS[name].label if name in DIMENSIONS else _LABELS.get(name, name.replace("_", " ").capitalize())
        right = _KINDS.get(name) in (Kind.MONEY, Kind.INTEGER, Kind.REAL)
        sort = _SORTED_BY.get(name)
        return {"name": name, "label": label, "right": right, "sort": sort, "sorted": sort == self._sort}

    def _row(self, answer: OrderRows, columns: list[str], row: tuple) -> list[str]:
        found = dict(zip(answer.columns, row, strict=True))
        return [self._cell(name, found[name], answer.currency) for name in columns]

    def _cell(self, name: str, value: Any, currency: str | None) -> str:
        if value is None:
            return ""
        if _KINDS.get(name) is Kind.MONEY:
            return theme.number(value, Unit.MONEY, currency, exact=True)
        if _KINDS.get(name) in (Kind.REAL, Kind.INTEGER):
            return f"{value:,.10g}"
        if name == "date":
            return str(value)[:16]
        return plain(self.state.snapshot().label(name, value) if name in DIMENSIONS else value, 80)

    # ------------------------------------------------------------ what a visitor does

    def _said(self, message: dict) -> None:
        if "open" in message:
            self.state.commit(table="orders" if message["open"] else "")
        elif message.get("sort") in SORTS:
            self._sort, self._offset = message["sort"], 0
            self.refresh()
        elif isinstance(page := message.get("page"), int):
            self._offset = max(page, 0)
            self.refresh()
        elif message.get("period") in ("", "before"):
            self._before, self._offset = message["period"] == "before", 0
            self.refresh()
        elif message.get("export") and self.state.table == "orders" and not self._sent["sending"]:
            self._export()

    def _export(self) -> None:
        doc, selection, listing = pn.state.curdoc, self._asked_for, self._listing()
        days = selection.window
        name = f"orders {days.start} to {days.last}.csv"
        pieces = csv_chunks(self.state.store(), selection, listing=listing)
        if doc is None or doc.session_context is None:
            self._send(list(_up_to(pieces)), name)
            return
        self._sent = {"sending": True, "sent": "Putting it together…"}
        self._tell()
        self._file_name = name
        bring_back(WORKERS.submit(lambda: list(_up_to(pieces))), doc, self._exported)

    @told()
    def _exported(self, work: Any) -> None:
        self._sent = {"sending": False, "sent": ""}
        self._tell()
        self._send(work.result(), self._file_name)

    def _send(self, pieces: list[str], name: str) -> None:
        self._island._send_msg({"begin": True})
        for piece in pieces:
            self._island._send_msg({"piece": piece})
        self._island._send_msg({"end": name})

    def _tell(self, **changes: Any) -> None:
        self._shown |= changes
        self._island.tell({**self._shown, **self._sent})


def _up_to(pieces: Any) -> Any:
    """The pieces of a file; EngineError where it has more lines than a browser should hold."""
    for number, piece in enumerate(pieces):
        if number * 2_000 >= MOST_EXPORTED:
            raise EngineError(
                f"These are more than {MOST_EXPORTED:,} lines, too many for a browser; narrow the days or filters, or "
                "take them with `shoplight orders --csv FILE`."
            )
        yield piece


def _columns(answer: OrderRows) -> list[str]:
    """Columns worth a person's look: those that say something on this page, the most telling first."""
    place = {name: i for i, name in enumerate(answer.columns)}
    said = [name for name in answer.columns if any(row[place[name]] not in (None, "") for row in answer.rows)]
    kinds = {row[place["kind"]] for row in answer.rows} if "kind" in place else set()
    dull = _LEFT_OUT | ({"kind"} if len(kinds) <= 1 else set())
    dull |= {"product"} if "product_name" in said else set()
    first = [name for name in _FIRST if name in said and name not in dull]
    return first + [name for name in said if name not in first and name not in dull]
