"""The Python that runs this."""

import platform
import sys
import sysconfig
from pathlib import Path

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Line
from samplewise.cli._doctor.requirement import python_bounds

_NEW_ENVIRONMENT = Line(
    "python3.12 -m venv .venv && . .venv/bin/activate && python -m pip install samplewise",
    "uv venv --python 3.12 && uv pip install samplewise",
)


def check_interpreter(version: str = platform.python_version()) -> Diagnosis:
    """Version, word size, and whether packages may be installed here.

    Args:
        version: Version of Python, such as `3.11.7`.
    """
    name, shown = "Python", version
    bounds = python_bounds()
    if not bounds.contains(version, prereleases=True):
        summary = f"Samplewise needs Python {bounds}, but this is {version}."
        return Diagnosis(name, "broken", summary, mend=(_NEW_ENVIRONMENT,))
    if sys.maxsize < 2**32:
        summary = "a 32-bit Python cannot run torch or Lance; install a 64-bit one."
        return Diagnosis(name, "broken", summary, mend=(_NEW_ENVIRONMENT,))
    if sys.prefix != sys.base_prefix:
        return Diagnosis(name, "ok", f"{shown}, in the virtual environment {sys.prefix}")
    if Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").exists():
        summary = f"{shown}, of the system: it refuses `pip install`; use a virtual environment."
        return Diagnosis(name, "note", summary, mend=(_NEW_ENVIRONMENT,))
    return Diagnosis(name, "ok", f"{shown}, {sys.executable}")
