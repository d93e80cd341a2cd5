"""One scene: a backdrop, things on it, something in front, light."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from samplewise.demo.scenes._backdrop import backdrop
from samplewise.demo.scenes._canvas import OVERSAMPLING, Canvas
from samplewise.demo.scenes._light import add_light
from samplewise.demo.scenes._objects import DRAW, LEAN
from samplewise.demo.scenes._shape import Part, ellipse, extent, place, polygon

Box = Float[np.ndarray, "4"]
_MOST_HIDDEN = 0.35  # share of a thing's box that a later one may cover
_COUNTS = (0.03, 0.22, 0.3, 0.25, 0.15, 0.05)  # how often a scene has 0, 1, 2, ... things


@dataclass(frozen=True, slots=True)
class VisibleObject:
    """What can be seen of one thing.

    Args:
        name: Its class.
        box: Smallest box around its visible pixels, `xyxy` pixels.
        area: VisibleObject area in pixels.
        owner: Its value in `Scene.owners`.
    """

    name: str
    box: Box
    area: float
    owner: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished picture and what is in it."""

    pixels: UInt8[np.ndarray, "h w 3"]
    owners: UInt8[np.ndarray, "h w"]
    things: list[VisibleObject]


def draw_scene(size: int, rng: np.random.Generator) -> Scene:
    """A scene with up to five things of varied size, some half hidden, some cut by the frame."""
    canvas = Canvas(backdrop(size, rng))
    names: list[str] = []
    taken: list[Box] = []
    for _ in range(rng.choice(len(_COUNTS), p=_COUNTS)):
        name = str(rng.choice(list(DRAW)))
        parts = _place_object(name, size, taken, rng)
        if parts is not None:
            taken.append(extent(parts))
            names.append(name)
            put(canvas, parts, owner=len(names))
    _foreground(canvas, rng)
    return finish(canvas, names, rng)


def draw_portrait(name: str, size: int, rng: np.random.Generator) -> Scene:
    """A scene with one thing that fills most of the picture."""
    canvas = Canvas(backdrop(size, rng))
    reach = size * rng.uniform(0.6, 0.9)
    x, y = size / 2 + rng.uniform(-0.08, 0.08, 2) * size
    turn = rng.uniform(-LEAN[name], LEAN[name])
    parts = place(DRAW[name](rng), centre=(x, y), size=reach, turn=turn, mirror=_coin(rng))
    put(canvas, parts, owner=1)
    _foreground(canvas, rng)
    return finish(canvas, [name], rng)


def put(canvas: Canvas, parts: list[Part], *, owner: int) -> None:
    """Draw a thing with its shadow on the ground."""
    left, _, right, bottom = extent(parts)
    shadow = ellipse((left + right) / 2, bottom, (right - left) * 0.5, (right - left) * 0.1)
    canvas.tint(shadow, (10, 10, 16), 70)
    canvas.draw(parts, owner=owner)


def finish(canvas: Canvas, names: list[str], rng: np.random.Generator) -> Scene:
    """Light the picture and measure what is visible of thing 1, 2, ... of the canvas."""
    things = []
    for owner, name in enumerate(names, start=1):
        mask = canvas.mask_of(owner)
        if mask.any():
            box, area = measure(mask)
            things.append(VisibleObject(name, box, area, owner))
    return Scene(add_light(canvas.to_array(), rng), canvas.owners(), things)


def measure(mask: np.ndarray) -> tuple[Box, float]:
    """Box (`xyxy`) and area of an oversampled mask, in pixels of the finished picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=np.float64)
    return box / OVERSAMPLING, float(np.count_nonzero(mask)) / OVERSAMPLING**2


def _place_object(
    name: str, size: int, taken: list[Box], rng: np.random.Generator
) -> list[Part] | None:
    """A thing at a place where it hides little of the others; none after ten tries."""
    thing = DRAW[name](rng)
    for _ in range(10):
        reach = size * float(np.exp(rng.uniform(np.log(0.23), np.log(0.55))))
        x, y = rng.uniform(0.3 * reach, size - 0.3 * reach, 2)
        turn = rng.uniform(-LEAN[name], LEAN[name])
        parts = place(thing, centre=(x, y), size=reach, turn=turn, mirror=_coin(rng))
        box = extent(parts)
        if all(share_covered(other, box) <= _MOST_HIDDEN for other in taken):
            return parts
    return None


def share_covered(box: Box, by: Box) -> float:
    """Share of `box` that lies in `by`."""
    sides = np.minimum(box[2:], by[2:]) - np.maximum(box[:2], by[:2])
    return float(np.prod(sides.clip(0)) / np.prod(box[2:] - box[:2]))


def _foreground(canvas: Canvas, rng: np.random.Generator) -> None:
    """Sometimes a few thin posts or blades of grass in front of everything."""
    if rng.random() > 0.25:
        return
    size = canvas.size
    grey = int(rng.integers(40, 190))
    colour = (grey, grey, grey) if _coin(rng) else (60, int(rng.integers(90, 150)), 50)
    for _ in range(rng.integers(1, 4)):
        x, lean, width = rng.uniform(0, 1), rng.uniform(-0.15, 0.15), rng.uniform(0.008, 0.025)
        corners = ((x, 1.0), (x + width, 1.0), (x + lean + width, 0.0), (x + lean, 0.0))
        canvas.draw([Part(polygon(*corners) * size, colour)], owner=0)


def _coin(rng: np.random.Generator) -> bool:
    return bool(rng.random() < 0.5)
