"""Versions of local Lance data: which there are, and which of them are whole.

Lance makes a version by one file, its manifest. Writers before 2.0 of Samplewise, and Lance itself,
do not sync it: a power loss may have left it empty, cut, or full of zeros, or the data that it
names. Lance reads zeros as a version without rows, so nothing is opened that was not looked at.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from samplewise.errors import StoreError
from samplewise.storage._sync import reason
from samplewise.storage.checksums import (
    CHECKSUMS,
    Checksum,
    Checksums,
    checksum,
    read_checksums,
)

if TYPE_CHECKING:
    import lance

VERSIONS = "_versions"
"""Folder of the manifests, in the folder of the Lance data."""

_ENDING = ".manifest"
_MAGIC = b"LANC"
_FOOTER = 16  # bytes: where the message lies, two numbers, the magic word
_VERIFIED_BYTES = 2**23  # data of a version that is verified whenever it is opened


def manifest_name(version: int) -> str:
    """How Lance names the file that makes a version: the newest comes first in a listing."""
    return f"{2**64 - 1 - version:020}{_ENDING}"


def manifest_path(version: int) -> str:
    """Its path in the Lance data."""
    return f"{VERSIONS}/{manifest_name(version)}"


def versions_in(folder: str | Path) -> list[int]:
    """The versions that there are, damaged or not, ascending."""
    try:
        names = os.listdir(Path(folder, VERSIONS))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"`{folder}/{VERSIONS}` cannot be listed: {reason(error)}") from error
    numbers = [name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)]
    # Those of versions that are on no line of history start with a letter.
    return sorted(2**64 - 1 - int(number) for number in numbers if number.isdecimal())


def manifest_problem(folder: str | Path, version: int) -> str | None:
    """What is wrong with the manifest of a version; None if nothing is known to be.

    Raises:
        StoreError: It cannot be read now, whatever it holds.
    """
    path = Path(folder, manifest_path(version))
    sums = load_checksums(folder).by_path.get(manifest_path(version))
    return _file_problem(path, sums) or (None if _is_manifest(path) else f"`{path}` is damaged")


def data_problems(
    dataset: "lance.LanceDataset", folder: str | Path, *, all_bytes: bool = False
) -> Iterator[str]:
    """What is wrong with the files that hold the rows of a version.

    Args:
        dataset: The version.
        folder: Where the data lies.
        all_bytes: Whether to verify the checksums of all files; otherwise their size, and the
            checksums if the version is small.
    """
    sizes = data_files(dataset)
    known = load_checksums(folder).by_path
    verified = all_bytes or sum(size or 0 for size in sizes.values()) <= _VERIFIED_BYTES
    for name, size in sizes.items():
        sums = known.get(name) if verified else None
        problem = _file_problem(Path(folder, name), sums, size)
        if problem is not None:
            yield problem


def data_files(dataset: "lance.LanceDataset") -> dict[str, int | None]:
    """Paths in the Lance data of the files that hold the rows of a version, and their sizes."""
    found: dict[str, int | None] = {}
    for fragment in dataset.get_fragments():
        for file in fragment.metadata.files:
            found[f"data/{file.path}"] = file.file_size_bytes
        deletions = fragment.deletion_file()
        if deletions is not None:
            found[deletions] = None
    return found


def load_checksums(folder: str | Path) -> Checksums:
    """The checksums of some Lance data.

    Raises:
        StoreError: Their file is there and cannot be read.
    """
    path = Path(folder, CHECKSUMS)
    try:
        stat = path.stat()
        return _read_checksums(str(folder), stat.st_size, stat.st_mtime_ns)
    except (FileNotFoundError, NotADirectoryError):
        return Checksums()
    except OSError as error:
        raise StoreError(f"`{path}` cannot be read: {reason(error)}") from error


def _is_manifest(path: Path) -> bool:
    content = path.read_bytes()
    at = int.from_bytes(content[-_FOOTER:-8], "little")
    return content.endswith(_MAGIC) and len(content) > _FOOTER and at < len(content) - _FOOTER


def _file_problem(
    path: Path, sums: set[Checksum] | None, size_bytes: int | None = None
) -> str | None:
    try:
        stat = path.stat()
        if size_bytes is not None and stat.st_size != size_bytes:
            return f"`{path}` is cut: it has {stat.st_size} bytes of {size_bytes}"
        if sums and _checksum(str(path), stat.st_size, stat.st_mtime_ns) not in sums:
            return f"`{path}` is damaged: it is not what was written"
    except (FileNotFoundError, NotADirectoryError):
        return f"`{path}` is missing"
    except OSError as error:
        raise StoreError(f"`{path}` cannot be read: {reason(error)}") from error
    return None


@lru_cache(maxsize=64)
def _read_checksums(folder: str, size_bytes: int, changed_ns: int) -> Checksums:
    return read_checksums(folder)


@lru_cache(maxsize=4096)
def _checksum(path: str, size_bytes: int, changed_ns: int) -> Checksum:
    """Once for a file as long as its size and time are the same: nobody writes one twice."""
    return checksum(path)
