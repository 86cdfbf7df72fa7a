"""Bringing data in from the page: the list of loads, the desk for new files, and the process that reads them."""

from dashboards.intake.desk import ImportDesk
from dashboards.intake.ledger import Ledger

__all__ = ["ImportDesk", "Ledger"]
