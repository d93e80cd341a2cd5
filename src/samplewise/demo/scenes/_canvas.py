"""A picture drawn larger than it will be, and beside it who owns each pixel."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image, ImageDraw

from samplewise.demo.scenes._shape import Outline, Part

OVERSAMPLING = 3  # edges are smooth and boxes exact to a third of a pixel


class Canvas:
    """Colours and owners of a picture while it is drawn.

    Coordinates are those of the finished picture; owner 0 is the background.

    Args:
        picture: The backdrop, `size` x `size` pixels, RGB.
    """

    def __init__(self, picture: Image.Image) -> None:
        self.size = picture.width
        large = (self.size * OVERSAMPLING, self.size * OVERSAMPLING)
        self._picture = picture.resize(large, Image.Resampling.NEAREST)
        self._owners = Image.new("L", large, 0)
        self._paint = ImageDraw.Draw(self._picture, "RGBA")
        self._claim = ImageDraw.Draw(self._owners)

    def draw(self, parts: Iterable[Part], *, owner: int) -> None:
        """Draw a thing over everything so far; its pixels belong to `owner`."""
        for part in parts:
            corners = _corners(part.outline)
            self._paint.polygon(corners, fill=part.colour)
            self._claim.polygon(corners, fill=owner)

    def tint(self, outline: Outline, colour: tuple[int, int, int], alpha: int) -> None:
        """Lay a translucent colour over the picture (a shadow, a haze); owners stay."""
        self._paint.polygon(_corners(outline), fill=(*colour, alpha))

    def mask_of(self, owner: int) -> Bool[np.ndarray, "h w"]:
        """Where a thing is visible, at `OVERSAMPLING` times the finished size."""
        return np.asarray(self._owners) == owner

    def to_array(self) -> UInt8[np.ndarray, "h w 3"]:
        """The picture at its final size."""
        return np.asarray(self._picture.reduce(OVERSAMPLING))

    def owners(self) -> UInt8[np.ndarray, "h w"]:
        """Owner of each pixel of the finished picture."""
        half = OVERSAMPLING // 2
        return np.asarray(self._owners)[half::OVERSAMPLING, half::OVERSAMPLING]


def _corners(outline: Outline) -> list[tuple[float, float]]:
    return [(x, y) for x, y in (outline * OVERSAMPLING).tolist()]
