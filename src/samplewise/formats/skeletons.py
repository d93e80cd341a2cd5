"""Skeletons: what a file says about joints, and what follows from their names."""

import re
from collections.abc import Sequence

COCO_JOINTS = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The joints of a person in COCO, in its order."""

_COCO_SIGMAS = {
    "nose": 0.026,
    "eye": 0.025,
    "ear": 0.035,
    "shoulder": 0.079,
    "elbow": 0.072,
    "wrist": 0.062,
    "hip": 0.107,
    "knee": 0.087,
    "ankle": 0.089,
}
"""Source: `kpt_oks_sigmas` in `cocoeval.py` of the COCO API."""

_MIRRORED = {"left": "right", "right": "left", "l": "r", "r": "l"}


def flip_indices(joint_names: Sequence[str]) -> tuple[int, ...]:
    """The joint that takes each joint's place in a mirrored image.

    Names that differ in one word `left` / `right` (or `l` / `r`) are a pair; words are divided by
    `_`, `-`, a space, a dot or a capital letter.

    Args:
        joint_names: Names of the `k` joints.

    Returns:
        `k` indices; none if no two names are a pair, since then nothing is known.
    """
    places = {_words(name): i for i, name in enumerate(joint_names)}
    partners = [places.get(_mirror(_words(name)), i) for i, name in enumerate(joint_names)]
    return tuple(partners) if partners != list(range(len(partners))) else ()


def oks_sigmas(joint_names: Sequence[str]) -> tuple[float, ...]:
    """COCO's tolerances if the joints are those of a person in COCO; none for others."""
    words = [_words(name) for name in joint_names]
    if words != [_words(name) for name in COCO_JOINTS]:
        return ()
    return tuple(_COCO_SIGMAS[name[-1]] for name in words)


def number_joints(count: int) -> tuple[str, ...]:
    """Names for joints that a file gives no names."""
    return tuple(f"joint_{i}" for i in range(count))


def _words(name: str) -> tuple[str, ...]:
    divided = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)  # leftEye
    return tuple(re.split(r"[_\-. ]+", divided.lower()))


def _mirror(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_MIRRORED.get(word, word) for word in words)
