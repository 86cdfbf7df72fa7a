"""Planted incidents: how often the cause is named exactly, beside simpler ways."""
