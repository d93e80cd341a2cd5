"""Small pictures inside HTML: an image with its boxes."""

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from samplewise.errors import ImageError
from samplewise.schema.image_reader import read_size, read_thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image

_COLOURS = ("#ff4d4d", "#4dc3ff", "#5be07a", "#ffd24d", "#d78bff", "#ff9d4d", "#4dffe1", "#ff7ac6")


def thumbnail_url(
    url: str, size: int, boxes: np.ndarray | None = None, labels: np.ndarray | None = None
) -> str | None:
    """A small WebP of an image as a `data:` URL; None where it cannot be read.

    Args:
        url: Resolved URL of the image.
        size: Longest side in pixels.
        boxes: Boxes to draw, `xyxy` pixels of the image, shape `(n, 4)`.
        labels: Class ids, which choose the colours, shape `(n,)`.
    """
    try:
        scale = size / max(read_size(url))
        image = read_thumbnail(url, size).convert("RGB")
    except ImageError:
        return None
    if boxes is not None and len(boxes):
        _draw(image, boxes * min(scale, 1.0), labels)
    buffer = io.BytesIO()
    image.save(buffer, format="WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def boxes_of(value: Any) -> tuple[np.ndarray, np.ndarray]:
    """Boxes and class ids of a stored value of boxes; a label of -1 is none."""
    rows = [[box["x_min"], box["y_min"], box["x_max"], box["y_max"]] for box in value["instances"]]
    labels = value["instances_additional_data"].get("label") or [None] * len(rows)
    ids = [-1 if label is None else label for label in labels]
    return np.array(rows, np.float64).reshape(-1, 4), np.array(ids, np.int64)


def _draw(image: "Image", boxes: np.ndarray, labels: np.ndarray | None) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    ids = np.zeros(len(boxes), np.int64) if labels is None else labels
    for box, label in zip(np.nan_to_num(boxes), ids.tolist(), strict=True):
        low = np.minimum(box[:2], box[2:]).tolist()
        high = np.maximum(box[:2], box[2:]).tolist()
        draw.rectangle([*low, *high], outline=_COLOURS[label % len(_COLOURS)])
