"""Columns of images."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from samplewise.errors import SchemaError
from samplewise.schema.column import ColumnSchema
from samplewise.schema.foreign import as_column, as_plain
from samplewise.schema.image_reader import open_image
from samplewise.schema.image_url import UPRIGHT, Reader, check_reader, with_reader

_DATA_URL = "data:image/png;base64,"


ENCODED_HINT = (
    "encoded images are read from files: write each to one and give its path, or hand over "
    "PIL images: PIL.Image.open(io.BytesIO(value))"
)
"""What to do with a column of bytes of PNG or JPEG files."""

_STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")


def holds_encoded_images(column: pa.Array) -> bool:
    """Whether the first value that is there is the content of an image file."""
    is_struct = pa.types.is_struct(column.type) and column.type.get_field_index("bytes") >= 0
    if not is_struct and not _is_binary(column.type):
        return False
    value = next((each.as_py() for each in column[:100] if each.is_valid), None)
    content = value.get("bytes") if isinstance(value, dict) else value
    return isinstance(content, bytes) and content.startswith(_STARTS)


def _is_binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or kind == pa.binary_view()


@dataclass(frozen=True, kw_only=True)
class ImageSchema(ColumnSchema):
    """An image, stored as its URL.

    A path, an `s3://` URL, or `<ALIAS>/path`. An image that exists in memory only (PIL or NumPy,
    `h w 3` or `h w`, uint8) is stored inside the row as a `data:` URL with PNG bytes.

    Args:
        sample_type: What samples hold: `"pil"`, an image, or `"url"`.
        reader: How a file becomes pixels, and in which frame its labels are: `"upright"`, turned
            by its EXIF orientation; or as another program reads it that trained on it:
            `"opencv"`, `"opencv_unturned"` or `"pillow"`, see `Reader`.
    """

    kind: ClassVar[str] = "image"
    role: ClassVar[str] = "image"
    _expectation: ClassVar[str] = "a path, a URL, or an image"
    sample_type: str = "pil"
    reader: Reader = UPRIGHT

    def __post_init__(self) -> None:
        super().__post_init__()
        check_reader(self.reader)

    @property
    def arrow_type(self) -> pa.DataType:
        return pa.string()

    @property
    def holds_urls(self) -> bool:
        return True

    def map_urls(self, value: str, change: Callable[[str], str]) -> str:
        return with_reader(change(value), self.reader)

    def to_arrow(self, values: Any, *, name: str, first_row: int = 0) -> pa.Array:
        values = as_column(values)
        if isinstance(values, pa.Array) and holds_encoded_images(values):
            raise SchemaError(
                f"column `{name}`: must be {self.expectation}, but is {values.type}.",
                hint=ENCODED_HINT,
            )
        return super().to_arrow(values, name=name, first_row=first_row)

    def to_stored(self, value: Any) -> str:
        if isinstance(value, str | Path):
            return str(value)
        value = as_plain(value)
        if isinstance(value, np.ndarray):
            value = _pil_from_array(value)
        if not hasattr(value, "save"):
            raise SchemaError(
                f"must be a path, a URL, a PIL image or an array, but is a {type(value).__name__}.",
                hint=ENCODED_HINT if isinstance(value, bytes | dict) else None,
            )
        buffer = io.BytesIO()
        value.save(buffer, format="PNG")
        return _DATA_URL + base64.b64encode(buffer.getvalue()).decode()

    def to_sample(self, value: Any) -> Any:
        if value is None or self.sample_type == "url":
            return value
        return open_image(with_reader(value, self.reader))


def _pil_from_array(array: np.ndarray) -> Any:
    from PIL import Image

    if array.dtype != np.uint8 or array.ndim not in (2, 3):
        raise SchemaError(
            f"must be uint8 of shape (h, w) or (h, w, 3), but is {array.dtype} of {array.shape}."
        )
    return Image.fromarray(array)
