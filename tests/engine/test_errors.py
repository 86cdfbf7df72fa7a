"""An unknown name is answered with the close one, or with what there is."""

from engine.errors import UnknownName, did_you_mean


def test_the_close_name_is_offered():
    assert str(UnknownName("metric", "revenu", ["revenue", "orders"])) == (
        "No metric named 'revenu'. Did you mean 'revenue'?"
    )


def test_without_a_close_name_the_known_ones_are_listed_and_cut():
    assert did_you_mean("zzz", ["b", "a"]) == " Known: a, b."
    assert did_you_mean("zzz", map(str, range(100, 200))).endswith(", 111, and more.")
    assert did_you_mean("zzz", []) == ""
