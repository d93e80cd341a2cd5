"""A nursery of processes that meet with faults, and the shim that makes disks fail."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.append(str(HERE))  # for `work`, which the nursery, a program of its own, imports as well

Ask = Callable[..., Any]
"""Has the nursery do something: its name, and its arguments by keyword; see `nursery.py`."""


def _nursery(environment: dict[str, str]) -> Iterator[Ask]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(HERE / "nursery.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(command: str, **arguments: Any) -> Any:
        process.stdin.write(json.dumps([command, arguments]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.communicate()
    assert process.returncode == 0


@pytest.fixture(scope="session")
def nursery() -> Iterator[Ask]:
    """Processes to be killed."""
    yield from _nursery({})


@pytest.fixture(scope="session")
def shimmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Processes whose disk can fail."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler")
    shim = tmp_path_factory.mktemp("shim") / "shim.so"
    source = str(HERE / "shim.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(shim), source, "-ldl"], check=True)
    yield from _nursery({"LD_PRELOAD": str(shim)})


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory, where there is room: tens of thousands of small files come and go."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
