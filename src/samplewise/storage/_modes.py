"""Who may read and write what is made in a store: whoever its folder says.

A folder that its group may write is shared: what is made in it belongs to the group of the folder,
which may read and write it, whatever the umask of the process says. Elsewhere the umask decides.
"""

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_EVERYBODY_ELSE = stat.S_IRWXG | stat.S_IRWXO


def follow_folder(paths: Iterable[str | Path], folder: str | Path | None = None) -> None:
    """Give files and folders that this process made the group of their folder, and its rights.

    Args:
        paths: What was made; folders stand before what is in them.
        folder: Where they will be; None where they are.
    """
    for path in map(Path, paths):
        with contextlib.suppress(FileNotFoundError, PermissionError):  # gone, or of somebody else
            _follow(path, Path(folder or path.parent).stat())


def _follow(path: Path, folder: os.stat_result) -> None:
    own = path.lstat()
    if os.name == "nt" or not folder.st_mode & stat.S_IWGRP or stat.S_ISLNK(own.st_mode):
        return
    if own.st_gid != folder.st_gid:
        os.chown(path, -1, folder.st_gid)
    rights = folder.st_mode & _EVERYBODY_ELSE
    if stat.S_ISDIR(own.st_mode):
        rights |= folder.st_mode & stat.S_ISGID
    else:
        rights &= ~(stat.S_IXGRP | stat.S_IXOTH)
    if own.st_mode | rights != own.st_mode:
        os.chmod(path, stat.S_IMODE(own.st_mode) | rights)
