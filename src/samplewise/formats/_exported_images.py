"""Images that leave with an export: only what is an image does."""

import io
import os
import warnings
from typing import NamedTuple

from samplewise.errors import ImageError
from samplewise.schema.image_reader import open_image, read_format, read_original

_ENDINGS = {
    "JPEG": (".jpg", ".jpeg"),
    "MPO": (".jpg", ".jpeg", ".mpo"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
    "GIF": (".gif",),
    "PPM": (".ppm", ".pgm"),
    "DIB": (".dib",),
    "JPEG2000": (".jp2",),
    "QOI": (".qoi",),
}
_NOT_IN_ULTRALYTICS = ("GIF", "PPM", "DIB", "JPEG2000", "QOI")

_EXIF = b"Exif\0\0"
_EXIF_LONGEST = 1 << 16  # of a segment of JPEG
_UPRIGHT = {  # the entry of the orientation in both orders of bytes, and the value 1
    b"\x12\x01\x03\x00\x01\x00\x00\x00": b"\x01\x00",
    b"\x01\x12\x00\x03\x00\x00\x00\x01": b"\x00\x01",
}


class ExportedImage(NamedTuple):
    """What decides how an image leaves.

    Args:
        format: As Pillow names it.
        is_to_be_unturned: Whether EXIF turns it in other tools, and not in the table.
    """

    format: str
    is_to_be_unturned: bool


def look_at(url: str, *, whole: bool) -> ExportedImage | None:
    """How an image leaves; None where it cannot be read.

    Args:
        url: The file, with its reader.
        whole: Whether its pixels must be readable too, and not its header alone.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF
            found = ExportedImage(*read_format(url))
            if found.is_to_be_unturned:
                without_turn(url, found.format)
            elif whole:
                read_original(url)
    except ImageError:
        return None
    return found if found.format in _ENDINGS else None


def without_turn(url: str, kind: str) -> bytes:
    """A file with the pixels of an image as they are stored, which EXIF turns in no tool.

    A JPEG stays as it is but for that one entry; others become PNG.

    Raises:
        ImageError: It cannot be read.
    """
    content = read_original(url).content
    start = content.find(_EXIF)
    if kind in ("JPEG", "MPO") and start >= 0:
        for entry, upright in _UPRIGHT.items():
            place = content.find(entry, start, start + _EXIF_LONGEST)
            if place >= 0:
                place += len(entry)
                return content[:place] + upright + content[place + len(upright) :]
    stream = io.BytesIO()
    image = open_image(url)
    image.info.pop("exif", None)
    image.save(stream, "PNG")
    return stream.getvalue()


def ending_of(path: str, image: ExportedImage) -> str:
    """The ending of a file name that tools know the format by; the file's own where it is one."""
    is_jpeg = image.format in ("JPEG", "MPO")
    kind = "PNG" if image.is_to_be_unturned and not is_jpeg else image.format
    own = os.path.splitext(path)[1]
    return own if own.lower() in _ENDINGS[kind] else _ENDINGS[kind][0]


def is_known_to_ultralytics(image: ExportedImage) -> bool:
    """Whether ultralytics reads images of a format."""
    return image.is_to_be_unturned or image.format not in _NOT_IN_ULTRALYTICS
