"""`shoplight explain`: JSON that sums to the cent, sentences for a person, and a table without any shop."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from dashboards.cli._explained import as_answer
from tests.engine.diagnose.test_sentences import CAUSED

AROUND = ("--from", "2025-10-27", "--to", "2025-11-23")


@pytest.fixture(scope="module")
def answer(shoplight, shop_db) -> dict:
    done = shoplight("explain", "--db", shop_db, *AROUND, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, parse_float=Decimal)


def test_the_json_holds_what_is_promised(answer):
    assert answer["window"] == {"start": "2025-10-27", "end": "2025-11-23"}
    assert answer["comparison"] == {"start": "2025-09-29", "end": "2025-10-26"}
    promised = {"currency", "data_version", "metric", "value", "comparison_value", "change", "normal", "problems"}
    promised |= {"splits", "factors", "factors_net", "causes", "ruled_out", "sentences"}
    assert promised <= set(answer)
    assert {"absolute", "relative", "low", "high", "tag"} <= set(answer["change"])
    parts = {"key", "label", "value", "comparison", "contribution", "share", "rate", "mix", "low", "high", "tag"}
    for split in answer["splits"]:
        assert {"axis", "parts", "overlap", "reversal"} <= set(split)
        assert all(parts <= set(part) for part in split["parts"])
    assert 2 <= len(answer["sentences"]) <= 5


def test_contributions_sum_to_the_change_to_the_cent(answer):
    change = answer["change"]["absolute"]
    assert answer["value"] - answer["comparison_value"] == change
    assert sum(part["contribution"] for part in answer["factors"]) == change
    net = sum(part["contribution"] for part in answer["factors_net"])
    assert net == net.quantize(Decimal("0.0001")) != change
    for split in answer["splits"]:
        parts = split["parts"] + [split["others"]] * (split["others"] is not None)
        assert sum(part["contribution"] for part in parts) + Decimal(split["overlap"]) == change


def test_a_cause_is_told_with_its_days_and_its_way():
    (cause,) = json.loads(json.dumps(as_answer(CAUSED), allow_nan=False))["causes"]
    assert cause["where"] == {"region": "West", "channel": "Social"}
    assert (cause["since"], cause["until"], cause["way"]) == ("2025-11-03", None, "orders")
    assert (cause["score"], cause["contribution"], cause["factors"]) == (0.7, -7150, [])


def test_a_person_reads_sentences_then_tables(shoplight, shop_db):
    incident = ("--from", "2025-11-03", "--to", "2025-11-23", "--metric", "orders")
    done = shoplight("explain", "--db", shop_db, *incident)
    assert done.returncode == 0, done.stderr
    first, *_ = done.stdout.splitlines()
    assert first.startswith("Orders fell ") and "against the three weeks before" in first
    for words in ("Orders per customer", "West × Social", "Ruled out: ", "contribution"):
        assert words in done.stdout


def test_a_table_needs_no_shop(shoplight, tmp_path):
    rows = [
        f"{a},{b},{100 if (a, b) != ('a3', 'b1') else 40},100"
        for a in (f"a{i}" for i in range(8))
        for b in (f"b{i}" for i in range(8))
    ]
    (tmp_path / "leaf.csv").write_text("\n".join(["a,b,real,predict", *rows]))
    done = shoplight("explain", "--table", tmp_path / "leaf.csv", "--actual", "real", "--expected", "predict", "--json")
    assert done.returncode == 0, done.stderr
    (cause,) = json.loads(done.stdout)["causes"]
    assert cause["where"] == {"a": "a3", "b": "b1"} and {"score", "share"} <= set(cause)
    assert not list(tmp_path.glob("*.db")) and "demo shop" not in done.stderr


MISTAKES = [
    (["--table", "leaf.csv"], "--table needs --actual and --expected"),
    (["--table", "leaf.csv", "--metric", "orders"], "leave it out"),
    (["--table", "leaf.csv", "--from", "2025-01-01"], "leave it out"),
    (["--actual", "real"], "--actual belongs to a table"),
]


@pytest.mark.parametrize(("arguments", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence(shoplight, arguments, sentence):
    done = shoplight("explain", *arguments)
    assert done.returncode == 2 and sentence in done.stderr and len(done.stderr.splitlines()) == 1
