"""Every measure and metric, found in this folder's files."""

from __future__ import annotations

from engine.errors import UnknownName
from engine.metrics._base import Grain, How, Measure, Metric, Unit
from engine.registry import modules

__all__ = ["MEASURES", "METRICS", "HEADLINES", "Grain", "How", "Measure", "Metric", "Unit", "metric"]

_families = sorted(modules(__name__), key=lambda family: family.ORDER)
MEASURES: dict[str, Measure] = {m.name: m for family in _families for m in family.MEASURES}
METRICS: dict[str, Metric] = {m.name: m for family in _families for m in family.METRICS}

# The five of the first specification, in its order: the cards nobody has to ask for.
HEADLINES: tuple[str, ...] = ("revenue", "orders", "customers", "aov", "satisfaction")


def metric(name: str) -> Metric:
    """The metric of that name; UnknownName with the close match where there is none."""
    if name not in METRICS:
        raise UnknownName("metric", name, METRICS)
    return METRICS[name]
