"""Text tables: delimiter and header found, rows cut into cells, a row that does not fit caught with its line.

Blocks of whole lines go through Arrow's reader, which is fast. From the first block on in which a
quoted cell spans lines, rows go through the csv module, which is exact about lines.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from engine.errors import ImportRefused
from engine.imports.batch import BATCH_ROWS, Batch, Broken, flat
from engine.imports.header import looks_like_data, named_header
from engine.imports.sources import Source
from engine.imports.survey import survey

DELIMITERS = (",", ";", "\t", "|")
BLANKS = "blanks"
BLOCK = 4 << 20
# The longest line or quoted cell we follow: a description has hundreds of letters, a lost quote swallows the file.
LONGEST_ROW = 8 << 20
LONGEST_CELL = 2 << 20
MOST_COLUMNS = 2_000
SAMPLE_LINES = 60

csv.field_size_limit(LONGEST_CELL)


class TextTable:
    """A CSV, TSV or blank-separated file, in any usual encoding, gzip or not."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._survey = survey(source)
        self.name = source.name
        self.sha256 = self._survey.sha256
        self.named = source.named
        self.notes: list[str] = []
        numbers, sample = self._sample()
        self.delimiter, told = _told(sample[0]), 1
        if not self.delimiter:
            self.delimiter, told = _delimiter(sample), 0
        if len(sample) == told:
            raise ImportRefused(f"{self.name} has no rows.")
        title = told + _title_lines(sample[told:], self.delimiter)
        first = _split(sample[title:], self.delimiter)
        first += [""] * _empty_behind(sample[title:], self.delimiter, len(first))
        self._above = numbers[title]
        if title > told:
            self.notes.append(
                f"{self.name}: the table begins on line {self._above + 1}; the title above is passed over."
            )
        if len(first) > MOST_COLUMNS:
            raise ImportRefused(f"{self.name} has {len(first):,} columns; {MOST_COLUMNS:,} is the most. Is it a table?")
        self.has_header = not looks_like_data(first)
        self.header = named_header(first if self.has_header else [""] * len(first))
        self.rows_expected = max(0, self._survey.lines - self._above - self.has_header)
        if self._survey.encoding not in ("utf-8", "utf-8-sig", "ascii"):
            self.notes.append(f"{self.name} was read as {self._survey.encoding}.")

    def batches(self, columns: list[str] | None = None) -> Iterator[Batch]:
        """The rows of the file, every cell as text."""
        wanted = [c for c in self.header if columns is None or c in columns]
        for batch in self._pieces(wanted):
            for start in range(0, len(batch), BATCH_ROWS) or (0,):
                part = batch.slice(start, start + BATCH_ROWS)
                part.broken = batch.broken if start == 0 else []
                yield part

    # -- finding out --

    def _sample(self) -> tuple[list[int], list[str]]:
        """The first lines that hold something, and how many lines come before each."""
        filled = ((number, line.rstrip("\r\n")) for number, line in enumerate(self._text_lines()) if line.strip())
        numbered = list(islice(filled, SAMPLE_LINES))
        if not numbered:
            raise ImportRefused(f"{self.name} is empty: it holds only blanks and line breaks.")
        return [number for number, _ in numbered], [line for _, line in numbered]

    # -- reading --

    def _blocks(self) -> Iterator[bytes]:
        """Blocks of UTF-8 bytes that end with a line break, but for the last."""
        decoder = codecs.getincrementaldecoder(self._survey.encoding)("strict")
        recode = self._survey.encoding != "utf-8"
        rest = b""
        with self._source.open() as file:
            while raw := file.read(BLOCK):
                block = self._decoded(decoder, raw) if recode else raw
                if self._survey.only_cr:
                    block = block.replace(b"\r", b"\n")
                block = rest + block
                cut = block.rfind(b"\n") + 1
                rest = block[cut:]
                if len(rest) > LONGEST_ROW:
                    raise ImportRefused(f"{self.name} has a line of more than {LONGEST_ROW >> 20} MB. Is it a table?")
                if cut:
                    yield block[:cut]
        if rest:
            yield rest

    def _decoded(self, decoder: codecs.IncrementalDecoder, raw: bytes) -> bytes:
        try:
            return decoder.decode(raw).encode()
        except UnicodeError as error:
            raise ImportRefused(
                f"{self.name} begins as {self._survey.encoding} but does not keep to it ({error.reason}). "
                "Save it as UTF-8."
            ) from error

    def _text_lines(self) -> Iterator[str]:
        for block in self._blocks():
            yield from io.StringIO(block.decode(), newline="\n")

    def _pieces(self, wanted: list[str]) -> Iterator[Batch]:
        blocks = self._blocks()
        line = 1
        head = self._above + self.has_header
        for block in blocks:
            if self.delimiter != BLANKS and _plain(block, self.delimiter):
                count = block.count(b"\n") + (not block.endswith(b"\n"))
                drop = min(head, count)
                body = _after_lines(block, drop)
                if body:
                    yield self._fast(body, line + drop, wanted)
                head -= drop
                line += count
            else:
                yield from self._exact(_chain(block, blocks), line, head, wanted)
                return

    def _fast(self, block: bytes, line: int, wanted: list[str]) -> Batch:
        broken: list[tuple[int, str, int]] = []

        def keep_broken(row) -> str:
            broken.append((row.number, row.text, row.actual_columns))
            return "skip"

        table = self._parsed(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                column_names=self.header, use_threads=False, block_size=len(block) + 1024, encoding="utf8"
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter, invalid_row_handler=keep_broken, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in self.header},
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
        keep = np.ones(len(table) + len(broken), bool)
        keep[[number - 1 for number, _, _ in broken]] = False
        lines = np.flatnonzero(keep) + line
        batch = Batch(self.name, {name: flat(table[name]) for name in wanted}, lines)
        blank = _blank_lines(block, line)
        if blank.size:
            batch = batch.take(~np.isin(lines, blank))
        batch.broken = [
            Broken(line + number - 1, text[:200], self._misfit(found)) for number, text, found in broken if text.strip()
        ]
        return batch

    def _parsed(self, block: pa.BufferReader, **options) -> pa.Table:
        try:
            return arrow_csv.read_csv(block, **options)
        except pa.ArrowInvalid as error:
            raise ImportRefused(f"{self.name} cannot be cut into cells ({str(error)[:160]}).") from error

    def _exact(self, blocks: Iterator[bytes], line: int, head: int, wanted: list[str]) -> Iterator[Batch]:
        pick = [self.header.index(name) for name in wanted]
        rows: list[list[str]] = []
        lines: list[int] = []
        broken: list[Broken] = []
        for start, cells in self._records(blocks, line, head):
            if isinstance(cells, Broken):
                broken.append(cells)
            elif len(cells) != len(self.header):
                broken.append(Broken(start, _cut(cells), self._misfit(len(cells))))
            else:
                rows.append(cells)
                lines.append(start)
            if len(rows) >= BATCH_ROWS:
                yield _from_rows(self.name, wanted, pick, rows=rows, lines=lines, broken=broken)
                rows, lines, broken = [], [], []
        yield _from_rows(self.name, wanted, pick, rows=rows, lines=lines, broken=broken)

    def _records(self, blocks: Iterator[bytes], line: int, head: int) -> Iterator[tuple[int, list[str] | Broken]]:
        """Each row with its first line; `head` lines are still to be passed over, the last being the header's."""
        text = (piece for block in blocks for piece in io.StringIO(block.decode(), newline="\n"))
        skip = head > 0 and self.has_header
        above = max(0, head - skip)
        text, line = islice(text, above, None), line + above
        if self.delimiter == BLANKS:
            numbered = ((line + i, piece.split()) for i, piece in enumerate(text) if piece.strip())
            yield from (found for i, found in enumerate(numbered) if i >= skip)
            return
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        while True:
            start = line + reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield start, self._misquoted(start, line + reader.line_num - 1, error)
                continue
            if skip or not any(cells):
                skip = skip and not any(cells)
                continue
            yield start, [cell.strip() for cell in cells]

    def _misquoted(self, start: int, end: int, error: csv.Error) -> Broken:
        if end > start or "unexpected end" in str(error) or "field larger" in str(error):
            raise ImportRefused(
                f"{self.name}, line {start:,}: a quote is opened that is not closed properly "
                f"(looked until line {end:,}). "
                'Write a quote inside a cell twice (""), or export the file again.'
            )
        return Broken(start, "", f"its quotes do not match ({error})")

    def _misfit(self, found: int) -> str:
        return f"{found} cells where the header has {len(self.header)}"


def _plain(block: bytes, delimiter: str) -> bool:
    """Whether Arrow reads these lines as they are meant: no quoted cell spans lines, no quote stands in the open.

    Arrow reads `"x"y` as `xy`; the csv module says that it is no cell.
    """
    if block.count(b"\r") != block.count(b"\r\n"):
        return False
    if b'"' not in block:
        return True
    raw = np.frombuffer(block, np.uint8)
    breaks = np.flatnonzero(raw == 10)
    quotes = np.flatnonzero(raw == 34)
    if len(quotes) % 2 or (np.searchsorted(quotes, breaks) & 1).any():
        return False
    ends = np.zeros(256, bool)
    ends[[10, 13, 34, ord(delimiter)]] = True
    before, behind = ends[raw[np.maximum(quotes - 1, 0)]], ends[raw[np.minimum(quotes + 1, len(raw) - 1)]]
    return bool((before | behind | (quotes == 0)).all())


def _after_lines(block: bytes, count: int) -> bytes:
    at = 0
    for _ in range(count):
        at = block.find(b"\n", at) + 1
        if not at:
            return b""
    return block[at:]


def _blank_lines(block: bytes, line: int) -> np.ndarray:
    """Lines of the file, of those in this block, that hold nothing: they are no rows."""
    if b"\n\n" not in block and b"\n\r\n" not in block and not block.startswith((b"\n", b"\r\n")):
        return np.empty(0, np.int64)
    return np.array([line + n for n, piece in enumerate(block.split(b"\n")) if not piece.strip()], np.int64)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _from_rows(
    name: str, wanted: list[str], pick: list[int], *, rows: list[list[str]], lines: list[int], broken: list[Broken]
) -> Batch:
    columns = {
        column: flat(pa.array([row[i] for row in rows], pa.string())) for column, i in zip(wanted, pick, strict=True)
    }
    return Batch(name, columns, np.array(lines, np.int64), broken)


def _cut(cells: list[str]) -> str:
    return ",".join(cells)[:200]


def _split(lines: list[str], delimiter: str) -> list[str]:
    """The cells of the first record of these lines."""
    if delimiter == BLANKS:
        return lines[0].split()
    try:
        return [cell.strip() for cell in next(csv.reader((line + "\n" for line in lines), delimiter=delimiter))]
    except csv.Error:
        return lines[0].split(delimiter)


def _told(line: str) -> str:
    """The delimiter that Excel's own first line `sep=;` names; empty where it is no such line."""
    told = line.strip('"')
    return told[4] if len(told) == 5 and told.lower().startswith("sep=") and told[4] in DELIMITERS else ""


def _title_lines(sample: list[str], delimiter: str) -> int:
    """How many lines of a title stand above the header: lines that fill less than half of the table's columns."""
    rows = _rows(sample, delimiter)
    width = _usual_width([len(cells) for _, cells in rows])
    filled = ((start, sum(bool(cell.strip()) for cell in cells)) for start, cells in rows)
    return next((start for start, count in filled if 2 * count >= width), 0)


def _empty_behind(sample: list[str], delimiter: str, width: int) -> int:
    """How many cells every row has behind the header's last, all of them empty: lines that end in a delimiter."""
    behind = [cells[width:] for _, cells in _rows(sample, delimiter)[1:]]
    more = {len(cells) for cells in behind}
    return more.pop() if len(more) == 1 and not any(map(any, behind)) else 0


def _rows(sample: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows of these lines and where each begins, as far as they can be cut."""
    rows: list[tuple[int, list[str]]] = []
    if delimiter == BLANKS:
        return rows
    reader = csv.reader((line + "\n" for line in sample), delimiter=delimiter)
    try:
        while True:
            rows.append((reader.line_num, next(reader)))
    except (csv.Error, StopIteration):
        return rows


def _usual_width(widths: list[int]) -> int:
    """The number of cells that most rows have; of two as frequent, the larger."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _delimiter(sample: list[str]) -> str:
    """The character that cuts most lines into the same number of cells, two at least."""
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        score = _agreement(sample, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    if best:
        return best
    counts = {len(line.split()) for line in sample}
    if len(counts) == 1 and min(counts) >= 3:
        return BLANKS
    return ","


def _agreement(sample: list[str], delimiter: str) -> float:
    try:
        widths = [len(row) for row in csv.reader((line + "\n" for line in sample), delimiter=delimiter)]
    except csv.Error:
        widths = [len(line.split(delimiter)) for line in sample]
    usual = _usual_width(widths)
    if usual < 2:
        return 0.0
    same = sum(width == usual for width in widths) / len(widths)
    # A decimal comma cuts a semicolon file evenly too, but into fewer or ragged cells; the header has none.
    return same + min(usual, 50) / 1000
