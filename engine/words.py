"""How figures and days are written in sentences; the pages' theme takes its signs, months and days from here.

Money from a thousand on goes without its coins.
"""

from __future__ import annotations

from datetime import date

from engine.metrics import Unit
from engine.selection import Window

MINUS = "\u2212"
NARROW = "\u202f"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SYMBOLS = {
    **{"GBP": "£", "EUR": "€", "USD": "$", "BRL": "R$", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩"},
    **{"AUD": "A$", "CAD": "C$", "NZD": "NZ$", "MXN": "MX$", "TRY": "₺", "PLN": "zł", "UAH": "₴", "ILS": "₪"},
}
# Currencies whose smallest coin is a whole unit (ISO 4217, exponent 0).
WHOLE_COINS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "UGX", "XAF", "XOF"})
# Amounts from here on are read without their coins.
WITHOUT_COINS = 999.5


def amount(value: float, unit: Unit, currency: str | None = None, *, signed: bool = False) -> str:
    """A metric's value in a sentence, with a plus where it is signed and above nought."""
    size = abs(value)
    if unit is Unit.MONEY:
        coins = 0 if currency in WHOLE_COINS or size >= WITHOUT_COINS else 2
        body = f"{symbol(currency)}{size:,.{coins}f}"
    elif unit is Unit.RATE:
        body = f"{size * 100:,.{2 if 0 < size < 0.001 else 1}f}%"
    elif unit is Unit.DAYS:
        body = f"{size:,.2f}{NARROW}days"
    else:
        body = f"{size:,.{0 if unit is Unit.COUNT else 2}f}"
    return _with_sign(value, body, signed)


def difference(value: float, unit: Unit, currency: str | None = None) -> str:
    """A difference of two values with its sign; of two rates, in points."""
    if unit is not Unit.RATE:
        return amount(value, unit, currency, signed=True)
    return _with_sign(value, points(value), True)


def decimal(value: float, digits: int, *, signed: bool = False) -> str:
    """A number without a unit, such as a factor or points of a score."""
    return _with_sign(value, f"{abs(value):,.{digits}f}", signed)


def percent(value: float) -> str:
    """A share or a relative size without its sign, such as 12.4%; `×12` from ten times on."""
    return f"×{value + 1:,.0f}" if value >= 9 else f"{abs(value):.1%}"


def points(value: float) -> str:
    """A difference of percentages without its sign: 6.0 points."""
    body = f"{abs(value) * 100:,.1f}"
    return f"{body} point{'' if body == '1.0' else 's'}"


def day(value: date, *, year: bool = True) -> str:
    """`9 Dec 2011`, or `9 Dec`."""
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def days(window: Window) -> str:
    """A window: `1 Nov – 9 Dec 2011`, `Nov 2011`, `2011`."""
    first, last = window.start, window.last
    if first == last:
        return day(first)
    if first.day == 1 and window.end.day == 1:
        if (first.month, last.month) == (1, 12):
            return str(first.year) if first.year == last.year else f"{first.year} – {last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{MONTHS[first.month - 1]} {first.year}"
    return f"{day(first, year=first.year != last.year)} – {day(last)}"


def listed(parts: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def symbol(currency: str | None) -> str:
    """What is written before an amount: a sign, a code with a space, or nothing."""
    return "" if not currency else SYMBOLS.get(currency, f"{currency}{NARROW}")


def _with_sign(value: float, body: str, signed: bool) -> str:
    if not any(letter in "123456789" for letter in body):
        return body
    return f"{MINUS}{body}" if value < 0 else f"+{body}" if signed and value > 0 else body
