"""Images with the boxes of people and of the model drawn on them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from samplewise.schema.image import open_image

_SIDE, _MARGIN, _CAPTION = 224, 10, 34
_LABELLED, _PREDICTED = "#1fbf5f", "#ff8a1f"
_PAPER, _INK = "#ffffff", "#1d2430"


class Box(NamedTuple):
    """A box to draw.

    Attributes:
        corners: `xyxy` pixels of the image.
        caption: What to write at it.
        is_predicted: Whether the model says so; else people do.
    """

    corners: Sequence[float]
    caption: str
    is_predicted: bool


def picture(url: str, boxes: Iterable[Box], caption: str) -> Any:
    """An image with labels (green) and predictions (orange), and a line below."""
    image = open_image(url).convert("RGB")
    scale = _SIDE / max(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    paper = Image.new("RGB", (_SIDE, _SIDE + _CAPTION), _PAPER)
    paper.paste(image, (0, 0))
    draw = ImageDraw.Draw(paper)
    for box in boxes:
        _draw_box(draw, box, scale)
    font = ImageFont.load_default(13)
    draw.rectangle((0, _SIDE, _SIDE, _SIDE + _CAPTION), fill=_PAPER)
    draw.multiline_text((0, _SIDE + 3), caption, fill=_INK, font=font, spacing=2)
    return paper


def sheet(pictures: Sequence[Any], *, columns: int = 4) -> Any:
    """Pictures of one size in rows."""
    rows = -(-len(pictures) // columns)
    width = _MARGIN + columns * (_SIDE + _MARGIN)
    height = _MARGIN + rows * (_SIDE + _CAPTION + _MARGIN)
    paper = Image.new("RGB", (width, height), _PAPER)
    for place, each in enumerate(pictures):
        row, column = divmod(place, columns)
        x = _MARGIN + column * (_SIDE + _MARGIN)
        paper.paste(each, (x, _MARGIN + row * (_SIDE + _CAPTION + _MARGIN)))
    return paper


def save(image: Any, path: Path) -> None:
    """Write a picture, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    image.save(fresh, format=path.suffix.removeprefix(".").upper())
    fresh.replace(path)


def _draw_box(draw: Any, box: Box, scale: float) -> None:
    x_min, y_min, x_max, y_max = (side * scale for side in box.corners)
    colour = _PREDICTED if box.is_predicted else _LABELLED
    draw.rectangle((x_min, y_min, max(x_min, x_max), max(y_min, y_max)), outline=colour, width=2)
    font = ImageFont.load_default(12)
    y = y_max - 15 if box.is_predicted else y_min + 1
    left, top, right, bottom = draw.textbbox((x_min + 3, y), box.caption, font=font)
    draw.rectangle((left - 2, top - 1, right + 2, bottom + 1), fill=colour)
    draw.text((x_min + 3, y), box.caption, fill=_INK, font=font)
