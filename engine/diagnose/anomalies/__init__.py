"""What was not to be expected: anomalies of every watched series of a shop, and of the series of any table."""

from engine.diagnose.anomalies.answer import Anomalies, Anomaly, anomalies
from engine.diagnose.anomalies.table import TableAnomalies, TableAnomaly, anomalies_in_table
from engine.diagnose.anomalies.watch import WATCHED

__all__ = [
    "WATCHED",
    "Anomalies",
    "Anomaly",
    "TableAnomalies",
    "TableAnomaly",
    "anomalies",
    "anomalies_in_table",
]
