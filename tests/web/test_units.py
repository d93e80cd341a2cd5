"""The dashboard's sources: their types, their style, and their unit tests."""

import runpy
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
CHECK = runpy.run_path(str(WEB / "check.py"))

pytestmark = pytest.mark.skipif(
    not (WEB / "node_modules").is_dir(), reason="`make web` installs the packages of the dashboard"
)


@pytest.mark.parametrize("check", ["types", "style", "functions", "components"])
def test_the_typescript_passes_its_check(check):
    done = CHECK[check]()
    assert done.returncode == 0, done.stdout
