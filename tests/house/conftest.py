"""The source as text: read once, never imported."""

import ast
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def package(repository: Path) -> Path:
    """The folder of the package."""
    return repository / "src" / "samplewise"


@pytest.fixture(scope="session")
def modules(package: Path) -> dict[str, ast.Module]:
    """Every module of the package by its dotted name, parsed."""
    return {_dotted(path, package): ast.parse(path.read_text()) for path in package.rglob("*.py")}


def _dotted(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture(scope="session")
def tracked(repository: Path) -> list[Path]:
    """Every text file that git tracks."""
    if not (repository / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=True
    )
    files = [repository / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()[:8000]]
