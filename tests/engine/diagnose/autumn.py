"""Four weeks of Online Retail's autumn, 24 October to 20 November 2011, as a database made once a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def online_retail(data_folder: Path, folder: Path) -> Path:
    """The database's path; it lies in the folder, which must outlive the tests."""
    import pandas as pd

    from engine.imports import import_paths

    (whole,) = (data_folder / "online_retail").glob("*.parquet")
    lines = pd.read_parquet(whole)
    moment = next(name for name in lines if lines[name].dtype.kind == "M")
    lines[(lines[moment] >= "2011-10-23") & (lines[moment] < "2011-11-21")].to_parquet(folder / "autumn.parquet")
    import_paths([folder / "autumn.parquet"], folder / "shop.db")
    return folder / "shop.db"
