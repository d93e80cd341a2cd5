"""Label files as bytes: what may be opened at all, and how much of it is taken into memory."""

import os
import stat
from pathlib import Path

from samplewise.errors import FormatError, InvalidArgumentError

LARGEST = "SAMPLEWISE_LARGEST_LABEL_FILE"
"""Environment variable that sets the limit in bytes, for files of every kind."""

_USUAL_LIMIT = 2 << 30
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read_label_file(path: str | Path, limit: int = _USUAL_LIMIT) -> bytes:
    """All bytes of a label file.

    Pipes and devices are refused before they are opened, since opening or reading one may never
    end; and so is a file that is larger than the limit, or that grows while it is read.

    Args:
        path: The file.
        limit: Most bytes, unless the environment says otherwise.

    Raises:
        FormatError: It is missing, cannot be read, is no regular file, or is too large.
    """
    check_label_file(path, limit)
    most = largest_label_file(limit)
    try:
        with Path(path).open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(data) > most:
        raise too_large(path, len(data), most)
    return data


def check_label_file(path: str | Path, limit: int = _USUAL_LIMIT) -> None:
    """Refuse what must not be opened, by what the file system says of it.

    Raises:
        FormatError: It is missing, is no regular file, or is larger than the limit.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise unreadable(path, error) from None
    if not stat.S_ISREG(status.st_mode):
        what = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "something else")
        raise FormatError(f"`{path}` must be a regular file, but is {what}.")
    if status.st_size > (most := largest_label_file(limit)):
        raise too_large(path, status.st_size, most)


def largest_label_file(limit: int = _USUAL_LIMIT) -> int:
    """Most bytes of a label file that are taken into memory, unpacked.

    Args:
        limit: What holds where the environment says nothing.

    Raises:
        InvalidArgumentError: The environment has no number of bytes.
    """
    given = os.environ.get(LARGEST)
    if not given:
        return limit
    if not given.strip().isdecimal():
        raise InvalidArgumentError(f"`{LARGEST}` must be a number of bytes, but is {given!r}.")
    return int(given)


def too_large(path: str | Path, size_bytes: int, most: int) -> FormatError:
    """The error that says the limit, and how to raise it."""
    return FormatError(
        f"`{path}` must have at most {most:,} bytes, unpacked, but has {size_bytes:,} or more.",
        hint=f"split it, or set {LARGEST}={size_bytes * 2} where the memory is there",
    )


def unreadable(path: str | Path, error: Exception) -> FormatError:
    """The error that names a file and why it cannot be read."""
    return FormatError(f"`{path}` cannot be read: {getattr(error, 'strerror', None) or error}.")
