"""Why a number moved: exact splits, causes, anomalies, drivers, and whether it is the data."""
