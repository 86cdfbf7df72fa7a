"""`shoplight anomalies` on the demo shop and on a table, and its mistakes."""

from __future__ import annotations

import json

import numpy as np
import pytest


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "series.csv"
    values = np.random.default_rng(1).poisson(100, 120)
    values[40] = 260
    days = np.datetime64("2025-01-01") + np.arange(120)
    path.write_text("d,v\n" + "".join(f"{day},{value}\n" for day, value in zip(days, values, strict=True)))
    return path


def test_the_planted_incident_is_told_to_machines(shoplight, shop_db):
    done = shoplight("anomalies", "--db", shop_db, "--from", "2025-11-01", "--to", "2025-11-30", "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert got["window"] == {"start": "2025-11-01", "end": "2025-11-30"} and got["data_version"] == 1
    first = got["anomalies"][0]
    assert first["where"] == {"region": "West", "channel": "Social"} and first["kind"] == "dip"
    assert (first["start"], first["end"]) == ("2025-11-03", "2025-11-23")
    assert first["actual"] < first["low"] < first["expected"] < first["high"] and first["money"] < 0
    assert {"metric", "score", "label", "causes"} <= set(first) and got["series_watched"] > 100


def test_a_person_reads_where_when_and_how_much(shoplight, shop_db):
    asked = ("anomalies", "--db", shop_db, "--from", "2025-11-01", "--to", "2025-11-30", "--metric", "orders")
    text = shoplight(*asked).stdout
    assert "2025-11-03 to 2025-11-23" in text and "West x Social" in text and "€" in text


def test_a_table_is_answered_without_a_shop(shoplight, series):
    done = shoplight("anomalies", "--table", series, "--date", "d", "--value", "v", "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    (one,) = got["anomalies"]
    assert (one["date"], one["end"], one["value"], one["kind"]) == ("2025-02-10", "2025-02-10", 260, "spike")
    assert one["low"] < one["expected"] < one["high"] < 260 and got["series"] == 1
    assert "Making the demo shop" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--value", "v"], "--table needs --date COLUMN"),
        (["--date", "d", "--value", "w"], "'w'"),
        (["--date", "d", "--value", "v", "--region", "West"], "--region asks about the shop"),
        (["--date", "d", "--value", "v", "--metric", "orders"], "--metric names a metric of a shop"),
    ],
)
def test_a_mistake_with_a_table_is_one_sentence(shoplight, series, arguments, sentence):
    done = shoplight("anomalies", "--table", series, *arguments)
    assert done.returncode == 2 and sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and done.stdout == ""


def test_a_column_without_a_table_is_a_mistake(shoplight, shop_db):
    done = shoplight("anomalies", "--db", shop_db, "--date", "d")
    assert done.returncode == 2 and "give the table with --table FILE" in done.stderr
