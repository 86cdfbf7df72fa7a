"""Work beside the page: done in turn, errors handed on, and never in the way of the process's end."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from components.workers import Workers


def test_results_and_errors_come_with_the_promise():
    workers = Workers(2, "test")
    assert [promise.result(10) for promise in [workers.submit(lambda i=i: i * i) for i in range(20)]] == [
        i * i for i in range(20)
    ]
    with pytest.raises(ZeroDivisionError):
        workers.submit(lambda: 1 / 0).result(10)
    assert workers.submit(lambda: "still there").result(10) == "still there"


def test_no_more_than_so_many_work_at_once():
    workers, gate, at_work = Workers(2, "test"), threading.Event(), []

    def wait():
        at_work.append(threading.current_thread().name)
        gate.wait(10)

    promises = [workers.submit(wait) for _ in range(6)]
    gate.set()
    for promise in promises:
        promise.result(10)
    assert set(at_work) <= {"test-0", "test-1"} and len(at_work) == 6


def test_a_cancelled_piece_of_work_is_passed_over():
    workers, gate = Workers(1, "test"), threading.Event()
    first, second = workers.submit(lambda: gate.wait(10)), workers.submit(lambda: "never")
    assert second.cancel()
    gate.set()
    assert first.result(10) and workers.submit(lambda: "next").result(10) == "next"


def test_a_process_ends_though_work_goes_on():
    program = "import time; from components.workers import WORKERS; WORKERS.submit(lambda: time.sleep(600))"
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0
