"""Images that leave with an export: only what is an image does."""

import os
import stat
import warnings

_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "AVIF")  # no EPS
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
}
_NOT_IN_ULTRALYTICS = ("GIF", "PPM")


def image_format(path: str, *, whole: bool) -> str | None:
    """The format of an image file, None where it cannot be read.

    Args:
        path: The file; what is no regular file is not opened.
        whole: Whether its pixels must be readable too, and not its header alone.
    """
    from PIL import Image

    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken EXIF, and of images that are very large
            Image.init()
            with Image.open(path, formats=[f for f in _FORMATS if f in Image.OPEN]) as image:
                if whole:
                    image.draft("RGB", (1, 1))  # an eighth of a JPEG's sides tells as much
                    image.load()
                return image.format
    except Exception:  # noqa: BLE001  # decoders raise whatever they like
        return None


def ending_of(path: str, kind: str) -> str:
    """The ending of a file name that tools know the format by; the file's own where it is one."""
    own = os.path.splitext(path)[1]
    return own if own.lower() in _ENDINGS[kind] else _ENDINGS[kind][0]


def is_known_to_ultralytics(kind: str) -> bool:
    """Whether ultralytics reads images of a format."""
    return kind not in _NOT_IN_ULTRALYTICS
