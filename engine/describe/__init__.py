"""What happened: answers to the questions a page asks, as frozen values."""

from engine.describe.breakdown import Breakdown, Row, breakdown
from engine.describe.drill import Drill, DrillRow, drill
from engine.describe.grains import GRAINS, default_grain, grains
from engine.describe.kpis import Kpi, kpis
from engine.describe.pivot import Pivot, pivot
from engine.describe.top import TopRow, TopTable, top
from engine.describe.trend import Trend, trend
from engine.describe.values import compared
from engine.describe.whole import Gap, comparison_of, gap

__all__ = [
    "GRAINS",
    "Breakdown",
    "Drill",
    "DrillRow",
    "Gap",
    "Kpi",
    "Pivot",
    "Row",
    "TopRow",
    "TopTable",
    "Trend",
    "breakdown",
    "compared",
    "comparison_of",
    "default_grain",
    "drill",
    "gap",
    "grains",
    "kpis",
    "pivot",
    "top",
    "trend",
]
