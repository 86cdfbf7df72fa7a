"""Numbers out of text, exactly: the decimal sign is decided per column by evidence, never assumed.

Figures become whole ten-thousandths. `1.234` alone is twelve hundred in Berlin and one and a quarter
in Boston: such a value proves nothing, `12.50` and `1.234,56` do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import MONEY_SCALE

# Larger figures than any limit of the schema; keeps float64 exact for figures of four decimals (2**53 / 10**4).
LARGEST = 10**11
MISSING = frozenset({"", "nan", "null", "none", "n/a", "na", "#n/a", "<na>", "-", "–", "—", "\\n"})

PLAIN = r"^-?\d{1,11}(\.\d{1,4})?$"
COMMA_PLAIN = r"^-?(\d{1,11}|\d{1,3}(\.\d{3})+)(,\d{1,4})?$"
GAPS = "[\\s\u00a0\u202f\u2009'’]"
EDGE = r"[^\d.,]*"
# Evidence after gaps are taken out: {d} is the decimal sign, {g} the sign between groups.
PROOFS = (
    EDGE + r"\d*{d}(\d{{1,2}}|\d{{4,}})" + EDGE,
    EDGE + r"(0|0\d*|[1-9]\d{{3,}}){d}\d{{3}}" + EDGE,
    EDGE + r"\d{{1,3}}({g}\d{{2,3}})*{g}\d{{3}}{d}\d*" + EDGE,
    EDGE + r"\d{{1,3}}({g}\d{{2,3}})+{g}\d{{3}}" + EDGE,
)
DOT_PROOF = "^(" + "|".join(p.format(d=r"\.", g=",") for p in PROOFS) + ")$"
COMMA_PROOF = "^(" + "|".join(p.format(d=",", g=r"\.") for p in PROOFS) + ")$"
UNPROVEN = "^" + EDGE + r"[1-9]\d{0,2}[.,]\d{3}" + EDGE + "$"

DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"))
# What a sign beside a figure can mean; three capital letters mean themselves.
SIGNS = {
    sign: frozenset(codes.split())
    for sign, codes in {
        **{"£": "GBP", "€": "EUR", "₹": "INR", "zł": "PLN", "₽": "RUB", "₺": "TRY", "₩": "KRW", "¥": "JPY CNY"},
        **{"R$": "BRL", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD"},
        **{"kr": "SEK NOK DKK ISK", "Fr": "CHF", "Rs": "INR PKR LKR NPR MUR"},
    }.items()
}
BESIDE_MARKS = r"[\d.,\s()+-]"
CURRENCY = re.compile(r"(?:[A-Z]{3}|[A-Z]{0,3}\$|Rs\.?|[£€¥₹₽₺₩]|zł|kr\.?|Fr\.?)", re.UNICODE)
GROUPED = {
    ".": re.compile(r"(\d+|\d{1,3}(,\d{2,3})*,\d{3})?(\.\d*)?"),
    ",": re.compile(r"(\d+|\d{1,3}(\.\d{2,3})*\.\d{3})?(,\d*)?"),
}
EXPONENT = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d{1,3}")


class DecimalUndecided(Exception):
    """A value whose decimal sign nothing in the column proves."""


@dataclass
class Numbers:
    """A column of figures.

    Parameters
    ----------
    units : (n,) int64, ten-thousandths; 0 where there is none
    present : (n,) bool, has a readable value
    bad : (n,) bool, has text that is no number
    finer : exact value of the rows with more than four decimals (their units are rounded)
    """

    units: np.ndarray
    present: np.ndarray
    bad: np.ndarray
    finer: dict[int, Decimal] = field(default_factory=dict)

    def real(self) -> np.ndarray:
        """The figures as float64."""
        values = self.units / MONEY_SCALE
        for row, exact in self.finer.items():
            values[row] = float(exact)
        return values


@dataclass(frozen=True)
class Evidence:
    """What some values say about the decimal sign of their column."""

    dots: int = 0
    commas: int = 0
    unproven: str | None = None

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.dots + other.dots, self.commas + other.commas, self.unproven or other.unproven)

    @property
    def decimal(self) -> str | None:
        """The sign that at least 19 of 20 telling values prove; None while nothing or both are proven."""
        if not self.dots + self.commas:
            return None
        if self.dots >= 19 * self.commas:
            return "."
        return "," if self.commas >= 19 * self.dots else None

    @property
    def mixed(self) -> bool:
        return self.decimal is None and self.dots + self.commas > 0


def evidence(text: pa.Array) -> Evidence:
    """What these values prove."""
    marked = text.filter(pc.match_substring_regex(text, "[.,]"))
    if not len(marked):
        return Evidence()
    bare = pc.replace_substring_regex(marked, GAPS, "")
    dots = pc.sum(pc.match_substring_regex(bare, DOT_PROOF)).as_py() or 0
    commas = pc.sum(pc.match_substring_regex(bare, COMMA_PROOF)).as_py() or 0
    unproven = bare.filter(pc.match_substring_regex(bare, UNPROVEN))
    return Evidence(dots, commas, unproven[0].as_py() if len(unproven) else None)


def read(text: pa.Array, decimal: str | None) -> Numbers:
    """The figures of a column.

    Parameters
    ----------
    text : trimmed text, "" where empty
    decimal : "." or ","; None where no value has shown one yet

    Raises
    ------
    DecimalUndecided
        Where `decimal` is None and a value would need it.
    """
    plain = pc.match_substring_regex(text, COMMA_PLAIN if decimal == "," else PLAIN)
    easy = plain.to_numpy(zero_copy_only=False)
    if decimal is None:
        _insist(text)
    units = np.zeros(len(text), np.int64)
    ready = text if easy.all() else pc.if_else(plain, text, "0")
    if decimal == ",":
        ready = pc.replace_substring(pc.replace_substring(ready, ".", ""), ",", ".")
    units[:] = np.rint(pc.cast(ready, pa.float64()).to_numpy() * MONEY_SCALE)
    numbers = Numbers(units, easy.copy(), np.zeros(len(text), bool))
    if not easy.all():
        _read_others(text, np.flatnonzero(~easy), decimal or ".", numbers)
    return numbers


def _insist(text: pa.Array) -> None:
    found = evidence(text)
    if found.unproven or found.dots or found.commas:
        raise DecimalUndecided(found.unproven or "")


def _read_others(text: pa.Array, rows: np.ndarray, decimal: str, numbers: Numbers) -> None:
    coded = text.take(pa.array(rows)).dictionary_encode()
    values = [read_one(value, decimal) for value in coded.dictionary.to_pylist()]
    for row, code in zip(rows.tolist(), coded.indices.to_pylist(), strict=True):
        value = values[code]
        numbers.units[row] = 0
        if value is None:
            continue
        if isinstance(value, str) or abs(value) > LARGEST:
            numbers.bad[row] = True
            continue
        scaled = value * MONEY_SCALE
        numbers.units[row] = int(scaled.to_integral_value())
        numbers.present[row] = True
        if scaled != int(numbers.units[row]):
            numbers.finer[row] = value


def read_one(text: str, decimal: str) -> Decimal | str | None:
    """One figure; None where there is none; the text itself where it is no figure."""
    if text.lower() in MISSING:
        return None
    if EXPONENT.fullmatch(text):
        return Decimal(text)
    negative, body = _sign(re.sub(GAPS, "", text))
    if not body or not GROUPED[decimal].fullmatch(body) or not any(c.isdigit() for c in body):
        return text
    group = "," if decimal == "." else "."
    try:
        value = Decimal(body.replace(group, "").replace(decimal, "."))
    except InvalidOperation:
        return text
    return -value if negative else value


def _sign(body: str) -> tuple[bool, str]:
    """Whether a figure is negative, and its digits: minus before or after, brackets, currency signs."""
    body = body.replace("\u2212", "-")
    negative = False
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1]
    body = _without_currency(body)
    if body.startswith(("-", "+")):
        negative, body = negative or body[0] == "-", body[1:]
    elif body.endswith("-"):
        negative, body = True, body[:-1]
    return negative, _without_currency(body)


def _without_currency(body: str) -> str:
    found = CURRENCY.match(body)
    if found:
        body = body[found.end() :]
    found = re.search(CURRENCY.pattern + r"$", body)
    return body[: found.start()] if found else body


def currencies(text: pa.Array) -> dict[str, frozenset[str]]:
    """The signs and codes beside these figures, and the currencies that each can mean."""
    _, marks = _marks(text)
    return {sign: codes for mark in marks for sign, codes in _meaning(mark).items()}


def foreign(text: pa.Array, currency: str) -> np.ndarray:
    """(n,) bool, figures whose own sign or code says another currency than this."""
    codes, marks = _marks(text)
    other = [any(currency not in meant for meant in _meaning(mark).values()) for mark in marks]
    return np.array([*other, False], bool)[codes]


def _marks(text: pa.Array) -> tuple[np.ndarray, list[str]]:
    """What stands beside the figures: (n,) codes into distinct marks, -1 where there is nothing or no figure."""
    coded = pc.replace_substring_regex(text, BESIDE_MARKS, "").dictionary_encode()
    codes = coded.indices.to_numpy().copy()
    codes[~pc.match_substring_regex(text, r"\d").to_numpy(zero_copy_only=False)] = -1
    marks = coded.dictionary.to_pylist()
    return codes, [mark if place in codes else "" for place, mark in enumerate(marks)]


def _meaning(mark: str) -> dict[str, frozenset[str]]:
    found = CURRENCY.search(mark)
    if not found:
        return {}
    sign = found.group().rstrip(".")
    return {sign: SIGNS.get(sign, DOLLARS if sign.endswith("$") else frozenset((sign,)))}
