"""Small files, good and bad, each with the verdict it must get: built in code, so that every byte is visible."""

from tests.engine.imports.corpus._case import TODAY, Accepted, Case, Refused, table
from tests.engine.imports.corpus.books import BOOKS
from tests.engine.imports.corpus.columns import COLUMNS
from tests.engine.imports.corpus.dates import DATES
from tests.engine.imports.corpus.encodings import ENCODINGS
from tests.engine.imports.corpus.files import FILES
from tests.engine.imports.corpus.formats import FORMATS
from tests.engine.imports.corpus.numbers import NUMBERS
from tests.engine.imports.corpus.shapes import SHAPES

CASES = [*FORMATS, *ENCODINGS, *SHAPES, *COLUMNS, *NUMBERS, *DATES, *FILES, *BOOKS]

__all__ = ["CASES", "TODAY", "Accepted", "Case", "Refused", "table"]
