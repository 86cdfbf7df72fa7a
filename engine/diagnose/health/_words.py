"""How days, places, rows and money are said in the sentence of a problem."""

from __future__ import annotations

from engine.diagnose.health._base import Shop, Where
from engine.metrics import Unit
from engine.selection import Window
from engine.words import amount
from engine.words import day as on_day


def on_days(window: Window) -> str:
    """On 9 Dec 2011; from 1 Dec 2011 to 9 Dec 2011."""
    if window.days == 1:
        return f"on {on_day(window.start)}"
    return f"from {on_day(window.start)} to {on_day(window.last)}"


def since(shop: Shop, start: int, end: int) -> str:
    """The same of a stretch; what lasts to the shop's end is said to be since its first day."""
    if end >= shop.body[1] and end - start > 1:
        return f"since {on_day(shop.date(start))}"
    return on_days(shop.window(start, end))


def place(shop: Shop, where: Where) -> str:
    """Of Social; of West and Social; nothing for the whole shop."""
    names = [shop.snapshot.label(name, value) for name, value in where]
    return f" of {' and '.join(names)}" if names else ""


def money(shop: Shop, value: float | None) -> str:
    """€1,234."""
    return "an unknown amount" if value is None else amount(value, Unit.MONEY, shop.snapshot.currency)


def lines(count: int) -> str:
    """1 line; 1,234 lines."""
    return f"{count:,} line{'' if count == 1 else 's'}"


def orders(count: float) -> str:
    """1 order; 1,234 orders."""
    whole = round(count)
    return f"{whole:,} order{'' if whole == 1 else 's'}"
