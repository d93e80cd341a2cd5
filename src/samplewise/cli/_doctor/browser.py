"""A browser for the dashboard."""

import shutil
import sys
from pathlib import Path

from samplewise.cli._doctor.diagnosis import Diagnosis
from samplewise.cli._doctor.mend import Line

NAME = "Browser"
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "firefox",
    "firefox-esr",
)
_MAC_APPLICATIONS = ("Google Chrome", "Chromium", "Firefox", "Safari", "Microsoft Edge")
_INSTALLERS = {
    "apt-get": "sudo apt-get install chromium",
    "dnf": "sudo dnf install chromium",
    "pacman": "sudo pacman -S chromium",
    "brew": "brew install --cask chromium",
}


def check_browser() -> Diagnosis:
    """One that is installed here; without, the dashboard can be seen from another machine."""
    if found := next(filter(None, map(shutil.which, PROGRAMS)), None) or _mac_application():
        return Diagnosis(NAME, "ok", found)
    mend = next((line for tool, line in _INSTALLERS.items() if shutil.which(tool)), None)
    return Diagnosis(
        NAME,
        "note",
        "none found; the dashboard can be seen from another machine only.",
        mend=(Line(mend),) if mend else (),
    )


def _mac_application() -> str | None:
    if sys.platform == "win32":
        return "Microsoft Edge"  # part of the system
    places = [Path("/Applications", f"{name}.app") for name in _MAC_APPLICATIONS]
    return next((str(place) for place in places if place.exists()), None)
