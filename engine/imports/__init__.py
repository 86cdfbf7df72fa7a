"""Exports of real shops become rows of the shop's database, with a report that adds up."""

from engine.imports.report import Preview, Report
from engine.imports.run import import_paths, preview

__all__ = ["Preview", "Report", "import_paths", "preview"]
