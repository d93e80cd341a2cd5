"""The text files that hold the labels of one image each, a line per instance."""

import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samplewise.errors import FormatError
from samplewise.formats._label_file import read_label_file
from samplewise.formats.yolo._layout import Layout

_LIMIT = 64 << 20  # bytes of one file
_SLACK = 0.01  # what label tools write past the edge by rounding


@dataclass(frozen=True)
class ImageLabels:
    """The labels of one image.

    Args:
        classes: Class ids, shape `(t,)`.
        lengths: How many numbers each line has after the class id, shape `(t,)`.
        numbers: All of them, fractions of the image's size, one line after the other.
        wrong: Lines that are no labels: file, line and reason.
    """

    classes: np.ndarray
    lengths: np.ndarray
    numbers: np.ndarray
    wrong: tuple[str, ...] = ()

    def lines(self) -> list[np.ndarray]:
        """The numbers of each line."""
        return np.split(self.numbers, np.cumsum(self.lengths)[:-1]) if len(self.lengths) else []


def read_labels(file: Path, layout: Layout) -> ImageLabels | None:
    """The labels in a file; None if there is no such file.

    A line is `class x y width height`, `class x y x y x y ...` (a polygon), or a box followed by
    the joints that the layout announces. Others are left out, and `wrong` says why: one line out
    of a hundred thousand files is no reason to have none of them.

    Raises:
        FormatError: The file cannot be read, or is no text in UTF-8.
    """
    if not os.path.lexists(file):
        return None
    try:
        text = read_label_file(file, _LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"`{file}` must be text in UTF-8, but is not: {error}.") from None
    classes, lengths, numbers, wrong = [], [], [], []
    for place, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            number, values = _parse(words, layout)
        except ValueError as error:
            wrong.append(f"`{file}`, line {place}: {error}")
            continue
        classes.append(number)
        lengths.append(len(values))
        numbers += values
    return ImageLabels(
        np.array(classes, np.int64),
        np.array(lengths, np.int64),
        np.array(numbers, np.float64),
        tuple(wrong),
    )


def _parse(words: list[str], layout: Layout) -> tuple[int, list[float]]:
    try:
        first, *values = map(float, words)
    except ValueError:
        raise ValueError(f"must hold numbers only, but is `{' '.join(words)[:60]}`.") from None
    if first not in layout.classes:
        raise ValueError(f"names class {words[0]}, but there are {_range(sorted(layout.classes))}.")
    with_joints = layout.joint_shape is not None and len(values) == _pose_length(layout)
    if len(values) != 4 and not with_joints and (len(values) < 6 or len(values) % 2):
        raise ValueError(
            f"must have 4 numbers after the class (a box){_or_joints(layout)} or an even number "
            f"from 6 on (a polygon), but has {len(values)}."
        )
    if not all(map(math.isfinite, values)):
        raise ValueError("must hold finite numbers only.")
    checked = values[:4] if with_joints else values
    if not all(-_SLACK <= value <= 1 + _SLACK for value in checked):
        worst = next(v for v in checked if not -_SLACK <= v <= 1 + _SLACK)
        raise ValueError(f"must have fractions of the image's size in [0, 1], but has {worst:g}.")
    return int(first), values


def _pose_length(layout: Layout) -> int:
    assert layout.joint_shape is not None
    return 4 + layout.joint_shape[0] * layout.joint_shape[1]


def _or_joints(layout: Layout) -> str:
    if layout.joint_shape is None:
        return ""
    count, each = layout.joint_shape
    return f", {_pose_length(layout)} (a box and {count} joints of {each} numbers)"


def _range(classes: list[int]) -> str:
    if classes == list(range(len(classes))):
        return f"the classes 0 to {len(classes) - 1}"
    return f"the classes {', '.join(map(str, classes[:12]))}"
