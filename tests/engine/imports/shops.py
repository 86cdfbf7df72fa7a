"""Random tables of orders, and random ways to write them down."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

HEAD = ("order_id", "customer_id", "date", "revenue", "region")
START = datetime(2020, 1, 1)

# Any text but control characters, and not what stands for a missing id or a line of totals.
plain_text = (
    st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=8)
    .map(lambda text: f"r{text}")
    .filter(lambda text: text == text.strip())
)
names = st.one_of(
    plain_text, st.sampled_from(["NA", "null", "None", "a,b", 'say "x"', "two\nlines", "1;2", "tab\tbed"])
)
ids = st.one_of(st.integers(0, 9).map("{:03d}".format), st.sampled_from(["9007199254740993", "x-1", "007"]))


@dataclass(frozen=True)
class Line:
    order: str
    customer: str
    when: datetime
    units: int
    region: str


@st.composite
def lines(draw, orders: int = 6) -> list[Line]:
    """Orders of one to five lines, of which some are the same."""
    found: list[Line] = []
    for number in range(draw(st.integers(1, orders))):
        customer, region = draw(ids), draw(names)
        when = START + timedelta(minutes=draw(st.integers(0, 2_000_000)))
        prices = draw(st.lists(st.sampled_from([100, 12_345, 999_900, 10_000_000]), min_size=1, max_size=5))
        found += [Line(f"O{number}", customer, when, price, region) for price in prices]
    return found


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    decimal: str
    day: str
    end: str
    encoding: str
    quoting: int


@st.composite
def dialects(draw) -> Dialect:
    return Dialect(
        draw(st.sampled_from(",;\t|")),
        draw(st.sampled_from(".,")),
        draw(
            st.sampled_from(
                ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S"]
            )
        ),
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )


ISO = Dialect(",", ".", "%Y-%m-%d %H:%M:%S", "\n", "utf-8", csv.QUOTE_MINIMAL)


def written(table: list[Line], dialect: Dialect = ISO) -> bytes:
    """The table as a file."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=dialect.delimiter, lineterminator=dialect.end, quoting=dialect.quoting)
    writer.writerow(HEAD)
    for line in table:
        money = f"{line.units / 10_000:.4f}".replace(".", dialect.decimal)
        writer.writerow((line.order, line.customer, line.when.strftime(dialect.day), money, line.region))
    return file.getvalue().encode(dialect.encoding)
