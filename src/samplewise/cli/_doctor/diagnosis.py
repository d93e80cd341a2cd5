"""What one check found."""

from dataclasses import dataclass
from typing import Any, Literal

from samplewise.cli._doctor.mend import Install, Line

Status = Literal["ok", "note", "broken"]


@dataclass(frozen=True)
class Diagnosis:
    """What one check found, in plain words."""

    name: str
    """What was looked at."""
    status: Status
    """`note`: works, but you may want to know; `broken`: something will not work."""
    summary: str
    details: tuple[str, ...] = ()
    mend: tuple[Install | Line, ...] = ()
    """Commands that mend it, in order."""

    def commands(self, tool: Literal["pip", "uv"]) -> list[str]:
        """The mending commands as typed into a shell."""
        return [line for step in self.mend for line in step.lines(tool)]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "name": self.name,
            "status": self.status,
            "summary": self.summary,
            "details": list(self.details),
            "mend": {"pip": self.commands("pip"), "uv": self.commands("uv")},
        }
