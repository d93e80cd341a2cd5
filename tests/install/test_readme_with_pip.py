"""A pip user follows the README, in an empty environment, up to a training that runs.

Everything is real: pip, the package registry, SuperGradients, the training. Takes many minutes
and gigabytes; run by `make test-install`.

The commands are those of the README: the `sh` blocks of its section `## Install`. They make and
activate the virtual environment `.venv` themselves.
"""

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def test_whoever_follows_the_readme_with_pip_ends_with_a_training_that_runs(
    shell, clone: Path, tmp_path: Path
):
    commands = install_commands((clone / "README.md").read_text())
    assert "pip install" in commands
    shell(f"{commands}\npython tests/install/train.py {tmp_path}")


def install_commands(readme: str) -> str:
    """The `sh` blocks of the section `Install`, joined."""
    section = re.search(r"^## Install.*?\n(.*?)(?=^## |\Z)", readme, re.DOTALL | re.MULTILINE)
    assert section, "the README has no section `## Install`"
    return "\n".join(re.findall(r"```sh\n(.*?)```", section[1], re.DOTALL))
