"""Image files as they are in the wild: unusual, broken, oddly named."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from samplewise.demo.scenes._scene import draw_scene

_SIZE = (48, 32)  # width and height as shown


@dataclass(frozen=True, slots=True)
class NastyImage:
    """One file and what a careful reader makes of it.

    Args:
        kind: What is nasty about it, such as `cmyk`.
        path: The file.
        size: Width and height as shown, after EXIF rotation; None if nothing can be shown.
    """

    kind: str
    path: Path
    size: tuple[int, int] | None

    @property
    def readable(self) -> bool:
        """Whether there is a picture in it."""
        return self.size is not None


def draw_nasty_images(folder: Path | str, *, seed: int = 0) -> dict[str, NastyImage]:
    """Write one image file of every nasty kind.

    Readable: other pixel formats (`grey`, `grey_alpha`, `rgba`, `palette`, `one_bit`,
    `sixteen_bit`, `float_tiff`, `cmyk`), EXIF orientations (`exif_rotated`, `exif_mirrored`),
    containers (`progressive`, `webp`, `animated_gif`, `png_named_jpg`, `upper_case`), extreme
    shapes (`one_pixel`, `thin`) and names (`unicode`, `spaces`, `reserved`). Not readable:
    `truncated`, `corrupt`, `text`, `empty`.

    Args:
        folder: Is made if it does not exist.
        seed: Of the pictures.

    Returns:
        The files by their kind.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    picture = _picture(seed)
    written = {}
    for kind, (name, size, content) in _KINDS.items():
        (folder / name).write_bytes(content(picture))
        written[kind] = NastyImage(kind, folder / name, size)
    return written


def _picture(seed: int) -> Image.Image:
    pixels = draw_scene(64, np.random.default_rng(seed)).pixels
    return Image.fromarray(pixels).resize(_SIZE)


def _encode(picture: Image.Image, form: str, **options: object) -> bytes:
    stream = BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def _encode_mode(mode: str, form: str) -> Callable[[Image.Image], bytes]:
    return lambda picture: _encode(picture.convert(mode), form)


def _encode_as(form: str, **options: object) -> Callable[[Image.Image], bytes]:
    return lambda picture: _encode(picture, form, **options)


def _sixteen_bit(picture: Image.Image) -> bytes:
    deep = np.asarray(picture.convert("L")).astype(np.uint16) * 257
    return _encode(Image.fromarray(deep), "PNG")


def _float_tiff(picture: Image.Image) -> bytes:
    return _encode(Image.fromarray(np.asarray(picture.convert("L")) / np.float32(255)), "TIFF")


def _clear(picture: Image.Image) -> bytes:
    """Fully transparent at the left, opaque at the right."""
    alpha = np.linspace(0, 255, picture.width).astype(np.uint8)[None].repeat(picture.height, 0)
    picture = picture.copy()
    picture.putalpha(Image.fromarray(alpha))
    return _encode(picture, "PNG")


def _encode_turned(orientation: int, back: Image.Transpose) -> Callable[[Image.Image], bytes]:
    """Stored turned, with the EXIF entry that turns it upright again."""

    def content(picture: Image.Image) -> bytes:
        exif = Image.Exif()
        exif[0x0112] = orientation
        return _encode(picture.transpose(back), "JPEG", exif=exif.tobytes())

    return content


def _encode_animated(picture: Image.Image) -> bytes:
    return _encode(picture, "GIF", save_all=True, append_images=[picture.rotate(180)])


def _encode_resized(width: int, height: int) -> Callable[[Image.Image], bytes]:
    return lambda picture: _encode(picture.resize((width, height)), "PNG")


def _truncate(picture: Image.Image) -> bytes:
    whole = _encode(picture, "JPEG", quality=95)
    return whole[: len(whole) // 3]


def _corrupt(picture: Image.Image) -> bytes:
    """A PNG whose header is right and whose pixels are noise."""
    whole = bytearray(_encode(picture, "PNG"))
    whole[60:-12] = bytes((value * 89 + 7) % 251 for value in range(len(whole) - 72))
    return bytes(whole)


_KINDS: dict[str, tuple[str, tuple[int, int] | None, Callable[[Image.Image], bytes]]] = {
    "grey": ("grey.jpg", _SIZE, _encode_mode("L", "JPEG")),
    "grey_alpha": ("grey_alpha.png", _SIZE, _encode_mode("LA", "PNG")),
    "rgba": ("rgba.png", _SIZE, _clear),
    "palette": ("palette.png", _SIZE, _encode_mode("P", "PNG")),
    "one_bit": ("one_bit.png", _SIZE, _encode_mode("1", "PNG")),
    "sixteen_bit": ("sixteen_bit.png", _SIZE, _sixteen_bit),
    "float_tiff": ("float.tiff", _SIZE, _float_tiff),
    "cmyk": ("cmyk.jpg", _SIZE, _encode_mode("CMYK", "JPEG")),
    "exif_rotated": ("exif_rotated.jpg", _SIZE, _encode_turned(6, Image.Transpose.ROTATE_90)),
    "exif_mirrored": (
        "exif_mirrored.jpg",
        _SIZE,
        _encode_turned(2, Image.Transpose.FLIP_LEFT_RIGHT),
    ),
    "progressive": ("progressive.jpg", _SIZE, _encode_as("JPEG", progressive=True)),
    "webp": ("picture.webp", _SIZE, _encode_as("WEBP")),
    "animated_gif": ("animated.gif", _SIZE, _encode_animated),
    "png_named_jpg": ("png_inside.jpg", _SIZE, _encode_as("PNG")),
    "upper_case": ("UPPER.JPEG", _SIZE, _encode_as("JPEG")),
    "one_pixel": ("one_pixel.png", (1, 1), _encode_resized(1, 1)),
    "thin": ("thin.png", (600, 1), _encode_resized(600, 1)),
    "unicode": ("Größe 文字 🍎.jpg", _SIZE, _encode_as("JPEG")),
    "spaces": (" two  spaces .png", _SIZE, _encode_as("PNG")),
    "reserved": ("50%25 #1 & 'quote'.jpg", _SIZE, _encode_as("JPEG")),
    "truncated": ("truncated.jpg", None, _truncate),
    "corrupt": ("corrupt.png", None, _corrupt),
    "text": ("text.jpg", None, lambda _: b"<html>404 Not Found</html>"),
    "empty": ("empty.jpg", None, lambda _: b""),
}
