"""The commands that `samplewise doctor` prints mend the environment, with pip and with uv."""

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

BROKEN = "pip install --no-deps super-gradients==3.7.1 data-gradients==0.3.2 setuptools torch"


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_broken_environment_is_mended_by_the_printed_commands(
    tool: str, shell, clone: Path, repository: Path
):
    if tool == "uv":
        (repository / ".tools" / "bin" / "uv").exists() or pytest.skip("uv is not in .tools")
    shell(f"python3 -m venv .venv && . .venv/bin/activate && pip install -q . && {BROKEN}")
    before = doctor(clone)
    assert {"torch and torchvision", "SuperGradients"} <= broken(before)
    for finding in before["findings"]:
        commands = "\n".join(finding["mend"][tool]) if finding["status"] == "broken" else ":"
        shell(f"PATH={repository}/.tools/bin:$PATH\n{commands}")
    assert broken(doctor(clone, "--deep")) == set()


def doctor(clone: Path, *options: str) -> dict:
    command = [clone / ".venv" / "bin" / "samplewise", "doctor", "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout)


def broken(report: dict) -> set[str]:
    return {one["name"] for one in report["findings"] if one["status"] == "broken"}
