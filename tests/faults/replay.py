"""A store as a power loss leaves it, from the log of what was synced (see `shim.c`)."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

Names = dict[str, tuple[str, str]]
"""Kind (`d`, `f`, `l`) and inode by name."""


@dataclass
class Disk:
    """What is on a disk at a moment.

    Args:
        contents: Copies of files by inode; a file that was never synced is not here.
        synced: Names in folders by the inode of the folder, as they were synced.
        seen: The same as processes saw them: a disk may keep names before they are synced.
        root: Inode of the root.
        acknowledged: What was acknowledged until then.
    """

    contents: dict[str, str] = field(default_factory=dict)
    synced: dict[str, Names] = field(default_factory=dict)
    seen: dict[str, Names] = field(default_factory=dict)
    root: str = ""
    acknowledged: list[str] = field(default_factory=list)

    def rebuild(self, target: Path, copies: Path, *, names: str) -> None:
        """Make the store anew in an empty folder.

        Args:
            target: The folder.
            copies: Where the copies of files are.
            names: `synced`, `seen`, or `mixed`: each folder has the ones or the others.
        """
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        self._fill(target, self.root, copies, names)

    def _fill(self, folder: Path, inode: str, copies: Path, names: str) -> None:
        which = random.choice(["synced", "seen"]) if names == "mixed" else names
        for name, (kind, child) in getattr(self, which).get(inode, {}).items():
            if kind == "d":
                (folder / name).mkdir()
                self._fill(folder / name, child, copies, names)
            elif kind == "f":
                copy = self.contents.get(child)
                (folder / name).write_bytes(b"" if copy is None else (copies / copy).read_bytes())


def moments(log: Path) -> list[str]:
    """Lines of the log: after each, the power may fail."""
    return log.read_text(errors="surrogateescape").splitlines()


def disk_after(lines: list[str], count: int) -> Disk:
    """The disk after so many lines."""
    disk = Disk()
    for line in lines[:count]:
        kind, *rest = line.split("\t")
        if kind == "F":
            disk.contents[rest[0]] = rest[1]
        elif kind == "D":
            disk.synced[rest[0]] = _parsed(rest[1])
        elif kind == "T":
            disk.root = rest[0]
            disk.seen = {i: _parsed(n) for i, n in zip(rest[::2], rest[1::2], strict=True)}
        else:
            disk.acknowledged.append(rest[0])
    return disk


def _parsed(text: str) -> Names:
    found: Names = {}
    for each in filter(None, text.split("/")):
        inode, _, name = each[1:].partition("=")
        found[name] = (each[0], inode)
    return found
