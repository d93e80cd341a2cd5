"""Values kept up to a bound, each made once."""

import pytest

from samplewise.records.recently_used import RecentlyUsed


def fail() -> int:
    raise OSError("gone")


def test_those_used_least_lately_go_first():
    kept: RecentlyUsed[int] = RecentlyUsed(3)
    for key in range(6):
        kept.get(key, lambda: 1)
        kept.get(0, lambda: 1)
    assert [key for key in range(6) if key in kept] == [0, 4, 5]


def test_a_value_put_twice_counts_once():
    kept: RecentlyUsed[bytes] = RecentlyUsed(100, len)
    kept.put("key", b"long" * 10)
    kept.put("key", b"short")
    assert kept.size == 5


def test_a_value_larger_than_the_bound_is_kept_alone():
    kept: RecentlyUsed[bytes] = RecentlyUsed(10, len)
    kept.put("small", b"small")
    kept.put("large", b"large" * 10)
    assert ("small" in kept, "large" in kept, kept.size) == (False, True, 50)


def test_failures_leave_nothing_behind():
    kept: RecentlyUsed[int] = RecentlyUsed(3)
    for key in range(1_000):
        with pytest.raises(OSError, match="gone"):
            kept.get(key, fail)
    assert (kept._making, kept.size) == ({}, 0)
    assert kept.get(0, lambda: 7) == 7
