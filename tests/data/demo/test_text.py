import numpy as np

from data.demo.text import moments, numbered


def test_ids_are_prefix_and_digits():
    assert numbered("T", np.array([0, 7, 1234567]), width=7).tolist() == ["T0000000", "T0000007", "T1234567"]
    assert numbered("C", np.array([], dtype=int), width=5).tolist() == []


def test_ids_sort_as_their_numbers():
    numbers = np.random.default_rng(1).permutation(10**5)[:500]
    ids = numbered("C", numbers, width=5)
    assert (numbers[np.argsort(ids)] == np.sort(numbers)).all()


def test_moments_read_as_people_write_them():
    when = np.array(["2024-02-29T23:59:59", "2025-01-01T00:00:00"], dtype="datetime64[s]")
    assert moments(when).tolist() == ["2024-02-29 23:59:59", "2025-01-01 00:00:00"]
