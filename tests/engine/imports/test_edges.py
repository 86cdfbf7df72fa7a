"""Orders at the ends of files: going on, repeated, or impossible to tell."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.imports.batch import Batch
from engine.imports.edges import Edge, from_reports, goes_on, runs, whole_orders


def edge(end, *lines, order="X", alone=False):
    return Edge("b.csv", end, order, tuple(sorted(lines)), alone)


def test_an_order_goes_on_when_each_side_has_lines_the_other_lacks():
    assert goes_on(edge("head", "a", "d"), [edge("tail", "a", "b")]) is True


def test_an_order_repeated_whole_or_in_part_cannot_be_told_from_a_cut():
    assert goes_on(edge("head", "a", "b"), [edge("tail", "a", "b")]) is None
    assert goes_on(edge("head", "a"), [edge("tail", "a", "b")]) is None
    assert goes_on(edge("head", "a", "b", "c"), [edge("tail", "a")]) is None


def test_nothing_is_at_stake_without_common_lines_or_at_the_same_end():
    assert goes_on(edge("head", "a"), [edge("tail", "b")]) is False
    assert goes_on(edge("head", "a", "d"), [edge("head", "a", "b")]) is False
    assert goes_on(edge("head", "a", "d"), [edge("tail", "a", "b", order="Y")]) is False


def test_a_file_imported_before_is_known_again_even_after_it_went_on():
    earlier = [edge("tail", "a", "b"), edge("head", "a", "d")]
    assert goes_on(edge("head", "a", "d"), earlier) is False


def test_a_file_of_one_order_does_not_prove_that_the_next_one_is_the_same():
    earlier = [edge("head", "a", alone=True), edge("tail", "a", alone=True)]
    assert goes_on(edge("head", "a"), earlier) is None
    assert goes_on(edge("head", "a", alone=True), earlier) is False


def test_edges_survive_the_ledger():
    found = edge("tail", "a", "a")
    assert from_reports([{"edges": [found.to_dict()]}, {}]) == [found]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("ABC"), min_size=1, max_size=12), min_size=1, max_size=5))
def test_cutting_at_orders_keeps_all_rows_in_place_and_no_run_apart(pieces):
    batches, line = [], 0
    for piece in pieces:
        batches.append(Batch("f", {"order_id": pa.array(piece)}, np.arange(line, line + len(piece))))
        line += len(piece)
    cut = list(whole_orders(batches))
    assert [last for _, last in cut] == [False] * (len(cut) - 1) + [True]
    orders = [batch.columns["order_id"].to_pylist() for batch, _ in cut]
    assert sum(orders, []) == sum(pieces, [])
    assert np.concatenate([batch.lines for batch, _ in cut]).tolist() == list(range(line))
    assert all(a[-1] != b[0] for a, b in zip(orders, orders[1:], strict=False))


def test_the_first_and_the_last_run():
    head, tail = runs(np.array(["A", "A", "B", "A"], object))
    assert (head, tail) == (slice(0, 2), slice(3, 4))
