"""Online Retail as a snapshot."""

from __future__ import annotations

import pytest

from engine.snapshot import Snapshot


@pytest.fixture(scope="package")
def uk(data_folder) -> Snapshot:
    """The sales of Online Retail, by pandas alone: lines with a quantity and a price above 0 that are not cancelled."""
    import pandas as pd

    path = data_folder / "online_retail" / "online_retail_2010_2011.parquet"
    if not path.is_file():
        pytest.skip(f"Online Retail is not at {path}")
    lines = pd.read_parquet(path)
    lines = lines[
        (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0) & ~lines["InvoiceNo"].astype(str).str.startswith("C")
    ]
    return Snapshot.from_columns(
        {
            "date": lines["InvoiceDate"].to_numpy(),
            "order_id": lines["InvoiceNo"].astype(str).to_numpy(),
            "revenue": (lines["Quantity"] * lines["UnitPrice"]).round(2).to_numpy(),
            "region": lines["Country"].astype(str).to_numpy(),
        }
    )
