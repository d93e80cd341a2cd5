"""Small real environments, in which packages are missing or broken."""

import json
import os
import subprocess
import sysconfig
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest


class Environment:
    """A virtual environment with exactly the packages that a test puts there.

    Args:
        folder: Where to make it.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self.packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))

    def link(self, *names: str) -> None:
        """Give it packages of the environment that runs the tests."""
        for name in names:
            files = metadata.distribution(name).files or []
            for part in {file.parts[0] for file in files if file.parts[0] not in {"..", "bin"}}:
                source = Path(metadata.distribution(name).locate_file(part))
                if not (self.packages / part).exists():
                    (self.packages / part).symlink_to(source)

    def link_samplewise(self, repository: Path) -> None:
        """Give it Samplewise, and what `doctor` itself needs."""
        self.link("samplewise", "click", "packaging")
        (self.packages / "samplewise").symlink_to(repository / "src" / "samplewise")

    def write(
        self, name: str, version: str, module: str, source: str = "", *, needs: tuple[str, ...] = ()
    ) -> None:
        """Give it a package of one module, written here."""
        info = self.packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        (info / "METADATA").write_text(
            "\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs), ""])
        )
        (self.packages / module).mkdir()
        (self.packages / module / "__init__.py").write_text(source)

    def doctor(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run `samplewise doctor` in it."""
        environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        command = [self.python, "-m", "samplewise.cli", "doctor", *options]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def findings(self, *options: str) -> dict[str, dict[str, Any]]:
        """What `samplewise doctor --json` finds in it, by name."""
        report = json.loads(self.doctor("--json", *options).stdout)
        return {finding["name"]: finding for finding in report["findings"]}


@pytest.fixture
def environment(tmp_path: Path, repository: Path) -> Environment:
    """An environment in which only Samplewise and the packages of its doctor are installed."""
    made = Environment(tmp_path / "environment")
    made.link_samplewise(repository)
    return made


@pytest.fixture
def samplewise(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command line in this process: exit code, stdout, stderr."""
    from samplewise.cli import main

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
