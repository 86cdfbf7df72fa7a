"""What is made to answer faster is made once and kept within its budget."""

from __future__ import annotations

import threading

from engine.snapshot.kept import Kept


def test_it_is_made_once_however_many_want_it():
    kept, made, begin = Kept(100, len), [], threading.Barrier(8)

    def make():
        made.append(1)
        return "thing"

    def want():
        begin.wait(10)
        assert kept.get("key", make) == "thing"

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert made == [1]


def test_what_is_there_is_given_while_another_is_being_made():
    kept, started, release = Kept(100, len), threading.Event(), threading.Event()
    kept.get("there", lambda: "thing")

    def slowly():
        started.set()
        assert release.wait(10)
        return "slow"

    thread = threading.Thread(target=kept.get, args=("other", slowly))
    thread.start()
    assert started.wait(10)
    assert kept.get("there", lambda: "made again") == "thing"
    release.set()
    thread.join(10)
    assert kept.get("other", lambda: "made again") == "slow"


def test_the_longest_unasked_goes_first_and_the_newest_stays_whatever_its_size():
    kept = Kept(6, len)
    for key in ("aaa", "bbb"):
        kept.get(key, lambda key=key: key)
    kept.get("aaa", lambda: "made again")
    kept.get("cc", lambda: "cc")
    assert kept.keys() == ["aaa", "cc"]
    kept.get("large", lambda: "x" * 50)
    assert kept.keys() == ["large"]


def test_making_one_may_need_another():
    kept = Kept(100, len)
    assert kept.get("whole", lambda: kept.get("part", lambda: "part") + "s") == "parts"
    assert kept.keys() == ["part", "whole"]
