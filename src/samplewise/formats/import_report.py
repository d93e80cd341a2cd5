"""What a reader did to a label file that was not in order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from samplewise._notes import note

_EXAMPLES = 5

# The words for what files of several formats have in common.
MISSING = "images whose file is missing"
UNREADABLE = "images that cannot be read"
TWICE = "images entered twice: entered once"
NOT_UTF8 = "files whose name is not UTF-8: left out"
FOLDER_TWICE = "folders that links lead to again: entered once"
EMPTY = "label files without any label"
EMPTY_CLASS = "class folders without any image"
OUTSIDE = "boxes that reach outside their image"
FLAT = "boxes without an area"
TURNED = "boxes with a negative side: corners exchanged"
SAME = "labels that are there twice, with the same class and box"
NO_IMAGE = "rows without an image"
NO_LABEL = "rows without a label: null"
LABELS_LEFT_OUT = "labels of images that were left out: left out"
UNPLACED = "labels of images without a readable size: left out"
SIZE_READ = "images without `width` or `height`: read from the image file"
SIZE_UNKNOWN = "images whose size is unknown"


@dataclass(frozen=True)
class Finding:
    """One thing that was found, however often.

    Args:
        count: How often.
        examples: Where it was found first, such as `annotation 17`.
    """

    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.count} ({', '.join(self.examples)}{', ...' * self._is_cut})"

    @property
    def _is_cut(self) -> bool:
        return self.count > len(self.examples)


@dataclass(frozen=True)
class ImportReport:
    """What was repaired in a label file, and what looks odd and was kept as it is.

    Every Table that was made from a label file carries it: `ImportReport.of(table.source)`.

    Args:
        repaired: Findings by what was wrong and what was done about it.
        kept: Findings by what looks odd; the rows hold it unchanged.
    """

    repaired: Mapping[str, Finding] = field(default_factory=dict)
    kept: Mapping[str, Finding] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> Self:
        """The report inside the `source` of a Table; empty if there is none."""
        return cls(_read(source.get("repaired", {})), _read(source.get("kept", {})))

    def __str__(self) -> str:
        lines = [f"repaired: {reason}: {found}" for reason, found in self.repaired.items()]
        lines += [f"kept: {reason}: {found}" for reason, found in self.kept.items()]
        return "\n".join(lines) or "nothing to report"


class Findings:
    """Counts what a reader finds while it reads.

    `repaired` and `kept` are JSON values that grow while batches are read: a Table's `source`
    holds them by reference, and is written when the last batch is.

    Args:
        name: Name of the file or folder, for the note at the end.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.repaired: dict[str, Any] = {}
        self.kept: dict[str, Any] = {}

    @property
    def report(self) -> ImportReport:
        """What was found so far."""
        return ImportReport.of({"repaired": self.repaired, "kept": self.kept})

    def repair(self, reason: str, *examples: str, count: int | None = None) -> None:
        """Count something that was repaired: what was wrong, and what was done about it."""
        _add(self.repaired, reason, examples, count)

    def keep(self, reason: str, *examples: str, count: int | None = None) -> None:
        """Count something that looks odd and stays as it is."""
        _add(self.kept, reason, examples, count)

    def tell(self) -> None:
        """Say in one line what was found, if anything was."""
        parts = [
            f"{verb} {_list_findings(found)}"
            for verb, found in (("repaired", self.repaired), ("kept as it is", self.kept))
            if found
        ]
        if parts:
            note(f"{self._name}: {'; '.join(parts)}. Details: `table.source`.")


def _add(found: dict[str, Any], reason: str, examples: tuple[str, ...], count: int | None) -> None:
    number = len(examples) if count is None else count
    if number == 0:
        return
    entry = found.setdefault(reason, {"count": 0, "examples": []})
    entry["count"] += number
    entry["examples"] += map(_show_example, examples[: _EXAMPLES - len(entry["examples"])])


def _show_example(example: str) -> str:
    """An example as text that can be stored, whatever bytes a file name has."""
    try:
        return os.fsencode(example).decode(errors="backslashreplace")
    except UnicodeEncodeError:  # half a character that comes from no file name
        return example.encode(errors="backslashreplace").decode()


def _list_findings(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{entry['count']} {reason}" for reason, entry in found.items())


def _read(found: Mapping[str, Any]) -> dict[str, Finding]:
    return {
        reason: Finding(entry["count"], tuple(entry["examples"])) for reason, entry in found.items()
    }
