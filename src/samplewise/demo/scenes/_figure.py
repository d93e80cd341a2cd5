"""A stick figure that faces the viewer: thirteen joints, limbs and a face."""

import numpy as np
from jaxtyping import Float

from samplewise.demo.scenes._shape import Colour, Part, colour, ellipse, stroke

JOINTS = (
    *("head", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow"),
    *("left_hand", "right_hand", "left_hip", "right_hip"),
    *("left_knee", "right_knee", "left_foot", "right_foot"),
)
_PLACE = {name: number for number, name in enumerate(JOINTS)}
_LINES = (
    *(("head", "left_shoulder"), ("head", "right_shoulder"), ("left_shoulder", "right_shoulder")),
    *(("left_shoulder", "left_elbow"), ("left_elbow", "left_hand")),
    *(("right_shoulder", "right_elbow"), ("right_elbow", "right_hand")),
    *(("left_shoulder", "left_hip"), ("right_shoulder", "right_hip"), ("left_hip", "right_hip")),
    *(("left_hip", "left_knee"), ("left_knee", "left_foot")),
    *(("right_hip", "right_knee"), ("right_knee", "right_foot")),
)
SKELETON = tuple((_PLACE[start], _PLACE[stop]) for start, stop in _LINES)
_OTHER_SIDE = {"left": "right", "right": "left"}
FLIP_INDICES = tuple(
    _PLACE["_".join(_OTHER_SIDE.get(word, word) for word in name.split("_"))] for name in JOINTS
)
# Per-joint spread of careful annotators relative to the figure's size, as COCO's OKS wants it:
# tight at the head and the limbs' ends, wide at hips.
SIGMAS = (0.04, 0.07, 0.07, 0.07, 0.07, 0.06, 0.06, 0.09, 0.09, 0.08, 0.08, 0.08, 0.08)

_SKIN = ((236, 198, 166), (198, 146, 108), (126, 84, 60))
_INK = (34, 32, 38)


def figure(rng: np.random.Generator) -> tuple[Float[np.ndarray, "k 2"], list[Part]]:
    """Joints of a figure in a random posture, and its parts, in a unit square.

    The figure's left is on the right of the picture. Left sleeves and legs are lighter than right
    ones, so that a model can tell the sides apart.
    """
    joints = _posture(rng)
    return joints, _limbs(joints, rng) + _face(joints[0], rng)


def _posture(rng: np.random.Generator) -> Float[np.ndarray, "k 2"]:
    joints = np.zeros((len(JOINTS), 2))
    joints[_PLACE["head"]] = (rng.uniform(-0.02, 0.02), -0.4)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder, hip = np.array([0.12 * sign, -0.25]), np.array([0.075 * sign, 0.06])
        lift, bend = rng.uniform(0.1, 2.6), rng.uniform(-0.4, 1.2)
        elbow = shoulder + 0.17 * _towards(lift, sign)
        spread, kick = rng.uniform(0.0, 0.6), rng.uniform(-0.5, 0.2)
        knee = hip + 0.21 * _towards(spread, sign)
        joints[_PLACE[f"{side}_shoulder"]] = shoulder
        joints[_PLACE[f"{side}_elbow"]] = elbow
        joints[_PLACE[f"{side}_hand"]] = elbow + 0.15 * _towards(lift + bend, sign)
        joints[_PLACE[f"{side}_hip"]] = hip
        joints[_PLACE[f"{side}_knee"]] = knee
        joints[_PLACE[f"{side}_foot"]] = knee + 0.21 * _towards(spread + kick, sign)
    return joints


def _limbs(joints: Float[np.ndarray, "k 2"], rng: np.random.Generator) -> list[Part]:
    shirt, trousers = _cloth(rng), _cloth(rng)
    at = {name: joints[number] for name, number in _PLACE.items()}
    parts = []
    for side, tones in (("right", 0), ("left", 1)):
        for start, stop, cloth in (
            ("hip", "knee", trousers),
            ("knee", "foot", trousers),
            ("shoulder", "elbow", shirt),
            ("elbow", "hand", shirt),
        ):
            begin, (x, y) = at[f"{side}_{start}"], at[f"{side}_{stop}"]
            parts.append(Part(stroke(begin, np.array([x, y]), 0.075), cloth[tones]))
            parts.append(Part(ellipse(x, y, 0.0375, 0.0375, points=12), cloth[tones]))
    corners = ("left_shoulder", "right_shoulder", "right_hip", "left_hip")
    trunk = np.stack([at[name] for name in corners]) * (1.25, 1.0)
    neck = Part(stroke(at["head"], np.array([0.0, -0.25]), 0.07), shirt[1])
    return [*parts, neck, Part(trunk, shirt[0])]


def _face(head: Float[np.ndarray, "2"], rng: np.random.Generator) -> list[Part]:
    x, y = head
    skin = _SKIN[rng.integers(len(_SKIN))]
    eyes = [Part(ellipse(x + dx, y, 0.014, 0.018, points=10), _INK) for dx in (-0.035, 0.035)]
    mouth = Part(ellipse(x, y + 0.045, 0.03, 0.01, points=10), (150, 50, 56))
    hair = Part(ellipse(x, y - 0.035, 0.1, 0.085), _INK)
    return [hair, Part(ellipse(x, y, 0.088, 0.095), skin), *eyes, mouth]


def _towards(angle: float, sign: float) -> Float[np.ndarray, "2"]:
    """Unit step at an angle from straight down, outwards on the side of `sign`."""
    return np.array([sign * np.sin(angle), np.cos(angle)])


def _cloth(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """A dark and a light tone of one hue."""
    hue, saturation = rng.uniform(0, 1), rng.uniform(0.3, 0.8)
    return colour(hue, saturation, 0.4), colour(hue, saturation * 0.7, 0.92)
