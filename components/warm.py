"""Build every chart's template before the first visitor comes."""

from __future__ import annotations

import importlib
import pkgutil

import components
from components.live_chart import Blueprint, template


def blueprints() -> tuple[Blueprint, ...]:
    """Every blueprint that a module of this folder, or of a folder in it, declares, by module name."""
    found: dict[str, Blueprint] = {}
    for entry in sorted(pkgutil.walk_packages(components.__path__, "components."), key=lambda m: m.name):
        module = importlib.import_module(entry.name)
        found |= {b.name: b for b in vars(module).values() if isinstance(b, Blueprint)}
    return tuple(found.values())


def warm() -> int:
    """Build all templates; how many there are.

    Importing hvPlot and building four charts takes 2 to 3 seconds of processor time, which the first visitor
    would otherwise wait for.
    """
    return len([template(blueprint) for blueprint in blueprints()])
