"""The power fails at random moments: what was not synced is gone, and nothing acknowledged is.

A log of what was synced is replayed: the contents of files as they were when they were synced,
empty where they never were; and of the names in folders only those that were synced, or all that
processes saw, or either. The same on a file system that is really cut off needs root.
"""

import os
import random
import shutil
from pathlib import Path

import pytest
import work


@pytest.mark.parametrize("kind", work.KINDS)
def test_nothing_acknowledged_is_lost(kind: str, shimmed, rounds, place: Path):
    found = shimmed(
        "replay_losses",
        kind=kind,
        folder=str(place / "loss"),
        pieces=3,
        losses=rounds(9),
        seed=random.randrange(1000),
    )
    assert found["problems"] == []
    assert found["moments"] > 20


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None,
    reason="mounts file systems",
)
@pytest.mark.parametrize("kind", work.KINDS)
def test_nothing_acknowledged_is_lost_on_a_disk_that_is_cut_off(
    kind: str, nursery, rounds, place: Path
):
    for number in range(rounds(2)):
        folder, after_s = str(place / str(number)), random.uniform(0, 0.3)
        assert nursery("mounted_loss", kind=kind, folder=folder, after_s=after_s) == ""
