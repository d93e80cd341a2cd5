"""Small pictures of images: WebP, made once, kept on disk up to a bound."""

import contextlib
import hashlib
import io
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from samplewise.errors import ImageError, ImageRefusedError, NotFoundError
from samplewise.schema.image_reader import WHOLE, read_original, read_size, read_thumbnail
from samplewise.schema.image_url import reader_of

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)
SIZES = (64, 128, 256, 512, 1024)
MOST_BYTES = 2**30
_SWEEP_EVERY = 500  # pictures
_SHOWN_BY_BROWSERS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}


class BrokenImageError(NotFoundError):
    """An image that is named and cannot be read."""


class Thumbnails:
    """Makes and keeps small pictures; may be shared by threads.

    Args:
        folder: Where they are kept.
        most_bytes: How much room they may take; the ones used least lately go first.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most_bytes
        self._made = 0
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.warning(
                "Small pictures are made anew each time: %s cannot be written (%s).",
                folder,
                error.strerror or error,
            )

    def get(self, url: str, size: int, version: str) -> bytes:
        """A WebP of an image, upright by its EXIF orientation.

        Args:
            url: Resolved URL of the image.
            size: Longest side in pixels; the next of `SIZES` is taken.
            version: Of the table that names it: another version may mean another image.

        Raises:
            BrokenImageError: The image cannot be read.
        """
        side = next((known for known in SIZES if known >= size), SIZES[-1])
        name = hashlib.sha256(
            f"{url}\0{reader_of(url)}\0{version}\0{side}\0{mtime(url)}".encode()
        ).hexdigest()
        path = self._folder / name[:2] / f"{name}.webp"
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            os.utime(path)
            return content
        content = thumbnail(url, side)
        self._keep(path, content)
        return content

    def _keep(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            unfinished.write_bytes(content)
            unfinished.replace(path)
        except OSError:  # a full disk: it is made again next time
            return
        with self._lock:
            self._made += 1
            is_due = self._made % _SWEEP_EVERY == 0
        if is_due:
            self.sweep()

    def sweep(self) -> None:
        """Delete those that were used least lately, until the others fit."""
        kept = []
        for path in self._folder.glob("*/*.webp"):
            try:
                status = path.stat()
            except OSError:
                continue
            kept.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= self._most:
                break
            path.unlink(missing_ok=True)
            total -= size


class OriginalImage(NamedTuple):
    """A whole image, as a browser can show it.

    Args:
        content: Its bytes.
        media_type: What they are.
    """

    content: bytes
    media_type: str


def original(url: str) -> OriginalImage:
    """An image in its own size, in the frame of its labels: as it is where browsers show that.

    Args:
        url: Resolved URL of the image.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _raise_as_broken():
        file = read_original(url)
        kind = _SHOWN_BY_BROWSERS.get(file.format)
        if kind is not None and not file.is_turned:
            return OriginalImage(file.content, kind)
        return OriginalImage(_webp(read_thumbnail(url, WHOLE), 95), "image/webp")


def image_size(url: str) -> tuple[int, int]:
    """Width and height of an image that can be decoded, in the frame of its labels.

    Args:
        url: Resolved URL of the image.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _raise_as_broken():
        read_original(url)
        return read_size(url)


def thumbnail(url: str, size: int) -> bytes:
    """A small WebP of an image, in the frame of its labels.

    Args:
        url: Resolved URL of the image.
        size: Longest side in pixels.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _raise_as_broken():
        return _webp(read_thumbnail(url, size), 80)


@contextlib.contextmanager
def _raise_as_broken() -> Iterator[None]:
    """One error for all that is no image: whoever asks learns nothing else of a file."""
    try:
        yield
    except ImageRefusedError as error:
        raise BrokenImageError(error.message, hint=error.hint) from None
    except ImageError:
        raise BrokenImageError("the image cannot be read.") from None


def _webp(image: "Image", quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="WEBP", quality=quality, method=2)
    return buffer.getvalue()


def mtime(url: str) -> float:
    """When a local file changed, in seconds since the epoch; 0 where nobody knows."""
    try:
        return 0.0 if "://" in url or url.startswith("data:") else Path(url).stat().st_mtime
    except (OSError, ValueError):
        return 0.0
