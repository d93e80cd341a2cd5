"""Commands that mend an environment, for pip and for uv."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Tool = Literal["pip", "uv"]


@dataclass(frozen=True)
class Install:
    """Install packages into the environment that the doctor looks at."""

    requirements: tuple[str, ...]
    no_deps: bool = False
    reinstall: bool = False

    def lines(self, tool: Tool) -> list[str]:
        """The commands, quoted for a shell."""
        words = [*self._options(tool), *self.requirements]
        if tool == "uv":
            where = [] if _is_activated() else ["--python", sys.executable]
            return [_quote(["uv", "pip", "install", *where, *words])]
        python = "python" if _is_activated() else sys.executable
        # Environments made by uv hold no pip.
        first = [] if find_spec("pip") else [_quote([python, "-m", "ensurepip"])]
        return [*first, _quote([python, "-m", "pip", "install", *words])]

    def _options(self, tool: Tool) -> list[str]:
        again = "--force-reinstall" if tool == "pip" else "--reinstall"
        return [*(["--no-deps"] if self.no_deps else []), *([again] if self.reinstall else [])]


@dataclass(frozen=True)
class Line:
    """A command that is not about installing a package here."""

    pip: str
    uv: str | None = None
    """With uv, if it differs."""

    def lines(self, tool: Tool) -> list[str]:
        """The command as it stands."""
        return [self.uv if tool == "uv" and self.uv is not None else self.pip]


def _is_activated() -> bool:
    """Whether `python` and `uv pip` in this shell mean this very environment."""
    active = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    return active is not None and Path(active).resolve() == Path(sys.prefix).resolve()


def _quote(words: list[str]) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
