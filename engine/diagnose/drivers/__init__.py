"""What moves a shop's customers: correlation, delivery to satisfaction to repeat purchase, and churn."""

from engine.diagnose.drivers.answer import Drivers, drivers
from engine.diagnose.drivers.churn import Churn, Odds, churn
from engine.diagnose.drivers.correlation import Correlation, Pair, correlation
from engine.diagnose.drivers.dose import Chain, Dose, dose
from engine.diagnose.drivers.effect import Effect
from engine.diagnose.drivers.satisfaction import Satisfaction, satisfaction

__all__ = [
    "Chain",
    "Churn",
    "Correlation",
    "Dose",
    "Drivers",
    "Effect",
    "Odds",
    "Pair",
    "Satisfaction",
    "churn",
    "correlation",
    "dose",
    "drivers",
    "satisfaction",
]
