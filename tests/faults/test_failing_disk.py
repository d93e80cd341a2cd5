"""A disk that is full, or does not keep what it is given: that is said, and nothing is lost."""

import errno
from pathlib import Path

import pytest
import work


@pytest.mark.parametrize("kind", work.KINDS)
@pytest.mark.parametrize(
    ("which", "error", "said"),
    [
        ("fsync", errno.EIO, "Input/output error"),
        ("write", errno.ENOSPC, "No space left on device"),
    ],
)
def test_a_disk_that_fails_is_an_error_and_loses_nothing(
    kind: str, which: str, error: int, said: str, shimmed, rounds, place: Path
):
    failed = 0
    for number in range(rounds(3)):
        root = str(place / str(number))
        found = shimmed(
            "fail", kind=kind, root=root, which=f"{which} {1 + 5 * number}", error=error
        )
        if found["raised"] is not None:  # it came so far
            assert found["raised"].startswith("StoreError"), found["raised"]
            assert said in found["raised"]
            failed += 1
        assert shimmed("check", kind=kind, root=root, acknowledged=found["acknowledged"]) == ""
    assert failed > 0
