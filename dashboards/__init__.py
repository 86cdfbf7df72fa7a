"""How answers are arranged: one file per page."""
