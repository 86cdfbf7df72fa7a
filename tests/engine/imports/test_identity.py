"""Ids of lines without ids: the same on every machine, and counted among twins across batches."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.imports import identity


def test_texts_hash_as_fnv_1a_is_published():
    """Test vectors of the FNV reference code."""
    assert identity.of_text("") == 0xCBF29CE484222325
    assert identity.of_text("a") == 0xAF63DC4C8601EC8C
    assert identity.of_text("foobar") == 0x85944171F73967E8


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=90)), max_size=20))
def test_a_text_hashes_the_same_alone_and_among_others(labels):
    assert identity.of_texts(labels).tolist() == [identity.of_text(label) for label in labels]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), max_size=30), max_size=8))
def test_twins_are_counted_across_batches(batches):
    counter, seen = identity.Counter(), Counter()
    for batch in batches:
        expected = []
        for value in batch:
            seen[value] += 1
            expected.append(seen[value])
        assert counter.number(np.array(batch, np.uint64)).tolist() == expected


def test_an_id_names_order_content_and_twin():
    ids = identity.ids(np.array(["A", "A"], object), np.array([1 << 16, 1 << 16], np.uint64), np.array([1, 2]))
    assert ids == ["A-000000000001", "A-000000000001-2"]
