"""What a writer made of a Table."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from samplewise._notes import note


@dataclass
class Exported:
    """A Table as a file.

    Args:
        path: The file.
        rows: How many rows are in it.
        left_out: How many rows are not, by the reason.
        changed: How often something was changed or looks odd, by what it is.
    """

    path: Path
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def tell(self) -> None:
        """Say in one line what is not as it was in the Table, if anything is."""
        rows = [f"{count} rows left out: {reason}" for reason, count in self.left_out.items()]
        parts = rows + [f"{count} {what}" for what, count in self.changed.items() if count]
        if parts:
            note(f"{self.path.name}: {', '.join(parts)}.")
