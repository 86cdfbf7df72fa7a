"""The shop's database: one writer, many readers, loads that become visible whole."""

from engine.store.derived import customers_as_of
from engine.store.ledger import Load
from engine.store.loading import OpenLoad
from engine.store.operations import Operations
from engine.store.orders import Counts, Listing, OrderLines
from engine.store.outcome import Outcome
from engine.store.reading import Reading
from engine.store.store import Store
from engine.store.writer import Writer

__all__ = [
    "Counts",
    "Listing",
    "Load",
    "OpenLoad",
    "Operations",
    "OrderLines",
    "Outcome",
    "Reading",
    "Store",
    "Writer",
    "customers_as_of",
]
