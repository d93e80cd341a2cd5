"""How the pixels of a file are read, and URLs that carry it along."""

from typing import Any, Literal, Self, get_args

from samplewise.errors import SchemaError

Reader = Literal["upright", "opencv", "opencv_unturned", "pillow"]
"""How a file becomes pixels:

- `upright`: turned by its EXIF orientation; 16 bits become 8 by their upper half.
- `opencv`: `cv2.imread(file)`, which turns it, too.
- `opencv_unturned`: `cv2.imread` with `IMREAD_IGNORE_ORIENTATION`.
- `pillow`: `PIL.Image.open(file).convert("RGB")`, which turns nothing and cuts 16 bits off.
"""

UPRIGHT: Reader = "upright"


class ReadableUrl(str):  # noqa: SLOT000  # has an attribute
    """The URL of an image that is not read upright, but as another reader does.

    Attributes:
        reader: How.
    """

    reader: Reader

    def __new__(cls, url: str, reader: Reader) -> Self:
        """A string with a reader."""
        self = super().__new__(cls, url)
        self.reader = reader
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return ReadableUrl, (str(self), self.reader)


def reader_of(url: str) -> Reader:
    """How the image behind a URL is read."""
    return getattr(url, "reader", UPRIGHT)


def with_reader(url: str, reader: Reader) -> str:
    """A URL that is read in some way; a plain text for the usual one."""
    return str(url) if reader == UPRIGHT else ReadableUrl(url, reader)


def check_reader(value: str) -> None:
    """Refuse a reader that there is not.

    Raises:
        SchemaError: It is none.
    """
    if value not in get_args(Reader):
        raise SchemaError(f"`reader` must be one of {', '.join(get_args(Reader))}, not {value!r}.")
