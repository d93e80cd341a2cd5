"""What a Table was made of: kept with it, so that making it again is told from making another."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

_BYTES = 16
_ROWS = "rows"


@dataclass(frozen=True)
class SourcePart:
    """One file, or many of one kind, that a Table was made of.

    Args:
        path: Where it lies, or the folder that they lie in.
        digest: Of its contents.
    """

    path: str
    digest: str


@dataclass(frozen=True)
class Folder:
    """A folder whose files a Table names.

    Args:
        path: Where it lies.
        relative: The same as seen from the label file: unchanged where both were moved.
    """

    path: str
    relative: str | None

    @classmethod
    def beside(cls, folder: str | Path, file: str | Path) -> Self:
        """A folder as it lies beside a label file."""
        path = str(folder)
        is_local = "://" not in path and not path.startswith("<")
        return cls(path, os.path.relpath(path, Path(file).parent) if is_local else None)


@dataclass(frozen=True)
class Fingerprint:
    """What a Table was made of.

    Args:
        kind: The kind of its source: `coco`, `csv`, `rows`.
        parts: What was read, by what it is: `annotations file`.
        folders: Folders that it names, by what they hold: `images`.
        options: Arguments that change its rows, as JSON values.
        rows: Digest of its rows, where it was not made of files.
    """

    kind: str = _ROWS
    parts: Mapping[str, SourcePart] = field(default_factory=dict)
    folders: Mapping[str, Folder] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    rows: str | None = None

    @property
    def is_of_rows(self) -> bool:
        """Whether the rows themselves tell what it is."""
        return self.kind == _ROWS

    def with_option(self, name: str, value: Any) -> "Fingerprint":
        """With one more option."""
        return replace(self, options={**self.options, name: value})

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(
            stored["kind"],
            {name: SourcePart(**part) for name, part in dict(stored["parts"]).items()},
            {name: Folder(**folder) for name, folder in dict(stored["folders"]).items()},
            dict(stored["options"]),
            stored["rows"],
        )

    def differences(self, given: "Fingerprint") -> list[str]:
        """What another source has otherwise, in words; none where a Table can be reused for it.

        A source that was moved with all that belongs to it is the same source.
        """
        if self.kind != given.kind:
            return [f"it is made of {_in_words(self.kind)}, not of {_in_words(given.kind)}"]
        found = []
        for name, part in given.parts.items():
            if (known := self.parts.get(name)) is None or known.digest != part.digest:
                found.append(_describe_change(name, known, part))
        for name, folder in given.folders.items():
            if not _is_same(known := self.folders.get(name), folder):
                found.append(f"its {name} lie in `{known and known.path}`, not in `{folder.path}`")
        for name in {**self.options, **given.options}:
            before, now = self.options.get(name), given.options.get(name)
            if before != now:
                found.append(f"`{name}` is {before!r}, not {now!r}")
        if self.rows != given.rows:
            found.append("its rows are others")
        return found

    def earlier_folder(self, given: "Fingerprint") -> str | None:
        """Where its images were before, if the same source lies elsewhere now."""
        for name, folder in given.folders.items():
            if name in self.folders and self.folders[name].path != folder.path:
                return self.folders[name].path
        return None


def find_differences(source: Mapping[str, Any], given: Fingerprint) -> list[str]:
    """The same for a Table that has no fingerprint: what its `source` tells, which is less.

    Args:
        source: Where the Table says that it comes from.
        given: What is to be made now.
    """
    kind = source.get("kind")
    if kind == "revision":
        return ["it was made by editing another table"]
    if kind in _WORDS if given.is_of_rows else kind not in (given.kind, _OLD.get(given.kind)):
        return [f"it is made of {_in_words(str(kind))}, not of {_in_words(given.kind)}"]
    found = []
    path = source.get("file") or source.get("path")
    paths = [part.path for part in given.parts.values()]
    if path is not None and path not in paths:
        found.append(f"it is made of `{path}`, not of `{next(iter(paths), None)}`")
    folder = given.folders.get("images")
    if folder is not None and source.get("image_folder") not in (None, folder.path):
        found.append(f"its images lie in `{source['image_folder']}`, not in `{folder.path}`")
    found += [
        f"`{name}` is {source[name]!r}, not {given.options[name]!r}"
        for name in ("split", "task")
        if name in source and source[name] != given.options.get(name, source[name])
    ]
    return found


def digest_of(parts: Iterable[bytes]) -> str:
    """A digest of some pieces of bytes, in their order; where one ends counts."""
    digest = hashlib.blake2b(digest_size=_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


_OLD = {"csv": "file", "parquet": "file"}  # what older versions called them
_WORDS = {
    "coco": "a COCO file",
    "yolo": "a YOLO dataset",
    "voc": "a Pascal VOC dataset",
    "image_folder": "a folder of images",
    "csv": "a CSV file",
    "parquet": "a Parquet file",
    "file": "a file of rows",
    "torch_dataset": "a PyTorch dataset",
}


def _in_words(kind: str) -> str:
    return _WORDS.get(kind, "rows in memory")


def _is_same(known: Folder | None, given: Folder) -> bool:
    if known is None:
        return False
    return known.path == given.path or (
        given.relative is not None and known.relative == given.relative
    )


def _describe_change(name: str, known: SourcePart | None, given: SourcePart) -> str:
    verb = "are" if name.endswith("s") else "is"
    if known is None:
        return f"its {name} {verb} not those of `{given.path}`"
    if known.path == given.path:
        return f"the contents of its {name}, `{given.path}`, have changed since"
    return f"its {name} {verb} `{known.path}`, not `{given.path}`, whose contents differ"
