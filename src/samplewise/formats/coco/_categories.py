"""Categories of a COCO file: classes by their id, and the skeleton that some of them have."""

from dataclasses import dataclass
from typing import Any

from samplewise.formats.coco._file import CocoFile
from samplewise.formats.import_report import Findings

Id = int | str | float


@dataclass(frozen=True)
class Categories:
    """The categories of a file.

    Args:
        entries: The file's own entries.
        labels: The integer that stands for each entry in the Table: its id, if that is one.
    """

    entries: list[dict[str, Any]]
    labels: list[int]

    @property
    def label_of(self) -> dict[Id, int]:
        """Labels by the file's id."""
        return {e["id"]: label for e, label in zip(self.entries, self.labels, strict=True)}

    @property
    def classes(self) -> dict[int, str]:
        """Names by label."""
        return {label: e["name"] for e, label in zip(self.entries, self.labels, strict=True)}

    @property
    def joints_of(self) -> dict[int, list[str]]:
        """Joint names by label, for categories that have any."""
        pairs = zip(self.entries, self.labels, strict=True)
        return {label: list(map(str, e["keypoints"])) for e, label in pairs if e.get("keypoints")}


def read_categories(file: CocoFile, findings: Findings) -> Categories:
    """The categories of a file.

    Raises:
        FormatError: An entry has no id, or two entries have one id and different names.
    """
    given = file.value("categories") or []
    if not isinstance(given, list):
        raise file.error("must have a list as `categories`.")
    entries: dict[Id, dict[str, Any]] = {}
    for entry in given:
        number = _id_of(file, entry)
        known = entries.setdefault(number, entry)
        if known.get("name") != entry.get("name"):
            raise file.error(
                f"has two categories with id {number!r}: `{known.get('name')}` and "
                f"`{entry.get('name')}`.",
                hint="give each category an id of its own",
            )
    findings.repair("categories entered twice: entered once", count=len(given) - len(entries))
    kept = [_name_category(entry, findings) for entry in entries.values()]
    return Categories(kept, _labels([entry["id"] for entry in kept], findings))


def _id_of(file: CocoFile, entry: Any) -> Id:
    if not isinstance(entry, dict):
        raise file.error(f"must have objects as `categories`, but has {entry!r}.")
    number = entry.get("id")
    if isinstance(number, bool) or not isinstance(number, int | str | float):
        raise file.error(
            f"has a category without a usable `id`: {entry.get('name', entry)!r} has {number!r}."
        )
    return number


def _name_category(entry: dict[str, Any], findings: Findings) -> dict[str, Any]:
    name = entry.get("name")
    if isinstance(name, str):
        return entry
    text = str(entry["id"] if name is None else name)
    findings.repair("categories without a name that is text: named by what they have", text)
    return {**entry, "name": text}


def _labels(ids: list[Id], findings: Findings) -> list[int]:
    whole = [_whole(number) for number in ids]
    if None in whole or len(set(whole)) < len(whole):
        findings.repair(
            "category ids that are no integers: numbered from 0", *[repr(number) for number in ids]
        )
        return list(range(len(ids)))
    texts = [repr(number) for number in ids if isinstance(number, str)]
    findings.repair("category ids that are texts: read as integers", *texts)
    return [number for number in whole if number is not None]


def _whole(number: Id) -> int | None:
    try:
        whole = int(number)
    except (ValueError, OverflowError):
        return None
    fits = -(2**63) <= whole < 2**63
    return whole if fits and (isinstance(number, str) or whole == number) else None
