"""Lets hatchling build the dashboard when it makes a wheel or an editable install.

`SAMPLEWISE_SKIP_WEB=1` leaves it out; `samplewise ui` then says how to build it.
"""

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling before it packs the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is served, unless it is up to date."""
        if os.environ.get("SAMPLEWISE_SKIP_WEB") != "1":
            runpy.run_path(str(Path(self.root, "web", "build.py")))["build"]()
