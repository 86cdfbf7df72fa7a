"""Days and moments out of text: day or month first is decided per file by evidence, or asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DAY = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$"
SHORT = r"^\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})(\D|$)"
SECONDS_A_DAY = 86_400

TIME = (
    r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Z]{3,4})?"
)
TAIL = rf"(?:(?:[T,]\s*|\s+){TIME})?$"
YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + TAIL)
PACKED = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})" + TAIL)
YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<gap>[-/. ])(?P<b>\d{1,2})(?P=gap)(?P<y>\d{4}|\d{2})" + TAIL)
WEEKDAY = r"(?:[^\W\d]+\.?,?\s+)?"
DAY_NAMED = re.compile(
    WEEKDAY + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[^\W\d]{3,12})\.?,?[\s-]+(?P<y>\d{4}|\d{2})" + TAIL
)
NAME_FIRST = re.compile(
    WEEKDAY + r"(?P<name>[^\W\d]{3,12})\.?[\s-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+|-)(?P<y>\d{4}|\d{2})" + TAIL
)

SHORT_DATE = re.compile(SHORT)

MONTH_WORDS = (
    "jan january januar janvier enero janeiro gennaio ene janv",
    "feb february februar février fevrier febrero fevereiro febbraio fev févr",
    "mar march mär märz maerz mrz mars marzo março",
    "apr april avril abril aprile abr avr",
    "may mai mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet julio julho luglio juil lug",
    "aug august août aout agosto ago",
    "sep sept september septembre septiembre setembro settembre set",
    "oct october oktober octobre octubre outubro ottobre okt out ott",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre diciembre dezembro dicembre dez déc dic",
)
MONTHS = {word: number for number, words in enumerate(MONTH_WORDS, start=1) for word in words.split()}


@dataclass(frozen=True)
class Order:
    """What dates like 03/04/2024 prove about their order: an example of each, with its place in the batch."""

    day_first: str | None = None
    month_first: str | None = None
    unproven: str | None = None

    def __add__(self, other: Order) -> Order:
        return Order(
            self.day_first or other.day_first,
            self.month_first or other.month_first,
            self.unproven or other.unproven,
        )

    @property
    def mixed(self) -> bool:
        return bool(self.day_first and self.month_first)

    @property
    def answer(self) -> bool | None:
        """True for day first, False for month first, None where nothing is proven."""
        if self.mixed or not (self.day_first or self.month_first):
            return None
        return bool(self.day_first)


@dataclass
class Moments:
    """A column of days or moments.

    Parameters
    ----------
    text : (n,) object, 'YYYY-MM-DD HH:MM:SS' where the time is known, else 'YYYY-MM-DD'; None where unreadable
    seconds : (n,) int64 since 1970; 0 where unreadable
    present, bad : (n,) bool, has a readable value, has text that is no date
    """

    text: np.ndarray
    seconds: np.ndarray
    present: np.ndarray
    bad: np.ndarray

    @property
    def days(self) -> np.ndarray:
        """(n,) int64, days since 1970."""
        return self.seconds // SECONDS_A_DAY


def order(text: pa.Array) -> Order:
    """What these values prove."""
    short = text.filter(pc.match_substring_regex(text, SHORT))
    proof = Order()
    for value in short.dictionary_encode().dictionary.to_pylist():
        found = YEAR_LAST.match(value)
        if not found:
            continue
        a, b = int(found["a"]), int(found["b"])
        if a > 12 >= b or found["gap"] == ".":
            proof += Order(day_first=value)
        elif b > 12 >= a:
            proof += Order(month_first=value)
        elif a <= 12 and a != b:
            proof += Order(unproven=value)
        if proof.mixed:
            break
    return proof


def read(text: pa.Array, day_first: bool | None, *, whole_days: bool = False) -> Moments:
    """The moments of a column.

    A time of exactly midnight is kept as a day without a time: that is how tables of days are saved by
    databases and spreadsheets, and decided cell by cell it is the same in a file and in its halves.

    Parameters
    ----------
    text : trimmed text, "" where empty
    day_first : order of 03/04/2024; None where no value needs it
    whole_days : keep the days only
    """
    fast = _canonical(text)
    moments = fast if fast is not None else _each(text, day_first)
    day_only = moments.present if whole_days else moments.present & (moments.seconds % SECONDS_A_DAY == 0)
    places = np.flatnonzero(day_only)
    if len(places):
        moments.text[places] = [moment[:10] for moment in moments.text[places].tolist()]
    return moments


def _canonical(text: pa.Array) -> Moments | None:
    """The quick way for columns that are ISO throughout; None where one value is not."""
    if not len(text):
        return None
    for shape in (MOMENT, DAY):
        if (
            pc.match_substring_regex(text[:1], shape)[0].as_py()
            and pc.all(pc.match_substring_regex(text, shape)).as_py()
        ):
            break
    else:
        return None
    try:
        seconds = pc.cast(pc.cast(text, pa.timestamp("s")), pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    if shape == MOMENT:
        text = pc.replace_substring(text, "T", " ")
    every = np.ones(len(text), bool)
    return Moments(text.to_numpy(zero_copy_only=False), seconds, every, ~every)


def _each(text: pa.Array, day_first: bool | None) -> Moments:
    coded = text.dictionary_encode()
    read_values = [_unless_missing(value, day_first) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.to_numpy()
    labels = np.array([v[0] if v else None for v in read_values] + [None], object)[:-1]
    seconds = np.array([v[1] if v else 0 for v in read_values], np.int64)
    present = np.array([bool(v) for v in read_values], bool)
    bad = np.array([v is False for v in read_values], bool)
    return Moments(labels[codes], seconds[codes], present[codes], bad[codes])


def _unless_missing(value: str, day_first: bool | None) -> tuple[str, int] | bool | None:
    if value.lower() in ("", "nan", "nat", "null", "none", "n/a", "na", "-"):
        return None
    found = read_one(value, day_first)
    if found is None:
        return False
    moment, timed = found
    label = moment.strftime("%Y-%m-%d %H:%M:%S") if timed else moment.strftime("%Y-%m-%d")
    if moment.year < 1000:
        return False
    return label, int((moment - datetime(1970, 1, 1)).total_seconds())


def read_one(value: str, day_first: bool | None) -> tuple[datetime, bool] | None:
    """The moment a text names and whether it has a time; None where it names none."""
    for shape in (YEAR_FIRST, YEAR_LAST, PACKED, DAY_NAMED, NAME_FIRST):
        found = shape.match(value)
        if found:
            return _built(found.groupdict(), day_first)
    return None


def _built(part: dict[str, str | None], day_first: bool | None) -> tuple[datetime, bool] | None:
    year = int(part["y"])
    if len(part["y"]) == 2:
        year += 2000 if year < 70 else 1900
    if "a" in part:
        a, b = int(part["a"]), int(part["b"])
        month, day = (b, a) if day_first or (day_first is None and a > 12) else (a, b)
    else:
        day = int(part["d"])
        month = MONTHS.get(part["name"].lower(), 0) if "name" in part else int(part["m"])
    try:
        hour, minute, second = _clock(part)
        return datetime(year, month, day, hour, minute, second), part["h"] is not None
    except ValueError:
        return None


def _clock(part: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(part["h"] or 0)
    half = (part["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(part["mi"] or 0), int(part["s"] or 0)
