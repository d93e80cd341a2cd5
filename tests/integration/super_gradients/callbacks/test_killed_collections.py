"""`kill -9` amid collections: whole ones only, and none that was acknowledged is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 10


@pytest.mark.timeout(900)
def test_a_killed_collection_leaves_whole_collections_only(tmp_path):
    script = Path(__file__).with_name("_collect_until_killed.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script, tmp_path, str(KILLS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["wrong"] == []
    assert seen["acknowledged"] >= KILLS
    # What was killed is collected, what was not is refused, replaced, or goes to a new run.
    *refused, whole, rows_of_new = seen["ways"]
    assert refused == ["refused"] * 2
    assert whole == {"collections": seen["acknowledged"] + 2, "broken": []}
    assert rows_of_new == 5
