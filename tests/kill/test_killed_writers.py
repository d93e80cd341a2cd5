"""`kill -9` amid imports, edits and logs: whole versions only, nothing acknowledged is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 40  # and ten more amid collections, in tests/integration


@pytest.mark.timeout(900)
def test_killed_writers_leave_whole_versions_and_lose_nothing(tmp_path):
    script = Path(__file__).with_name("_write_until_killed.py")
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
