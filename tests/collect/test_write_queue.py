"""Notes of a training to a store that hangs: nobody waits, and what is lost is counted."""

import threading

import pytest

from samplewise.collect.write_queue import WriteQueue


def test_it_writes_in_order_and_ends():
    queue, seen = WriteQueue("r"), []
    for number in range(50):
        queue.put(lambda number=number: seen.append(number))
    assert queue.close(60.0) == 0
    assert seen == list(range(50))


def test_what_is_too_much_is_dropped_and_counted(capsys: pytest.CaptureFixture[str]):
    going, queue, seen = threading.Event(), WriteQueue("r", most=3), []
    started = threading.Event()

    def wait() -> None:
        started.set()
        going.wait()

    queue.put(wait)
    started.wait()
    for number in range(10):
        queue.put(lambda number=number: seen.append(number))
    going.set()
    assert queue.close(60.0) == 7
    assert seen == [0, 1, 2]
    said = capsys.readouterr().err
    assert "a note of the training is not in run `r`, which goes on" in said
    assert "7 notes of the training are not in run `r`" in said


def test_what_fails_is_counted_and_the_next_is_written():
    queue, seen = WriteQueue("r"), []

    def fail() -> None:
        raise OSError("no")

    queue.put(fail)
    queue.put(lambda: seen.append(1))
    assert queue.close(60.0) == 1
    assert seen == [1]


def test_what_hangs_at_the_end_is_left_behind():
    going, queue = threading.Event(), WriteQueue("r")
    queue.put(going.wait)
    queue.put(lambda: None)
    assert queue.close(0.2) == 2
    going.set()
