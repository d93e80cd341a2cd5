"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from samplewise.errors import InvalidArgumentError, SamplewiseError, StoreError
from samplewise.formats._image_files import is_remote


def local_path(path: str | Path) -> Path:
    """Where a file is to be written, absolute.

    Raises:
        InvalidArgumentError: It is no path of this machine.
    """
    text = os.fspath(path)
    if is_remote(text) or not text:
        raise InvalidArgumentError(
            f"`path` must be a path of this machine, but is {text!r}.",
            hint="export into a local folder, and copy that",
        )
    return Path(text).expanduser().absolute()


WRITING = ".writing-"
"""What is written aside is called `.NAME.writing-PROCESS-...`."""

_LONGEST = 150  # characters of a name; file systems allow 255 bytes


@contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which gets its name at the end; an exception leaves nothing behind.

    Raises:
        StoreError: The file cannot be written.
    """
    with explain_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        start = f".{path.name[:_LONGEST]}{WRITING}"
        for each in find_leftovers(path.parent, start):
            each.unlink(missing_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{start}{os.getpid()}-")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


@contextmanager
def explain_write_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system raises into a `StoreError`."""
    try:
        yield
    except SamplewiseError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"`{path}` cannot be written: {reason}.") from error


def find_leftovers(folder: Path, start: str) -> list[Path]:
    """What processes that were killed left there while they wrote.

    Args:
        folder: The folder.
        start: How its name starts, up to the process.
    """
    found = [path for path in folder.iterdir() if path.name.startswith(start)]
    return [path for path in found if not _is_alive(path.name.removeprefix(start).split("-")[0])]


def _is_alive(process: str) -> bool:
    if not process.isdigit() or os.name == "nt":  # there, asking would end it
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
