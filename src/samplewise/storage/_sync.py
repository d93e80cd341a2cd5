"""Making files and folders survive a power loss, and saying so where the disk cannot."""

import contextlib
import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from samplewise.errors import StoreError
from samplewise.storage._modes import follow_folder

_UNSUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_AT_ONCE = 8  # a journal writes what is synced at the same time in one go


def sync(*paths: str | Path) -> None:
    """fsync files or folders, in no order; when it returns, all of them are on the disk.

    Raises:
        StoreError: The disk says that one of them is not.
    """
    if len(paths) == 1:
        _sync(paths[0])
    elif paths:
        with ThreadPoolExecutor(min(_AT_ONCE, len(paths))) as pool:
            list(pool.map(_sync, paths))


def sync_folder(folder: str | Path) -> None:
    """fsync a folder: the names in it; nothing to do where somebody removed it just now.

    Raises:
        StoreError: The disk says that they are not on it.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.stat(folder)
        sync(folder)


def make_folder(folder: Path) -> None:
    """A folder and those around it, where they are missing, with their names on the disk.

    Raises:
        OSError: It cannot be made.
        StoreError: The disk does not keep it.
    """
    missing = [folder, *folder.parents]
    missing = missing[: next((i for i, each in enumerate(missing) if each.is_dir()), 0)]
    folder.mkdir(parents=True, exist_ok=True)
    follow_folder(reversed(missing))
    for each in missing:
        sync_folder(each.parent)


@contextlib.contextmanager
def saying_store_error(target: str | Path, what: str) -> Iterator[None]:
    """Turns what the operating system raises into a `StoreError`, but for what is not there.

    Args:
        target: The file or folder.
        what: What cannot be done to it, such as `read`.
    """
    try:
        yield
    except (StoreError, FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise StoreError(f"`{target}` cannot be {what}: {reason(error)}") from error


def reason(error: OSError) -> str:
    """What the operating system says, without its number and the path."""
    return error.strerror or str(error)


def everything_below(folder: str | Path) -> list[str]:
    """Paths of a folder and of all files and folders below it."""
    found = [str(folder)]
    for at, folders, names in os.walk(folder):
        found += [os.path.join(at, name) for name in (*folders, *names)]
    return found


def _sync(path: str | Path) -> None:
    is_folder = os.path.isdir(path)
    if os.name == "nt" and is_folder:
        return  # Windows has no handle of a folder to do it with
    try:
        handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in _UNSUPPORTED:  # not every file system can
            return
        raise StoreError(
            f"`{path}` is not safe on the disk: {reason(error)}",
            hint="look after the disk, then `samplewise check`: what was written last may be gone",
        ) from error
