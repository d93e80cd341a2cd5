"""Empty environments on the interpreters of this machine, and a user's shell in them."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Shell = Callable[[str], None]


@pytest.fixture(params=["3.11", "3.12"])
def python(request: pytest.FixtureRequest, repository: Path) -> Path:
    """An interpreter of this machine."""
    listed = subprocess.run(
        [repository / ".ci" / "pythons"], stdout=subprocess.PIPE, text=True, check=True
    )
    found = dict(line.split(" ", 1) for line in listed.stdout.splitlines())
    if request.param not in found:
        pytest.skip(f"there is no Python {request.param} here")
    return Path(found[request.param])


@pytest.fixture
def clone(tmp_path: Path, repository: Path) -> Path:
    """What git tracks of the repository, as it is now, in a folder of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, stdout=subprocess.PIPE, text=True, check=True
    )
    folder = tmp_path / "clone"
    for name in filter(None, listed.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (repository / name).exists():
            target.write_bytes((repository / name).read_bytes())
            target.chmod((repository / name).stat().st_mode)
    return folder


@pytest.fixture
def shell(python: Path, clone: Path, tmp_path: Path) -> Shell:
    """Run commands as a user of that Python would type them, in the clone; a failure ends them."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python", "python3"):
        (programs / name).write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
        (programs / name).chmod(0o755)
    alien = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
    environment = {name: value for name, value in os.environ.items() if name not in alien}
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"

    def run(commands: str) -> None:
        subprocess.run(
            ["bash", "-euo", "pipefail", "-x", "-c", commands],
            cwd=clone,
            env=environment,
            check=True,
        )

    return run
