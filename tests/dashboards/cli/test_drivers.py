"""`shoplight drivers` for machines and for people."""

from __future__ import annotations

import json

import pytest

from data.demo import TRUTH


def test_machines_get_every_part_with_intervals(shoplight, shop_db):
    done = shoplight("drivers", "--db", shop_db, "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert got["window"] == {"start": "2024-01-01", "end": "2025-12-31"} and got["currency"] == "EUR"
    slope, ratio = got["dose"]["slope"]["per_day"], got["dose"]["loyalty"]["per_point"]
    assert slope["low"] < TRUTH.satisfaction.per_day < slope["high"]
    assert ratio["low"] < TRUTH.loyalty.per_point < ratio["high"]
    assert got["churn"]["cuts"][0] == "2025-10-03" and got["churn"]["factors"][0]["odds"]["value"] > 0
    assert {"one", "two", "spearman", "q", "n"} <= set(got["correlation"]["pairs"][0])
    assert got["satisfaction"]["counts"][4]["score"] == 5
    assert got["sentences"] and all(isinstance(s, str) for s in got["sentences"])


def test_a_person_reads_sentences_and_tables(shoplight, shop_db):
    text = shoplight("drivers", "--db", shop_db, "--region", "West", "--to", "2025-06-30").stdout
    for heading in (
        "From delivery to satisfaction",
        "Satisfaction taken apart",
        "Who stays away",
        "What goes together",
    ):
        assert heading in text
    assert "Each further delivery day goes with" in text and "points of score" in text
    assert "odds of staying away for" in text and "rank correlation" in text


@pytest.mark.parametrize(("option", "sentence"), [("Wset", "Did you mean 'West'?")])
def test_a_mistake_is_one_sentence(shoplight, shop_db, option, sentence):
    done = shoplight("drivers", "--db", shop_db, "--region", option)
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
