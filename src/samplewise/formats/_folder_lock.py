"""One export at a time into a folder."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from samplewise.errors import StoreError
from samplewise.formats._written import explain_write_errors

_TAKEN = (errno.EWOULDBLOCK, errno.EACCES)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder, made where it is not there; a process that dies lets go of it.

    Disks and systems that cannot lock a folder let everybody in.

    Raises:
        StoreError: Another export holds it, or it cannot be made.
    """
    is_new = not folder.exists()
    with explain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    handle = None if os.name == "nt" else os.open(folder, os.O_RDONLY)
    try:
        if handle is not None:
            _hold(handle, folder)
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):  # it is not empty
                folder.rmdir()
        raise
    finally:
        if handle is not None:
            os.close(handle)


def _hold(handle: int, folder: Path) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            raise StoreError(
                f"`{folder}` cannot be written: another export writes into it now.",
                hint="wait until it is done, or export into another folder",
            ) from None
