"""The six things that the scenes show, each drawn anew from random numbers."""

from collections.abc import Callable

import numpy as np

from samplewise.demo.scenes._shape import Colour, Part, arc, colour, ellipse, polygon, shade

_DARK = (38, 36, 42)
_GLASS = (176, 214, 232)
_BROWN = (104, 70, 42)
_CREAM = (240, 228, 204)


def fish(rng: np.random.Generator) -> list[Part]:
    """A striped fish that looks to the left."""
    body, fins = _two_tones(rng, hue=(0.02, 0.75))
    tail = polygon((0.18, 0.0), (0.5, -0.24), (0.42, 0.0), (0.5, 0.24))
    back = polygon((-0.16, -0.18), (0.02, -0.36), (0.16, -0.14))
    stripes = [
        Part(ellipse(x, 0.0, 0.03, height), fins) for x, height in ((-0.06, 0.2), (0.08, 0.18))
    ]
    eye = [Part(ellipse(-0.32, -0.05, 0.05, 0.05), (250, 250, 250))]
    pupil = [Part(ellipse(-0.33, -0.05, 0.025, 0.025), _DARK)]
    trunk = [Part(tail, fins), Part(back, fins), Part(ellipse(-0.12, 0.0, 0.36, 0.23), body)]
    return trunk + stripes + eye + pupil


def apple(rng: np.random.Generator) -> list[Part]:
    """An apple with a stem, one leaf and a highlight."""
    hue = rng.choice([rng.uniform(-0.03, 0.03), rng.uniform(0.2, 0.28)])
    skin = colour(hue, rng.uniform(0.75, 0.95), rng.uniform(0.65, 0.9))
    stem = polygon((-0.03, -0.28), (0.02, -0.5), (0.08, -0.49), (0.03, -0.26))
    return [
        Part(stem, _BROWN),
        Part(ellipse(0.17, -0.4, 0.15, 0.07, turn=0.5), (70, 140, 60)),
        Part(ellipse(-0.16, 0.07, 0.29, 0.38), skin),
        Part(ellipse(0.16, 0.07, 0.29, 0.38), skin),
        Part(ellipse(0.0, -0.27, 0.1, 0.05), shade(skin, 0.6)),
        Part(ellipse(-0.24, -0.08, 0.06, 0.13, turn=-0.4), shade(skin, 1.45)),
    ]


def car(rng: np.random.Generator) -> list[Part]:
    """A car that drives to the left."""
    paint, _ = _two_tones(rng, hue=(0.0, 1.0))
    low = rng.uniform(-0.16, -0.1)
    body = polygon((-0.5, 0.16), (-0.48, -0.02), (-0.3, -0.06), (0.46, -0.06), (0.5, 0.16))
    cabin = polygon((-0.32, -0.05), (-0.16, low - 0.14), (0.22, low - 0.14), (0.36, -0.05))
    front = polygon((-0.24, -0.06), (-0.13, low - 0.1), (0.0, low - 0.1), (0.0, -0.06))
    rear = polygon((0.05, -0.06), (0.05, low - 0.1), (0.19, low - 0.1), (0.28, -0.06))
    wheels = [Part(ellipse(x, 0.16, 0.115, 0.115), _DARK) for x in (-0.27, 0.28)]
    hubs = [Part(ellipse(x, 0.16, 0.05, 0.05), (178, 180, 186)) for x in (-0.27, 0.28)]
    lamp = [Part(ellipse(-0.46, 0.03, 0.035, 0.03), (252, 236, 150))]
    shell = [Part(cabin, shade(paint, 0.85)), Part(body, paint)]
    return [*shell, Part(front, _GLASS), Part(rear, _GLASS), *wheels, *hubs, *lamp]


def flower(rng: np.random.Generator) -> list[Part]:
    """A flower seen from above."""
    petals = int(rng.integers(5, 8))
    petal = colour(rng.uniform(0.72, 1.02), rng.uniform(0.3, 0.75), rng.uniform(0.85, 1.0))
    parts = []
    for number, turn in enumerate(np.linspace(0, 2 * np.pi, petals, endpoint=False)):
        x, y = 0.29 * np.cos(turn), 0.29 * np.sin(turn)
        tone = petal if number % 2 else shade(petal, 0.88)
        parts.append(Part(ellipse(x, y, 0.21, 0.9 / petals, turn=turn), tone))
    heart = colour(rng.uniform(0.1, 0.15), 0.85, 0.95)
    return [
        *parts,
        Part(ellipse(0, 0, 0.14, 0.14), heart),
        Part(ellipse(0, 0, 0.06, 0.06), shade(heart, 0.7)),
    ]


def house(rng: np.random.Generator) -> list[Part]:
    """A house with a gable, a door, a window and a chimney."""
    wall = colour(rng.uniform(0.04, 0.16), rng.uniform(0.08, 0.5), rng.uniform(0.75, 0.97))
    roof = colour(rng.choice([0.01, 0.04, 0.6]), rng.uniform(0.45, 0.75), rng.uniform(0.4, 0.7))
    height = rng.uniform(-0.5, -0.4)
    door = rng.uniform(-0.26, -0.1)
    chimney = polygon((0.2, -0.4), (0.3, -0.4), (0.3, -0.1), (0.2, -0.1))
    walls = polygon((-0.38, -0.08), (0.38, -0.08), (0.38, 0.46), (-0.38, 0.46))
    gable = polygon((-0.48, -0.04), (0.0, height), (0.48, -0.04))
    entrance = polygon((door, 0.12), (door + 0.18, 0.12), (door + 0.18, 0.46), (door, 0.46))
    return [
        Part(chimney, shade(roof, 0.7)),
        Part(walls, wall),
        Part(gable, roof),
        Part(entrance, _BROWN),
        Part(polygon((0.1, 0.08), (0.3, 0.08), (0.3, 0.27), (0.1, 0.27)), (250, 250, 246)),
        Part(polygon((0.13, 0.11), (0.27, 0.11), (0.27, 0.24), (0.13, 0.24)), (86, 120, 150)),
    ]


def mushroom(rng: np.random.Generator) -> list[Part]:
    """A mushroom with dots on its cap."""
    cap = colour(rng.choice([0.0, 0.03, 0.08]), rng.uniform(0.6, 0.9), rng.uniform(0.5, 0.85))
    foot = rng.uniform(0.12, 0.18)
    stem = polygon((-0.1, 0.0), (0.1, 0.0), (foot, 0.46), (0.0, 0.5), (-foot, 0.46))
    dots = [
        Part(ellipse(x, y, radius, radius * 0.85), (250, 246, 236))
        for x, y, radius in ((-0.26, -0.12, 0.07), (0.02, -0.28, 0.08), (0.27, -0.1, 0.06))
    ]
    return [
        Part(stem, _CREAM),
        Part(ellipse(0.0, 0.02, 0.44, 0.08), shade(_CREAM, 0.8)),
        Part(arc(0.0, 0.02, 0.48, 0.48, np.pi, 2 * np.pi), cap),
        *dots,
    ]


# COCO ids have gaps and a start other than 0 on purpose: a reader that takes an id for an
# index is found out.
CATEGORIES = {3: "fish", 7: "apple", 12: "car", 18: "flower", 31: "house", 44: "mushroom"}
DRAW: dict[str, Callable[[np.random.Generator], list[Part]]] = {
    "fish": fish,
    "apple": apple,
    "car": car,
    "flower": flower,
    "house": house,
    "mushroom": mushroom,
}
# How far each may lean, radians: houses stand, flowers lie as they fell.
LEAN = {"fish": 0.5, "apple": 0.5, "car": 0.22, "flower": np.pi, "house": 0.12, "mushroom": 0.35}


def _two_tones(rng: np.random.Generator, *, hue: tuple[float, float]) -> tuple[Colour, Colour]:
    tone = colour(rng.uniform(*hue), rng.uniform(0.5, 0.95), rng.uniform(0.6, 0.95))
    return tone, shade(tone, rng.choice([0.6, 1.35]))
