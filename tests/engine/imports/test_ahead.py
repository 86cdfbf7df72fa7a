"""Reading ahead: the same items, the same errors, and no thread left behind."""

import threading

import pytest

from engine.imports.ahead import ahead


def test_items_come_in_order():
    with ahead(range(100)) as items:
        assert list(items) == list(range(100))


def test_an_error_reaches_who_uses_the_items():
    def broken():
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"), ahead(broken()) as items:
        assert list(items) == [1]


def test_leaving_early_ends_the_thread():
    made = []

    def endless():
        while True:
            made.append(1)
            yield 1

    with ahead(endless()) as items:
        next(items)
    assert len(made) < 10
    assert not [t for t in threading.enumerate() if t.name == "reading ahead"]
