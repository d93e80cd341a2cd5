"""`kill -9` at random moments: every reader sees whole versions only, nothing acknowledged is lost.

The store of one kind of work is the same for all kills, so that each finds what the others left.
"""

import random
from pathlib import Path

import pytest
import work

from samplewise.records.vacuum import vacuum
from samplewise.storage import Store


@pytest.mark.parametrize("kind", work.KINDS)
def test_nothing_acknowledged_is_lost(kind: str, nursery, rounds, place: Path):
    root, seen = str(place / "root"), []
    for number in range(rounds(6)):
        # Before its first piece of work is done, or some time later; in turn, so that some is.
        seen += nursery(
            "kill", kind=kind, root=root, lines=1 + number % 3, after_s=random.uniform(0, 0.2)
        )
        assert nursery("check", kind=kind, root=root, acknowledged=seen) == ""
    assert len(seen) >= 3
    vacuum(Store(root), older_than_h=0)
    assert vacuum(Store(root), older_than_h=0).paths == []
    assert nursery("check", kind=kind, root=root, acknowledged=seen) == ""
