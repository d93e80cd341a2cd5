"""Small pictures of images: WebP, made once, kept on disk up to a bound."""

import contextlib
import hashlib
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from samplewise.errors import ForkError, NotFoundError
from samplewise.schema.image import image_bytes, open_image

SIZES = (64, 128, 256, 512, 1024)
MOST_BYTES = 2**30
_SWEEP_EVERY = 500  # pictures
_ORIENTATION = 0x0112  # of EXIF
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
        name = hashlib.sha256(f"{url}\0{version}\0{side}\0{mtime(url)}".encode()).hexdigest()
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


class Original(NamedTuple):
    """A whole image, as a browser can show it.

    Args:
        content: Its bytes.
        media_type: What they are.
    """

    content: bytes
    media_type: str


def original(url: str) -> Original:
    """An image in its own size, upright: as it is where browsers show it like that.

    Args:
        url: Resolved URL of the image.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _report_as_broken():
        source = _source(url)
        content = source if isinstance(source, bytes) else source.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            kind = _SHOWN_BY_BROWSERS.get(image.format or "")
            if kind is not None and image.getexif().get(_ORIENTATION, 1) == 1:
                return Original(content, kind)
            return Original(_webp(ImageOps.exif_transpose(_in_bytes(image)), 95), "image/webp")


def upright_size(url: str) -> tuple[int, int]:
    """Width and height of an image, upright.

    Args:
        url: Resolved URL of the image.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _report_as_broken():
        _source(url)
        return open_image(url).size


def thumbnail(url: str, size: int) -> bytes:
    """A small WebP of an image, upright.

    Args:
        url: Resolved URL of the image.
        size: Longest side in pixels.

    Raises:
        BrokenImageError: The image cannot be read.
    """
    with _report_as_broken():
        source = _source(url)
        opened = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        with opened as image:
            # Not loaded yet, so that a large JPEG is decoded at a fraction of its size.
            image.thumbnail((size, size))
            return _webp(ImageOps.exif_transpose(_in_bytes(image)), 80)


@contextlib.contextmanager
def _report_as_broken() -> Iterator[None]:
    try:
        yield
    except ForkError:
        raise
    except Exception as error:  # noqa: BLE001  # Pillow raises whatever on broken files
        raise BrokenImageError(f"the image cannot be read: {error}.") from None


def _source(url: str) -> bytes | Path:
    source = image_bytes(url)
    if isinstance(source, Path) and not source.is_file():
        # A device or a pipe would never end.
        raise FileNotFoundError(f"there is no file {source}")
    return source


def _in_bytes(image: Image.Image) -> Image.Image:
    """Eight bits a channel: grey of 16 bits would be cut off, not scaled."""
    if image.mode.startswith("I;16"):
        pixels = np.asarray(image)
        return Image.fromarray((pixels >> 8).astype(np.uint8))
    return image


def _webp(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    plain = image.convert(
        "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
    )
    plain.save(buffer, format="WEBP", quality=quality, method=2)
    return buffer.getvalue()


def mtime(url: str) -> float:
    """When a local file changed, in seconds since the epoch; 0 where nobody knows."""
    try:
        return 0.0 if "://" in url or url.startswith("data:") else Path(url).stat().st_mtime
    except (OSError, ValueError):
        return 0.0
