"""Small pictures of images: WebP, made once, kept on disk up to a bound."""

import contextlib
import hashlib
import io
import os
import threading
from pathlib import Path

from samplewise.errors import NotFoundError
from samplewise.schema.image import open_image

SIZES = (64, 128, 256, 512, 1024)
MOST_BYTES = 2**30
_SWEEP_EVERY = 500  # pictures
_BROKEN = (OSError, ValueError, SyntaxError)  # what Pillow raises on broken files


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
        folder.mkdir(parents=True, exist_ok=True)

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
        name = hashlib.sha256(f"{url}\0{version}\0{side}\0{_changed(url)}".encode()).hexdigest()
        path = self._folder / name[:2] / f"{name}.webp"
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            os.utime(path)
            return content
        content = encoded(url, side)
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


def encoded(url: str, size: int | None = None) -> bytes:
    """An image as WebP.

    Args:
        url: Resolved URL of the image.
        size: Longest side in pixels; None keeps the size.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    try:
        image = open_image(url)
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
        if size is not None:
            image.thumbnail((size, size))
    except _BROKEN as error:
        raise BrokenImageError(f"the image cannot be read: {error}.") from None
    buffer = io.BytesIO()
    quality = {"quality": 80, "method": 2} if size is not None else {"quality": 92, "method": 2}
    image.save(buffer, format="WEBP", **quality)
    return buffer.getvalue()


def _changed(url: str) -> float:
    try:
        return 0.0 if "://" in url or url.startswith("data:") else Path(url).stat().st_mtime
    except (OSError, ValueError):
        return 0.0
