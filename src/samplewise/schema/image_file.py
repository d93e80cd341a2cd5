"""The encoded bytes of an image, wherever it lies."""

import base64
import binascii
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from samplewise._left_behind import Call
from samplewise.errors import ImageError, ImageNotFoundError, ImageRefusedError
from samplewise.schema.image_limits import MAX_BYTES, TIMEOUT, max_bytes, timeout_s
from samplewise.schema.remote_image import read_remote

Result = TypeVar("Result")
_SHOWN = 200  # characters of a URL in an error: one of `data:` holds the image itself


def read_encoded(url: str) -> bytes:
    """The bytes behind a resolved URL.

    Only regular files are opened: a pipe, a device or a folder is refused before. What takes
    longer than `SAMPLEWISE_IMAGE_TIMEOUT`, as on a network mount that hangs, is given up.

    Raises:
        ImageError: It cannot be read; `ImageRefusedError` where a rule forbids it that a person
            can change.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    if url.startswith("data:"):
        return _decode_data_url(url)
    path = local_path(url)
    if path is None:
        return within_time(url, lambda: read_remote(url))
    return within_time(url, lambda: _read_file(path, max_bytes()))


def local_path(url: str) -> str | None:
    """Where a URL lies on this machine; None where it is somewhere else."""
    if url.startswith("file://"):
        return unquote(urlsplit(url).path)
    return None if "://" in url or url.startswith("data:") else url


def cannot_read(url: str, reason: str, kind: type[ImageError] = ImageError) -> ImageError:
    """The error for an image that cannot be read."""
    return kind(
        f"image `{shorten_url(url)}` cannot be read: {reason}.",
        hint="if its folder has moved, set its alias; or leave the row out with "
        "table.delete_rows([...])",
    )


def shorten_url(url: str) -> str:
    """A URL as an error names it."""
    return url if len(url) <= _SHOWN else f"{url[: _SHOWN - 3]}..."


def within_time(url: str, work: Callable[[], Result]) -> Result:
    """The result of reading something, unless it takes too long.

    Raises:
        ImageError: It takes longer than `SAMPLEWISE_IMAGE_TIMEOUT`, or cannot be read.
    """
    reading = Call("samplewise-image", work)
    seconds = timeout_s()
    reading.start()
    reading.join(seconds)
    if reading.is_alive():
        raise ImageRefusedError(
            f"image `{shorten_url(url)}` cannot be read within {seconds:g} s.",
            hint=f"{TIMEOUT} sets another limit, in seconds",
        )
    with _reasons(url):
        return reading.result()


@contextmanager
def _reasons(url: str) -> Iterator[None]:
    """Errors of the operating system as ours."""
    try:
        yield
    except ImageError:
        raise
    except FileNotFoundError:
        raise cannot_read(url, "there is no such file", ImageNotFoundError) from None
    except OSError as error:
        raise cannot_read(url, error.strerror or type(error).__name__) from None
    except ValueError:  # a NUL character, half a surrogate
        raise cannot_read(url, "it is no path") from None


def open_regular(path: str) -> BinaryIO:
    """A regular file, opened.

    Raises:
        ImageError: It is a pipe, a device or a folder, or it is empty.
        OSError: It cannot be opened.
    """
    _check_kind(path, os.stat(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    # It may have been exchanged for a pipe since: opening one must not wait either.
    stream = os.fdopen(os.open(path, flags), "rb")
    try:
        _check_kind(path, os.fstat(stream.fileno()))
    except ImageError:
        stream.close()
        raise
    return stream


def _read_file(path: str, most: int) -> bytes:
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > most:
            raise ImageError(
                f"image `{path}` must have at most {most:,} bytes, but has {size:,}.",
                hint=f"{MAX_BYTES} raises the limit",
            )
        return stream.read(size)  # no more than it said: some files of the system never end


def _check_kind(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise cannot_read(path, "it is no regular file")
    if status.st_size == 0:
        raise cannot_read(path, "it is empty")


def _decode_data_url(url: str) -> bytes:
    head, _, content = url.partition(",")
    try:
        if not head.endswith(";base64"):
            raise cannot_read(url, "its content is not base64")
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        if isinstance(error, ImageError):
            raise
        raise cannot_read(url, "its content is not base64") from None
