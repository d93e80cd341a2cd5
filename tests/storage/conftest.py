"""A store of its own for every test, on disk and on an object store."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samplewise.storage import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in a folder that nobody has made yet."""
    return Store(tmp_path / "root")


@pytest.fixture(params=["local", "s3"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """A store of each kind."""
    if request.param == "local":
        return request.getfixturevalue("store")
    return Store(request.getfixturevalue("s3_root"))


@pytest.fixture
def run_python() -> object:
    """Runs a program in processes of their own, all at once; returns what each printed."""

    def run(*programs: str, env: dict[str, str] | None = None) -> list[str]:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, **(env or {})},
            )
            for program in programs
        ]
        done = [process.communicate() for process in started]
        assert [p.returncode for p in started] == [0] * len(started), done
        return [out for out, _ in done]

    return run
