"""Filled outlines in a unit square, and how they are turned, scaled and put in place."""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Colour = tuple[int, int, int]
Outline = Float[np.ndarray, "points 2"]


@dataclass(frozen=True, slots=True)
class Part:
    """One filled outline; later parts of a thing cover earlier ones.

    Args:
        outline: Corners `(x, y)`, y downwards; the thing fills about [-0.5, 0.5] in both.
        colour: Red, green, blue, 0 to 255.
    """

    outline: Outline
    colour: Colour


def polygon(*corners: tuple[float, float]) -> Outline:
    """Outline through the corners."""
    return np.array(corners, dtype=np.float64)


def ellipse(
    x: float, y: float, radius_x: float, radius_y: float, *, turn: float = 0.0, points: int = 24
) -> Outline:
    """Ellipse around `(x, y)`, turned by `turn` radians."""
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    flat = np.stack([radius_x * np.cos(angles), radius_y * np.sin(angles)], axis=1)
    return flat @ _rotation(turn) + (x, y)


def arc(x: float, y: float, radius_x: float, radius_y: float, start: float, stop: float) -> Outline:
    """Segment of an ellipse between two angles (radians, clockwise), closed by a chord."""
    angles = np.linspace(start, stop, 16)
    return np.stack([x + radius_x * np.cos(angles), y + radius_y * np.sin(angles)], axis=1)


def stroke(start: Outline, stop: Outline, width: float) -> Outline:
    """Thick line between two points as a four-cornered outline."""
    along = np.asarray(stop, dtype=np.float64) - np.asarray(start, dtype=np.float64)
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9) * width / 2
    return np.stack([start + across, stop + across, stop - across, start - across])


def place(
    parts: Iterable[Part],
    *,
    centre: tuple[float, float],
    size: float,
    turn: float = 0.0,
    mirror: bool = False,
) -> list[Part]:
    """Parts of a thing mirrored, turned (radians), scaled and moved to `centre` (pixels)."""
    flip = np.array([-1.0, 1.0]) if mirror else np.array([1.0, 1.0])
    into = np.diag(flip) @ _rotation(turn) * size
    return [Part(part.outline @ into + centre, part.colour) for part in parts]


def extent(parts: Iterable[Part]) -> Float[np.ndarray, "4"]:
    """Smallest box around all parts, `xyxy`."""
    corners = np.concatenate([part.outline for part in parts])
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)])


def colour(hue: float, saturation: float, value: float) -> Colour:
    """Colour from hue (turns, any number), saturation and value in [0, 1]."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def shade(tone: Colour, factor: float) -> Colour:
    """The colour darker (`factor` < 1) or lighter."""
    red, green, blue = (min(255, round(channel * factor)) for channel in tone)
    return red, green, blue


def _rotation(turn: float) -> Float[np.ndarray, "2 2"]:
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.array([[cosine, sine], [-sine, cosine]])
