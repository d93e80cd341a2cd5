"""The one reader of pictures: what a file may be, how large, and what its pixels are."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from samplewise._extras import require
from samplewise.errors import ImageNotFoundError, ImageRefusedError, SamplewiseError
from samplewise.schema.image_file import (
    cannot_read,
    local_path,
    open_regular,
    read_encoded,
    shorten_url,
    within_time,
)
from samplewise.schema.image_limits import MAX_PIXELS, max_pixels
from samplewise.schema.image_url import Reader, reader_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

FORMATS = (
    "JPEG",  # and MPO, several of them in one file
    "PNG",
    "WEBP",
    "AVIF",
    "BMP",
    "DIB",
    "GIF",
    "TIFF",
    "PPM",
    "JPEG2000",
    "QOI",
)
"""What is opened, as Pillow names it. EPS and what else starts another program is not among it."""

ENDINGS = frozenset(
    (
        *(".jpg", ".jpeg", ".jfif", ".jpe", ".mpo", ".png", ".webp", ".avif", ".bmp", ".dib"),
        *(".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".qoi"),
    )
)
"""Endings of such files, lower case."""

_ORIENTATION = 0x0112  # EXIF
_QUARTER_TURNS = (5, 6, 7, 8)
WHOLE = 2**31 - 1
"""As the side of a thumbnail: as large as the image."""

_START = 4096
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"  # how a JPEG file begins; where its pixels begin
_UNTURNED = ("opencv_unturned", "pillow")
_UNTURNED_BY_OPENCV = ("AVIF",)


class Original(NamedTuple):
    """An image file that was decoded to its end, so that it is nothing else.

    Args:
        content: Its bytes.
        format: Its format, as Pillow names it.
        is_turned: Whether its EXIF orientation asks for a turn.
    """

    content: bytes
    format: str
    is_turned: bool


class Traits(NamedTuple):
    """What decides how an image is read.

    Args:
        orientation: As EXIF says, 1 to 8.
        depth: Bits of a grey value, where they are not 8.
    """

    orientation: int = 1
    depth: int = 8


def open_image(url: str) -> "Image":
    """The image behind a resolved URL in its own mode, fully loaded, in the frame of its reader.

    Raises:
        ImageError: It cannot be read, is of no known format, or is larger than
            `SAMPLEWISE_MAX_IMAGE_PIXELS`.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    with _decoding(url), _open(read_encoded(url)) as image:
        _check_size(url, image.size)
        orientation = _turn_of(url, image)
        image.load()
        return _turn(image.copy(), orientation)


def read_pixels(url: str, reader: Reader | None = None) -> np.ndarray:
    """The pixels of an image as whatever trained on it read them: RGB, uint8, shape `(h, w, 3)`.

    Args:
        url: Resolved URL.
        reader: How; None: as its column says, which is `upright` mostly.

    Raises:
        ImageError: As `open_image`; or nobody can tell which of its values is white, as with
            floats.
        MissingDependencyError: The column asks for OpenCV, which is not installed.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    reader = reader or reader_of(url)
    content = read_encoded(url)
    with _decoding(url):
        with _open(content) as image:
            _check_size(url, image.size)
            if reader == "pillow":
                return np.array(image.convert("RGB"))
            if reader == "upright":
                orientation = _orientation(image)
                image.load()
                return np.array(_turn(_to_rgb(image), orientation))
        return _by_opencv(url, content, is_turned=reader == "opencv")


def read_size(url: str) -> tuple[int, int]:
    """Width and height in the frame of its reader, from the header, however large it is.

    Raises:
        ImageError: It has no header that can be read.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    path = local_path(url)
    if path is None:
        return _header(url, read_encoded(url))
    return within_time(url, lambda: _header_of_file(url, path))


def read_thumbnail(url: str, side: int) -> "Image":
    """A small image, RGB or RGBA, in the frame of its reader.

    A JPEG is decoded at a fraction of its size, so that it may be larger than others.

    Args:
        url: Resolved URL.
        side: Its longest side, at most.

    Raises:
        ImageError: As `read_pixels`.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    with _decoding(url), _open(read_encoded(url)) as image:
        if side < WHOLE:
            image.draft("RGB", (side * 2, side * 2))
        _check_size(url, image.size)
        orientation = _turn_of(url, image)
        image.load()
        is_cut = reader_of(url) == "pillow" and _depth(image) != 8  # as it was trained on
        small = image.convert("RGB") if is_cut else _to_rgb(image, keep_alpha=True)
        if max(small.size) > side:
            small.thumbnail((side, side))
        return _turn(small, orientation)


def read_original(url: str) -> Original:
    """An image file as it is, after its last pixel was decoded.

    Raises:
        ImageError: As `open_image`.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    content = read_encoded(url)
    with _decoding(url), _open(content) as image:
        _check_size(url, image.size)
        orientation = _orientation(image)
        image.load()
        return Original(content, str(image.format), orientation != 1)


def read_format(url: str) -> tuple[str, bool]:
    """The format of a file of this machine, and whether its reader leaves a turn of EXIF undone.

    Raises:
        ImageError: It has no header that can be read.
    """
    path = local_path(url)
    if path is None:
        raise cannot_read(url, "it is no file of this machine")

    def read() -> tuple[str, bool]:
        with _decoding(url), open_regular(path) as stream, _open(stream) as image:
            return str(image.format), _orientation(image) != _turn_of(url, image)

    return within_time(url, read)


def read_class_map(url: str) -> np.ndarray:
    """The values of an image's pixels as they are, such as indices of a palette, int64.

    Raises:
        ImageError: As `open_image`.
        ForkError: It lies on an object store that was opened before this process forked.
    """
    with _decoding(url), _open(read_encoded(url)) as image:
        _check_size(url, image.size)
        return np.asarray(image, np.int64)


def read_traits(url: str) -> Traits:
    """What is unusual about a file of this machine, from its header.

    The first bytes decide for most files, so that a hundred thousand take seconds.

    Raises:
        ImageError: There is no such file, or it has no header that can be read.
    """
    path = local_path(url)
    if path is None:
        raise cannot_read(url, "it is no file of this machine")
    with _decoding(url), open_regular(path) as stream:
        start = stream.read(_START)
        # Most files are JPEG without EXIF, whose segments stand before the first scan.
        if start[:2] == _JPEG and b"Exif\0\0" not in start and _SCAN in start:
            return Traits()
        stream.seek(0)
        with _open(stream) as image:
            return Traits(_orientation(image), _depth(image))


def _header_of_file(url: str, path: str) -> tuple[int, int]:
    with _decoding(url), open_regular(path) as stream:
        return _header(url, stream)


def _header(url: str, source: bytes | BinaryIO) -> tuple[int, int]:
    with _decoding(url), _open(source) as image:
        width, height = image.size
        is_quarter = _turn_of(url, image) in _QUARTER_TURNS
        return (height, width) if is_quarter else (width, height)


def _open(source: bytes | BinaryIO) -> "ImageFile":
    """The header of an image of an allowed format.

    Not `PIL.Image.open`: that refuses headers of large images, and its limit is one for the whole
    process.
    """
    from PIL import Image

    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    start = stream.read(16)
    Image.init()
    for name in FORMATS:
        if name not in Image.OPEN:
            continue  # Pillow was built without it
        make, accept = Image.OPEN[name]
        is_accepted = accept is None or accept(start)
        if not is_accepted or isinstance(is_accepted, str):  # a text: it was built without it
            continue
        stream.seek(0)
        try:
            return make(stream, "")
        except (SyntaxError, IndexError, TypeError, struct.error):  # another format, says Pillow
            continue
    raise ValueError("it is no image of a known format")


@contextmanager
def _decoding(url: str) -> Iterator[None]:
    """Whatever a decoder raises on a broken file, as our error."""
    try:
        yield
    except SamplewiseError:
        raise
    except FileNotFoundError:
        raise cannot_read(url, "there is no such file", ImageNotFoundError) from None
    except Exception as error:  # noqa: BLE001  # decoders raise anything
        text = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise cannot_read(url, text) from None


def _check_size(url: str, size: tuple[int, int]) -> None:
    most = max_pixels()
    if size[0] * size[1] > most:
        raise ImageRefusedError(
            f"image `{shorten_url(url)}` must have at most {most:,} pixels to be decoded, but has "
            f"{size[0]:,} x {size[1]:,}.",
            hint=f"{MAX_PIXELS}={size[0] * size[1]} allows it",
        )


def _orientation(image: "Image") -> int:
    """As EXIF says; 1 where it cannot be read, or Pillow turns the image by itself.

    Not `getexif()`: that decodes a whole PNG to look behind its pixels, and takes XMP for EXIF,
    as OpenCV does not.
    """
    from PIL.Image import Exif

    data = image.info.get("exif")
    if not data or image.format == "TIFF":
        return 1
    exif = Exif()
    try:
        exif.load(data)
        value = exif.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  # EXIF that cannot be read turns nothing
        return 1
    return value if value in range(1, 9) else 1


def _turn_of(url: str, image: "Image") -> int:
    """The orientation that the reader of a URL undoes; 1 where it undoes none."""
    reader = reader_of(url)
    leaves = reader in _UNTURNED or (reader == "opencv" and image.format in _UNTURNED_BY_OPENCV)
    return 1 if leaves else _orientation(image)


def _turn(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _to_rgb(image: "Image", *, keep_alpha: bool = False) -> "Image":
    """Eight bits in three channels: 16 bits lose their lower half, as with OpenCV."""
    from PIL import Image

    depth = _depth(image)
    if depth == 16:
        pixels = np.asarray(image).astype(np.int64)
        image = Image.fromarray((pixels >> 8).astype(np.uint8))
    elif depth == 32:
        raise ValueError(
            f"it has 32 bits a pixel (mode {image.mode}), so nobody knows what is white"
        )
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
    return image if has_alpha and keep_alpha else image.convert("RGB")


def _depth(image: "Image") -> int:
    # Some versions of Pillow hold 16 bits in 32.
    is_deep = image.mode.startswith("I;16") or image.format in ("PPM", "PNG")
    return {"I": 16 if is_deep else 32, "F": 32}.get(image.mode, 16 if "16" in image.mode else 8)


def _by_opencv(url: str, content: bytes, *, is_turned: bool) -> np.ndarray:
    cv2: Any = require(
        "cv2",
        package="opencv-python-headless",
        extra="super-gradients",
        purpose="reading images as they were trained on",
    )
    flags = cv2.IMREAD_COLOR | (0 if is_turned else cv2.IMREAD_IGNORE_ORIENTATION)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if image is None:
        raise cannot_read(url, "OpenCV cannot decode it")
    return np.ascontiguousarray(image[:, :, ::-1])
