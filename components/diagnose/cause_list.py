"""Where a change comes from: the fewest combinations that explain it, each with a way to its orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from components import theme
from components.diagnose import BROWSER
from components.diagnose.asking import explained
from components.island import Island, module, styled
from components.kpi_cards import direction
from components.safe import plain
from components.slow_view import SlowView
from engine.diagnose.explanation import Explanation, LargeOrder, Named
from engine.diagnose.ruled_out import in_words
from engine.dimensions import DIMENSIONS
from engine.metrics import METRICS, Unit, metric
from engine.selection import Selection

# More than this many at once is no longer a short answer.
MOST = 5


class CauseCard(Island):
    """Draws the causes and says what was clicked."""

    _stylesheets = styled("causes", BROWSER)
    _esm = module("causes", BROWSER)


class CauseList(SlowView):
    """The causes of a change, the weightiest first, and what it was not."""

    def build(self) -> None:
        super().build()
        self._island = CauseCard()
        self._island.say = self._said
        self._causes: tuple[Named, ...] = ()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def question(self, selection: Selection) -> Callable[[], Explanation]:
        return explained(self.state, selection)

    def waiting(self, sentence: str) -> None:
        told = self._island.told()
        self._island.tell({**told, "busy": True} if told.get("causes") else {"message": sentence, "busy": True})

    def show(self, answer: Explanation) -> None:
        self._causes = answer.causes[:MOST]
        notes = [plain(note, 300) for note in answer.causes_noted]
        if answer.note:
            message = plain(answer.note, 400)
        elif not self._causes:
            message = " ".join(notes) or "No part moved otherwise than all the others, beyond what chance does."
        else:
            message = ""
        self._island.tell({
            "title": "Where it comes from",
            "note": " ".join(notes) if self._causes else "",
            "message": message,
            "causes": [self._cause(cause, answer) for cause in self._causes],
            "ruled_title": f"What it was not ({len(answer.ruled_out)})",
            "ruled": [plain(in_words(one), 600) for one in answer.ruled_out],
        })  # fmt: skip

    def problem(self, sentence: str) -> None:
        self._causes = ()
        self._island.tell({"message": plain(sentence, 400)})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _cause(self, cause: Named, answer: Explanation) -> dict[str, Any]:
        unit, currency = metric(answer.metric).unit, answer.currency
        moved = _moved(cause)[0]
        return {
            "where": [
                {"label": DIMENSIONS[name].label, "value": plain(self.state.snapshot().label(name, key), 80)}
                for name, key in cause.where
            ],
            "said": theme.signed(moved, unit, currency),
            "exact": theme.signed(moved, unit, currency, exact=True),
            "tone": direction(answer.metric, moved, None)[0],
            "part": f"{min(abs(cause.share if _is_part(cause) else cause.score), 1.0):.1%}",
            "detail": ". ".join(_details(cause, answer)),
        }

    def _said(self, message: dict) -> None:
        for kind, table in (("orders", "orders"), ("into", "")):
            place = message.get(kind)
            if isinstance(place, int) and 0 <= place < len(self._causes):
                self.state.step(*self._causes[place].where, table=table)


def _is_part(cause: Named) -> bool:
    """Whether it is a part of what the whole change is beyond the season."""
    return cause.share is not None and 0 < cause.share <= 1


def _moved(cause: Named) -> tuple[float | None, float | None, str]:
    """How far it moved, from where, and what that is."""
    if _is_part(cause):
        return cause.beyond, cause.expected, "had only the season moved it"
    if cause.deviation is not None and cause.value is not None:
        return cause.deviation, cause.value - cause.deviation, "had it moved with everything else"
    known = cause.value is not None and cause.comparison is not None
    return (cause.value - cause.comparison if known else None), None, ""


def _details(cause: Named, answer: Explanation) -> list[str]:
    """What is known of a cause, as short sentences without their full stop."""
    unit, currency = metric(answer.metric).unit, answer.currency
    before, now = (theme.number(value, unit, currency) for value in (cause.comparison, cause.value))
    _, otherwise, words = _moved(cause)
    said = [f"{before} before, {now} now"]
    if otherwise is not None:
        said[0] += f"; {theme.number(otherwise, unit, currency)} {words}"
    if _is_part(cause):
        said.append(f"{theme.share(cause.share)} of what is beyond the season")
    if when := _days(cause):
        said.append(when)
    if cause.orders is not None and cause.orders_before is not None and unit is not Unit.COUNT:
        said.append(f"{cause.orders:,} orders after {cause.orders_before:,}{_WAYS.get(cause.way, '')}")
    if cause.large_order:
        said.append(_one_order(cause.large_order, currency))
    return said


_WAYS = {
    "orders": ", so the number of orders made it", "size": ", so the size of orders made it",
    "both": ", so number and size made it",
}  # fmt: skip


def _days(cause: Named) -> str:
    if cause.since and cause.until:
        return f"From {theme.day(cause.since)} to {theme.day(cause.until)}"
    if cause.since:
        return f"From {theme.day(cause.since)} on"
    return f"Until {theme.day(cause.until)}" if cause.until else ""


def _one_order(order: LargeOrder, currency: str | None) -> str:
    worth = theme.number(order.revenue, METRICS["revenue"].unit, currency)
    where = "" if order.is_new else " of the period before"
    return f"One order{where} on {theme.day(order.day)} of {worth} is {order.share:.0%} of it"
