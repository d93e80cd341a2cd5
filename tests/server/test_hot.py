"""Columns in memory: bounded, read once however many ask, and forgotten in order of use."""

import threading
import time

import numpy as np
import pytest

from samplewise.server.hot import HotColumns


def test_memory_stays_below_its_bound_and_the_last_used_stay():
    hot = HotColumns(most_bytes=3_000)
    for key in range(10):
        hot.get(key, lambda: np.zeros(1_000, np.uint8))
        hot.get(0, lambda: np.zeros(1_000, np.uint8))
        assert hot.size <= 3_000
    assert [key for key in range(10) if key in hot] == [0, 8, 9]


def test_many_who_ask_at_once_wait_for_one_reading():
    hot, reads = HotColumns(), []

    def read():
        reads.append(1)
        time.sleep(0.05)
        return np.zeros(3)

    threads = [threading.Thread(target=hot.get, args=("column", read)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reads == [1]


def test_a_reading_that_fails_is_tried_again():
    hot = HotColumns()
    with pytest.raises(OSError, match="gone"):
        hot.get("column", lambda: (_ for _ in ()).throw(OSError("gone")))
    assert len(hot.get("column", lambda: np.zeros(3))) == 3
