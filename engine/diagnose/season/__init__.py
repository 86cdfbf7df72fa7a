"""What is normal for the season: a robust model of daily series, and how much of a change it explains."""

from engine.diagnose.season.normal import Normal, normal_change
from engine.diagnose.season.trading import Trading, trading

__all__ = ["Normal", "Trading", "normal_change", "trading"]
