"""Find what a folder offers: dropping a file in is enough to add a metric, a format or a page."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def modules(package: str) -> Iterator[ModuleType]:
    """Import and yield the modules of a package whose name has no leading underscore, by name.

    Sub-packages are passed over: they are rooms of their own, not entries of this one.
    """
    home = importlib.import_module(package)
    for found in sorted(pkgutil.iter_modules(home.__path__), key=lambda m: m.name):
        if not found.name.startswith("_") and not found.ispkg:
            yield importlib.import_module(f"{package}.{found.name}")
