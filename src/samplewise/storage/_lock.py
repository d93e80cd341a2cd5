"""A lock between the processes of one machine, which ends with the process that holds it."""

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

from samplewise.errors import ConflictError, StoreError
from samplewise.storage._sync import share_with_group

_PATIENCE_S = 60.0
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL}


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is made if there is none.

    Whoever may write to the folder can take it: the file gets the folder's permissions. Where the
    file system knows no locks, or the folder cannot be written, nothing is held; in the first case
    two processes that change one document in the same millisecond may lose one of the changes.

    Args:
        path: The file; its folder must exist.

    Raises:
        ConflictError: Another process held it for a minute.
        StoreError: The folder can be written, but the lock cannot be opened.
    """
    handle = _open(path)
    try:
        if handle is not None:
            _acquire(handle, path)
        yield
    finally:
        if handle is not None:
            os.close(handle)  # which also gives up the lock


def _open(path: Path) -> int | None:
    """The file, to be locked; None where nobody could change what it guards."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        with contextlib.suppress(OSError):
            return os.open(path, os.O_RDONLY)  # of another member of the group: it locks as well
        if os.access(path.parent, os.W_OK) and path.exists():
            raise StoreError(
                f"`{path}` cannot be locked: {error.strerror}.",
                hint=f"let all who share the store read it: chmod a+r {path}",
            ) from error
        return None
    with contextlib.suppress(OSError):  # of another member, who has done so
        share_with_group(path)
    return handle


def _acquire(handle: int, path: Path) -> None:
    start, pause_s = time.monotonic(), 0.001
    while not _try(handle):
        if time.monotonic() - start > _PATIENCE_S:
            raise ConflictError(
                f"`{path}` is locked by another process for more than {_PATIENCE_S:.0f} s.",
                hint="find the process that holds it, such as a stopped training, and end it",
            )
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.05)


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
