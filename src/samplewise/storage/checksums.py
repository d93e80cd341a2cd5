"""Checksums of what commits wrote, in a file beside it: one line a commit, oldest first.

A line is `<CRC-32 of the rest> <JSON>`; one that a power loss cut is as good as none. CRC-32 finds
every flipped bit and every cut; it is no signature, and keeps nobody from changing a file and its
line. On object stores, which keep checksums of their own, there is no such file.
"""

import errno
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

CHECKSUMS = "checksums.txt"
"""Name of the file, in the folder of the Lance data."""

_BLOCK = 2**18  # bytes read at a time, which stay in the cache of the processor


@dataclass(frozen=True)
class Checksum:
    """What the content of a file must be.

    Args:
        size_bytes: Its size.
        crc32: Its CRC-32.
    """

    size_bytes: int
    crc32: int

    def to_json(self) -> list[int]:
        """As JSON values."""
        return [self.size_bytes, self.crc32]


@dataclass
class Checksums:
    """The checksums of some Lance data.

    Args:
        by_path: Those of each file, by its path in the Lance data. One has several where writers
            raced for one version; that of the winner is among them.
        damaged_lines: Numbers of lines that are damaged, from 1; the last one may be cut.
    """

    by_path: dict[str, set[Checksum]] = field(default_factory=dict)
    damaged_lines: list[int] = field(default_factory=list)


def checksum(path: str | Path) -> Checksum:
    """The checksum of a file as it is now.

    Raises:
        OSError: It cannot be read.
    """
    size, crc, block = 0, 0, memoryview(bytearray(_BLOCK))
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(block):
            size, crc = size + count, zlib.crc32(block[:count], crc)
    return Checksum(size, crc)


def append_checksums(folder: Path, sums: Mapping[str, Checksum]) -> Path:
    """Add a line; returns the file, which is not synced yet.

    Args:
        folder: The Lance data.
        sums: Checksums by path in it.

    Raises:
        OSError: It cannot be written.
    """
    target, line = folder / CHECKSUMS, _line(sums)
    with open(target, "a+b", buffering=0) as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = b"\n" + line  # somebody was stopped in the middle of a line
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
    return target


def read_checksums(folder: str | Path) -> Checksums:
    """What is known of some Lance data; nothing, where it was written before there were checksums.

    Raises:
        OSError: The file is there and cannot be read.
    """
    found = Checksums()
    try:
        lines = Path(folder, CHECKSUMS).read_bytes().split(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return found
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        sums = _parse_line(line)
        if sums is None:
            found.damaged_lines.append(number)
            continue
        for path, (size, crc) in sums.items():
            found.by_path.setdefault(path, set()).add(Checksum(size, crc))
    return found


def _line(sums: Mapping[str, Checksum]) -> bytes:
    text = json.dumps({name: each.to_json() for name, each in sums.items()}).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


@lru_cache(maxsize=8192)
def _parse_line(line: bytes) -> dict[str, list[int]] | None:
    crc, _, text = line.partition(b" ")
    try:
        return json.loads(text) if int(crc, 16) == zlib.crc32(text) else None
    except ValueError:
        return None
