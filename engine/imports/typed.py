"""From text to the schema's types: what a cell says, and whether the schema allows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import MONEY_SCALE, Column, Kind
from engine.imports import dates, numbers
from engine.imports.batch import Batch
from engine.imports.dates import Moments
from engine.imports.numbers import Numbers

EPOCH = date(1970, 1, 1)
# Online shops began in the nineties; earlier days are a spreadsheet's empty date (1899-12-30, 1900-01-00, 1970-01-01).
FIRST_DAY = date(1990, 1, 1)
# A shop east of the computer's clock is up to a day ahead.
AHEAD = timedelta(days=1)
LONGEST_TEXT = 2_000
IDS = ("transaction_id", "order_id", "customer_id")
MISSING_ID = r"^(?i:nan|null|none|<na>|\\n|#n/a)$"
TOTALS = r"^(?i:(grand |sub)?totals?|sum|summe|gesamt(summe)?|total g[eé]n[eé]ral|totale|razem|итого)\b.{0,30}$"


@dataclass(frozen=True)
class Settings:
    """What was decided about a file before it is typed.

    Parameters
    ----------
    today : the last day that is not in the future
    day_first : order of 03/04/2024 in the file; None where no value needs it
    decimals : decimal sign of each column that needs one
    """

    today: date
    day_first: bool | None = None
    decimals: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Labels:
    """A column of text: codes into its distinct values.

    Parameters
    ----------
    codes : (n,) int
    labels : distinct values; None is the empty cell
    """

    codes: np.ndarray
    labels: list[str | None]

    def spread(self) -> np.ndarray:
        """(n,) object, one value a row."""
        return np.array([*self.labels, None], object)[:-1][self.codes]

    def where(self, per_label: Sequence[bool]) -> np.ndarray:
        """(n,) bool from one answer a label."""
        return np.array([*per_label, False], bool)[:-1][self.codes]

    @property
    def present(self) -> np.ndarray:
        return self.where([label is not None for label in self.labels])


class Typed:
    """A batch with its cells typed, and the rows that have to be set aside.

    Attributes
    ----------
    text, figures, moments : the columns by kind
    why : (n,) index into `reasons` of the first thing wrong with a row; -1 for a good row
    reasons : (sentence, column)
    missing_ids : ids written as nan, null or none
    """

    def __init__(self, batch: Batch, columns: Sequence[Column], settings: Settings) -> None:
        self.batch = batch
        self.size = len(batch)
        self.text: dict[str, Labels] = {}
        self.figures: dict[str, Numbers] = {}
        self.moments: dict[str, Moments] = {}
        self.why = np.full(self.size, -1, np.int32)
        self.reasons: list[tuple[str, str | None]] = []
        self.missing_ids = 0
        self._settings = settings
        self._totals()
        for column in columns:
            if column.name in batch.columns:
                self._read(column, batch.columns[column.name])

    @property
    def good(self) -> np.ndarray:
        """(n,) bool, rows with nothing wrong."""
        return self.why < 0

    def reject(self, rows: np.ndarray, reason: str, column: str | None) -> None:
        """Set these rows aside, those that were not before."""
        rows = rows & (self.why < 0)
        if rows.any():
            self.reasons.append((reason, column))
            self.why[rows] = len(self.reasons) - 1

    def _read(self, column: Column, text: pa.Array) -> None:
        if column.kind is Kind.TEXT:
            self._read_text(column, text)
        elif column.kind in (Kind.DATE, Kind.MOMENT):
            self._read_moment(column, text)
        else:
            self._read_number(column, text)

    def _read_text(self, column: Column, text: pa.Array) -> None:
        coded = text.dictionary_encode()
        labels: list[str | None] = [label or None for label in coded.dictionary.to_pylist()]
        if column.name in IDS:
            odd = pc.match_substring_regex(coded.dictionary, MISSING_ID).to_pylist()
            labels = [None if strange else label for label, strange in zip(labels, odd, strict=True)]
            if any(odd):
                self.missing_ids += int(np.array(odd)[coded.indices.to_numpy()].sum())
        found = Labels(coded.indices.to_numpy(), labels)
        long = [label is not None and len(label) > LONGEST_TEXT for label in labels]
        if any(long):
            self.reject(found.where(long), f"{column.name} has more than {LONGEST_TEXT:,} characters", column.name)
        self.text[column.name] = found
        if column.required:
            self.reject(~found.present, f"{column.name} is empty", column.name)

    def _read_moment(self, column: Column, text: pa.Array) -> None:
        settings = self._settings
        found = dates.read(text, settings.day_first, whole_days=column.kind is Kind.DATE)
        self.moments[column.name] = found
        self.reject(found.bad, f"{column.name} is no date", column.name)
        if column.required:
            self.reject(~found.present & ~found.bad, f"{column.name} is empty", column.name)
        first, last = (FIRST_DAY - EPOCH).days, (settings.today + AHEAD - EPOCH).days
        self.reject(found.present & (found.days < first), f"{column.name} lies before {FIRST_DAY.year}", column.name)
        self.reject(found.present & (found.days > last), f"{column.name} lies in the future", column.name)

    def _read_number(self, column: Column, text: pa.Array) -> None:
        found = numbers.read(text, self._settings.decimals.get(column.name))
        self.figures[column.name] = found
        self.reject(found.bad, f"{column.name} is no number, or one too large", column.name)
        low, high = column.low, column.high
        if low is not None:
            self.reject(
                found.present & (found.units < low * MONEY_SCALE), f"{column.name} is below {low:,.0f}", column.name
            )
        if high is not None:
            self.reject(
                found.present & (found.units > high * MONEY_SCALE), f"{column.name} is above {high:,.0f}", column.name
            )

    def _totals(self) -> None:
        """A line of totals is no order, whatever else it holds."""
        columns = self.batch.columns
        ids = [pc.equal(columns[name], "").to_numpy(zero_copy_only=False) for name in IDS if name in columns]
        nameless = np.logical_and.reduce(ids) if ids else np.zeros(self.size, bool)
        for name in (*IDS, "date", "product", "category", "region"):
            if name not in columns or (name not in (*IDS, "date") and not nameless.any()):
                continue
            match = pc.match_substring_regex(columns[name], TOTALS).to_numpy(zero_copy_only=False)
            # A product may be called Total; without any id beside it, it is the foot of a table.
            match = match if name in (*IDS, "date") else match & nameless
            self.reject(match, "it is a line of totals", name)
        every = [pc.equal(text, "").to_numpy(zero_copy_only=False) for text in self.batch.columns.values()]
        if every:
            self.reject(np.logical_and.reduce(every), "every cell is empty", None)
