"""Where a run came from: command, code revision, package versions, machine."""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from typing import Any

_PACKAGES = (
    "samplewise",
    "torch",
    "torchvision",
    "super-gradients",
    "numpy",
    "pylance",
    "pyarrow",
    "duckdb",
)


def provenance() -> dict[str, Any]:
    """What is needed to repeat the run, as JSON values."""
    return {
        "command": [sys.executable, *sys.argv],
        "folder": os.getcwd(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _versions(),
        "git": _git(),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _git() -> dict[str, Any] | None:
    """Commit of the working folder, and whether it has changes; None outside a repository."""
    if shutil.which("git") is None:
        return None
    commit = _ask_git("rev-parse", "HEAD")
    if not commit:
        return None
    return {"commit": commit, "has_changes": bool(_ask_git("status", "--porcelain", "-uno"))}


def _ask_git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
