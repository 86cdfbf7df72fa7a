"""What a shop can be filtered and broken down by, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import UnknownName


@dataclass(frozen=True)
class Dimension:
    """A column to filter and break down by.

    Parameters
    ----------
    name : the column's name in the schema
    label : what a person reads
    plural : the label for many
    """

    name: str
    label: str
    plural: str


# The key of rows that have no value; shown as NOT_GIVEN, never dropped.
EMPTY = ""
NOT_GIVEN = "(not given)"

DIMENSIONS: dict[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("region", "Region", "Regions"),
        Dimension("segment", "Segment", "Segments"),
        Dimension("category", "Category", "Categories"),
        Dimension("channel", "Channel", "Channels"),
        Dimension("payment_method", "Payment method", "Payment methods"),
        Dimension("age_group", "Age group", "Age groups"),
        Dimension("product", "Product", "Products"),
    )
}

# Each tuple reads from the widest to the narrowest split.
HIERARCHIES: dict[str, tuple[str, ...]] = {
    "place": ("region", "segment"),
    "time": ("year", "quarter", "month", "day"),
    "assortment": ("category", "channel", "segment"),
    "people": ("segment", "age_group"),
}

# Axes made of the date rather than of a column. week is labelled by its Monday, month by its first day.
TIME_AXES: tuple[str, ...] = ("day", "week", "month", "quarter", "year", "weekday", "hour")


def dimension(name: str) -> Dimension:
    """The dimension of that name; UnknownName with the close match where there is none."""
    if name not in DIMENSIONS:
        raise UnknownName("dimension", name, DIMENSIONS)
    return DIMENSIONS[name]
