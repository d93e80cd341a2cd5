"""What lies behind the things: places, textures and clutter that nobody labels."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from samplewise.demo.scenes._shape import ellipse, polygon

_Draw = Callable[[ImageDraw.ImageDraw, int, np.random.Generator], None]


def backdrop(size: int, rng: np.random.Generator) -> Image.Image:
    """A place, a texture over it and some clutter, RGB, `size` x `size` pixels."""
    picture = Image.new("RGB", (size, size))
    draw = ImageDraw.Draw(picture)
    _PLACES[rng.integers(len(_PLACES))](draw, size, rng)
    _clutter(draw, size, rng)
    return _add_texture(picture, rng)


def _meadow(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    horizon = rng.uniform(0.3, 0.6) * size
    _fade(draw, size, 0, horizon, _near((120, 170, 220), rng), _near((205, 222, 235), rng))
    for _ in range(rng.integers(0, 4)):
        x, y = rng.uniform(0, size), rng.uniform(0, horizon * 0.7)
        for shift in (-0.06, 0.0, 0.06):
            blob = ellipse(x + shift * size, y, 0.08 * size, 0.035 * size)
            draw.polygon(_flat(blob), fill=(236, 240, 244))
    for depth in (0.12, 0.05):
        peaks = horizon - rng.uniform(0, depth, 6) * size
        ridge = [*zip(np.linspace(0, size, 6), peaks, strict=True), (size, size), (0, size)]
        draw.polygon(_flat(polygon(*ridge)), fill=_near((96, 140, 90), rng))
    _fade(draw, size, horizon, size, _near((110, 160, 82), rng), _near((78, 122, 58), rng))


def _street(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    kerb = rng.uniform(0.4, 0.6) * size
    _fade(draw, size, 0, kerb, _near((150, 140, 135), rng), _near((178, 168, 160), rng))
    step = size / rng.integers(4, 8)
    for row in np.arange(0, kerb, step / 2):
        draw.line((0, row, size, row), fill=_near((128, 118, 112), rng, 6))
    _fade(draw, size, kerb, size, _near((96, 96, 100), rng), _near((66, 66, 70), rng))
    lane = kerb + (size - kerb) * 0.55
    for x in np.arange(rng.uniform(-step, 0), size, step):
        draw.rectangle((x, lane, x + step * 0.5, lane + size * 0.02), fill=(214, 210, 190))


def _room(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    skirting = rng.uniform(0.5, 0.75) * size
    wall, floor = _near((196, 184, 168), rng, 45), _near((140, 104, 72), rng, 25)
    draw.rectangle((0, 0, size, skirting), fill=wall)
    step = size / rng.integers(5, 12)
    for x in np.arange(0, size, step):
        draw.rectangle((x, 0, x + step * 0.4, skirting), fill=_near(wall, rng, 8))
    draw.rectangle((0, skirting, size, size), fill=floor)
    for row in np.linspace(skirting, size, 5):
        draw.line((0, row, size, row), fill=_near((104, 76, 52), rng, 8))


def _water(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    _fade(draw, size, 0, size, _near((90, 150, 180), rng, 30), _near((30, 70, 110), rng, 20))
    for _ in range(14):
        x, y, width = rng.uniform(-0.1, 1, 3) * size
        span = (x, y, x + abs(width) * 0.5 + 2, y + size * 0.06)
        draw.arc(span, 200, 340, fill=_near((150, 196, 212), rng))


def _tiles(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    count = int(rng.integers(3, 7))
    first, second = _near((190, 186, 178), rng, 40), _near((150, 160, 170), rng, 40)
    step = size / count
    for row in range(count + 1):
        for column in range(count + 1):
            colour = first if (row + column) % 2 else second
            x, y = column * step, row * step
            draw.rectangle((x, y, x + step, y + step), fill=_near(colour, rng, 6))


def _cloth(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    ground = _near((128, 128, 128), rng, 80)
    draw.rectangle((0, 0, size, size), fill=ground)
    slant, step = rng.uniform(-1, 1) * size, size / rng.integers(4, 10)
    for x in np.arange(-size, 2 * size, step):
        draw.line((x, 0, x + slant, size), fill=_near(ground, rng, 28), width=int(step * 0.4) + 1)


_PLACES: tuple[_Draw, ...] = (_meadow, _street, _room, _water, _tiles, _cloth)


def _clutter(draw: ImageDraw.ImageDraw, size: int, rng: np.random.Generator) -> None:
    """Pebbles, boxes and twigs: shapes and colours of things, but none of them."""
    for _ in range(rng.integers(2, 12)):
        x, y = rng.uniform(0, size, 2)
        reach, turn = size * rng.uniform(0.015, 0.07), rng.uniform(0, np.pi)
        colour = _near((128, 122, 112), rng, 90)
        kind = rng.integers(3)
        if kind == 0:
            draw.polygon(_flat(ellipse(x, y, reach, reach * 0.7, turn=turn)), fill=colour)
        elif kind == 1:
            draw.polygon(_flat(ellipse(x, y, reach, reach, turn=turn, points=4)), fill=colour)
        else:
            tip = (x + 2 * reach * np.cos(turn), y + 2 * reach * np.sin(turn))
            draw.line((x, y, *tip), fill=colour, width=max(1, round(size / 100)))


def _add_texture(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    coarse = rng.normal(0, rng.uniform(2, 12), (int(rng.integers(6, 40)),) * 2)
    patch = Image.fromarray(coarse.astype(np.float32))
    texture = np.asarray(patch.resize(picture.size, Image.Resampling.BILINEAR))
    pixels = np.asarray(picture).astype(np.float32) + texture[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _fade(
    draw: ImageDraw.ImageDraw,
    size: int,
    top: float,
    bottom: float,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
) -> None:
    rows = range(int(top), int(bottom) + 1)
    for row in rows:
        share = (row - rows.start) / max(len(rows) - 1, 1)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
        draw.line((0, row, size, row), fill=colour)


def _near(
    colour: tuple[int, int, int], rng: np.random.Generator, spread: int = 18
) -> tuple[int, int, int]:
    red, green, blue = np.clip(colour + rng.integers(-spread, spread + 1, 3), 0, 255).tolist()
    return red, green, blue


def _flat(outline: np.ndarray) -> list[tuple[float, float]]:
    return [(x, y) for x, y in outline.tolist()]
