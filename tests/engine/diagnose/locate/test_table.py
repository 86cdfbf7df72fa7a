"""Any table answers as its leaves do, whatever its values look like."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from engine.diagnose.locate import locate_in_table
from engine.errors import EngineError, UnknownName

SHOPS, KINDS, WAYS = (
    ("North Sea", "a+b", "", "Zürich", "x=y&z"),
    ("K 1", "K,2", 'K"3'),
    ("w1", "w2", "w3", "w4", "w5", "w6"),
)


@pytest.fixture
def frame():
    rng = np.random.default_rng(4)
    rows = pd.MultiIndex.from_product([SHOPS, KINDS, WAYS, range(12)], names=["shop", "kind", "way", "hour"]).to_frame(
        index=False
    )
    rows["predict"] = rng.lognormal(3, 1, len(rows))
    rows["real"] = rows["predict"] * (1 + rng.normal(0, 0.08, len(rows)))
    hit = (rows["shop"] == "a+b") & (rows["kind"] == "K,2")
    rows.loc[hit, "real"] = rows.loc[hit, "predict"] * 0.4
    rows.loc[rows["shop"].eq("") & rows["way"].eq("w2"), "real"] *= 1.9
    return rows


WANT = [{"kind": "K,2", "shop": "a+b"}, {"shop": "", "way": "w2"}]


def ordered(wheres) -> list[dict]:
    return sorted(wheres, key=lambda where: sorted(where.items()))


def wheres(located) -> list[dict]:
    return ordered(dict(cause.where) for cause in located.causes)


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz", "parquet"])
def test_the_same_causes_from_every_kind_of_file(frame, tmp_path, ending):
    path = tmp_path / f"leaf.{ending}"
    if ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if ending == "tsv" else ",")
    located = locate_in_table(path, "real", "predict")
    assert wheres(located) == ordered(WANT)
    answer = json.loads(json.dumps(located.to_dict(), allow_nan=False))
    assert [set(cause) >= {"where", "score", "share", "actual", "expected"} for cause in answer["causes"]] == [
        True,
        True,
    ]
    assert answer["dimensions"] == ["shop", "kind", "way", "hour"]
    assert answer["causes"][0]["score"] >= answer["causes"][1]["score"]


def test_row_numbers_and_other_figures_are_left_out_and_said_so(frame, tmp_path):
    frame["row"] = [f"r{i}" for i in range(len(frame))]
    frame["price"] = np.linspace(1, 2, len(frame))
    frame.to_csv(tmp_path / "t.csv", index=False)
    located = locate_in_table(tmp_path / "t.csv", "real", "predict")
    assert located.dimensions == ("shop", "kind", "way", "hour")
    assert located.notes[-1] == "Left out as dimensions, because nearly every row has its own value: row, price."
    chosen = locate_in_table(tmp_path / "t.csv", "real", "predict", dimensions=["kind", "shop"])
    assert WANT[0] in wheres(chosen)


def test_rows_of_one_combination_are_added_up(frame, tmp_path):
    frame.to_csv(tmp_path / "whole.csv", index=False)
    halves = pd.concat([frame, frame])
    halves[["real", "predict"]] /= 2
    halves.to_csv(tmp_path / "halves.csv", index=False)
    one, two = (locate_in_table(tmp_path / f"{n}.csv", "real", "predict") for n in ("whole", "halves"))
    assert wheres(one) == wheres(two)
    assert one.actual == pytest.approx(two.actual)


def test_ratios_by_weight_or_by_two_pairs_of_columns(tmp_path):
    rng = np.random.default_rng(6)
    rows = pd.MultiIndex.from_product(
        [[f"a{i}" for i in range(8)], [f"b{i}" for i in range(10)]], names=["a", "b"]
    ).to_frame(index=False)
    rows["n1"], rows["n0"] = rng.integers(200, 900, len(rows)), rng.integers(200, 900, len(rows))
    rate = rng.uniform(0.3, 0.6, len(rows))
    rows["h0"] = rng.binomial(rows["n0"], rate)
    hit = rows["a"] == "a3"
    rows["h1"] = rng.binomial(rows["n1"], np.where(hit, rate * 0.6, rate))
    rows["r1"], rows["r0"] = rows["h1"] / rows["n1"], rows["h0"] / rows["n0"]
    rows.to_csv(tmp_path / "r.csv", index=False)
    pairs = locate_in_table(tmp_path / "r.csv", "h1/n1", "h0/n0", dimensions=["a", "b"])
    weighted = locate_in_table(tmp_path / "r.csv", "r1", "r0", dimensions=["a", "b"], weight="n1")
    assert wheres(pairs) == wheres(weighted) == [{"a": "a3"}]
    cause = pairs.causes[0]
    assert cause.actual == pytest.approx(rows.loc[hit, "h1"].sum() / rows.loc[hit, "n1"].sum())
    assert cause.actual / cause.expected == pytest.approx(0.6, rel=0.1)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"actual": "rael"}, "Did you mean 'real'"),
        ({"dimensions": ["shp"]}, "Did you mean 'shop'"),
        ({"dimensions": ["real"]}, "cannot be a dimension of it too"),
        ({"actual": "way"}, "is no number"),
        ({"actual": "real/predict"}, "do not fit together"),
        ({"weight": "wieght"}, "No column"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_a_sentence(frame, tmp_path, asked, sentence):
    frame.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(EngineError, match=sentence):
        locate_in_table(tmp_path / "t.csv", **({"actual": "real", "expected": "predict"} | asked))


def test_a_missing_column_is_an_unknown_name(frame, tmp_path):
    frame.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(UnknownName):
        locate_in_table(tmp_path / "t.csv", "real", "predicted")


def test_empty_cells_count_as_nothing_and_are_told(frame, tmp_path):
    frame.loc[3, "real"] = np.nan
    frame.to_csv(tmp_path / "t.csv", index=False)
    assert "Empty cells of 1 rows count as 0." in locate_in_table(tmp_path / "t.csv", "real", "predict").notes
