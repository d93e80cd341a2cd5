"""Pixels of an image behind a resolved URL, as SuperGradients' datasets read them."""

from pathlib import Path

import cv2
import numpy as np

from samplewise.errors import FormatError
from samplewise.schema.image import image_bytes


def read_bgr(url: str) -> np.ndarray:
    """The image as BGR, not rotated by its EXIF tag, shape `(h, w, 3)`, uint8.

    Raises:
        FormatError: It cannot be read.
    """
    source = image_bytes(url)
    data = source if isinstance(source, bytes) else _bytes_of(source)
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags) if data else None
    if image is None:
        raise FormatError(
            f"image `{url}` cannot be decoded.",
            hint="leave its row out with table.delete_rows([...])",
        )
    return image


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FormatError(
            f"image `{path}` cannot be read: {error.strerror}.",
            hint="if the folder has moved, set its alias; or leave the row out with "
            "table.delete_rows([...])",
        ) from None
