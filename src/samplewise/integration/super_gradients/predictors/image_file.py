"""Images as SuperGradients' `predict` reads them, from more places."""

import io
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from super_gradients.training.processing.processing import Processing
from super_gradients.training.utils.media.image import load_pil_image_from_str

from samplewise.collect import Item
from samplewise.schema.image import image_bytes


def read_rgb(url: str) -> np.ndarray:
    """An image as RGB, shape `(h, w, 3)`, uint8.

    The same numbers as `load_image` of SuperGradients: decoded by Pillow, not rotated by its EXIF
    tag, grey and palette images spread over three channels, transparency dropped. The file is
    closed afterwards, also when it is broken.

    Args:
        url: A path, or a URL with `file`, `data`, `http`, `https`, `s3`, `gs` or `az`.
    """
    with _open_image(url) as image:
        return np.array(image.convert("RGB"))


@dataclass(frozen=True)
class ImageLoader:
    """Reads an image and preprocesses it for one model.

    Attributes:
        processor: The model's own preprocessing.
    """

    processor: Processing

    def __call__(self, url: str) -> Item:
        """The image as the network takes it, and the way back."""
        image, metadata = self.processor.preprocess_image(image=read_rgb(url))
        return Item(image, metadata)


def _open_image(url: str) -> AbstractContextManager[Any]:
    if urlsplit(url).scheme in ("http", "https"):
        return load_pil_image_from_str(url)
    source = image_bytes(url)
    return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
