"""A lock between the processes of one machine, which ends with the process that holds it."""

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

from samplewise.errors import ConflictError, StoreError
from samplewise.storage._modes import follow_folder

_PATIENCE_S = 60.0
_OPENED_S = 1.0
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL}


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is made if there is none.

    Where the file system knows no locks nothing is held: then two processes that change one
    document in the same millisecond may lose one of the changes.

    Args:
        path: The file; its folder must exist.

    Raises:
        ConflictError: Another process held it for a minute.
        StoreError: This user may not lock it, and so must not write.
    """
    handle = _acquire(path)
    try:
        yield
    finally:
        os.close(handle)  # which also gives up the lock


def _acquire(path: Path) -> int:
    """A handle that holds the lock of the file that has this name now."""
    start, pause_s = time.monotonic(), 0.001
    while True:
        handle = _open(path)
        if _try(handle) and _has_name(handle, path):
            return handle
        os.close(handle)
        if time.monotonic() - start > _PATIENCE_S:
            raise ConflictError(
                f"`{path}` is locked by another process for more than {_PATIENCE_S:.0f} s.",
                hint="find the process that holds it, such as a stopped training, and end it",
            )
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.05)


def _open(path: Path) -> int:
    start = time.monotonic()
    while True:
        try:
            with contextlib.suppress(FileExistsError):
                handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
                follow_folder([path])
                return handle
            return _open_existing(path)
        except OSError as error:
            # Another user who made it just now may be about to open it for all.
            is_new = isinstance(error, PermissionError | FileNotFoundError) and path.parent.is_dir()
            if is_new and time.monotonic() - start < _OPENED_S:
                time.sleep(0.02)
                continue
            raise StoreError(
                f"`{path}` cannot be locked, so nothing is written: {error.strerror}.",
                hint="let your group write the folders of the store (chmod -R g+rwXs), or write "
                "as the user who owns them",
            ) from error


def _open_existing(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR)
    except PermissionError:
        return os.open(path, os.O_RDONLY)  # of another user: that is enough on most disks


def _has_name(handle: int, path: Path) -> bool:
    """Whether nobody has deleted the file since it was opened; another may have its name now."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False


def _try(handle: int) -> bool:
    """Whether it is held now, or cannot be."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _UNSUPPORTED
    return True
