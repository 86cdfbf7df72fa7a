"""The demo shop: two years of an online shop that never was, with every effect in it written down."""

from data.demo.files import write_csv
from data.demo.generate import Demo, generate
from data.demo.lines import to_rows
from data.demo.truth import TRUTH

__all__ = ["TRUTH", "Demo", "generate", "to_rows", "write_csv"]
