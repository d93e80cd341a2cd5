"""What a line of a label file says about an instance."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samplewise.formats._gathering import Gathered

_ROUNDING = 1e-6  # pixels that nobody means


@dataclass
class LabelLines:
    """Makes the lines, and counts what they cannot say.

    Args:
        task: `detect`, `segment` or `pose`.
        number_of: The number of a class by its label.
        num_joints: How many joints each line has for task `pose`.
        changed: Counts what is changed or left out.
    """

    task: str
    number_of: dict[int, int]
    num_joints: int = 0
    changed: Counter[str] = field(default_factory=Counter)

    def line(self, gathered: Gathered, size: np.ndarray) -> str | None:
        """The line of an instance, None if there is none for it.

        Args:
            gathered: The instance.
            size: Width and height of its image.
        """
        label = gathered.properties.get("label")
        if gathered.properties.get("iscrowd"):
            return self._leave_out("crowd regions left out")
        if label is None:
            return self._leave_out("instances without a class left out")
        if label not in self.number_of:
            return self._leave_out("instances of a class that the table has not left out")
        numbers = self._numbers(gathered, size)
        if numbers is None:
            return None
        return " ".join([str(self.number_of[label]), *map(_short, numbers)])

    def _numbers(self, gathered: Gathered, size: np.ndarray) -> list[float] | None:
        if self.task == "segment":
            return self._polygon(gathered, size)
        box = self._box(gathered, size)
        if box is None or self.task == "detect":
            return box
        return [*box, *self._joints(gathered.joints, size)]

    def _polygon(self, gathered: Gathered, size: np.ndarray) -> list[float] | None:
        if gathered.rle is not None:
            return self._leave_out("masks of run lengths, which are no polygons, left out")
        if not gathered.polygons:
            return self._leave_out("instances without polygons left out")
        rings = [np.array(ring[: len(ring) // 2 * 2]).reshape(-1, 2) for ring in gathered.polygons]
        inside = [cut_at_edge(ring, size) for ring in rings]
        kept = [ring for ring in inside if len(ring) > 2]
        if not kept:
            return self._leave_out("polygons without an area in their image left out")
        if any((ring < 0).any() or (ring > size).any() for ring in rings):
            self.changed["polygons cut at the edge of their image"] += 1
        if len(kept) > 1:
            self.changed["masks of several rings joined into one"] += 1
        return (join_rings(kept) / size).reshape(-1).tolist()

    def _joints(self, joints: list[float] | None, size: np.ndarray) -> list[float]:
        """`x, y, visibility` of every joint; a joint that is not labelled may be anywhere."""
        points = np.zeros((self.num_joints, 3))
        given = np.array(joints or []).reshape(-1, 3)
        points[: len(given)] = given
        if len(given) < self.num_joints:
            self.changed["instances whose missing joints are written as not labelled"] += 1
        limits = size + _ROUNDING
        outside = ((points[:, :2] < -_ROUNDING) | (points[:, :2] > limits)).any(axis=1)
        self._count("joints outside of their image written as not labelled", points[outside, 2] > 0)
        points[outside] = 0
        points[:, :2] = np.clip(points[:, :2] / size, 0, 1)
        return points.reshape(-1).tolist()

    def _box(self, gathered: Gathered, size: np.ndarray) -> list[float] | None:
        """Middle, width and height as fractions."""
        box = gathered.xywh()
        if box is None:
            return self._leave_out("instances without a box left out")
        low = np.array(box[:2])
        corners = np.concatenate([low, low + box[2:]])
        inside = np.clip(corners, 0, np.tile(size, 2))
        if (inside[2:] <= inside[:2]).any():
            return self._leave_out("boxes without an area in their image left out")
        self._count(
            "boxes cut at the edge of their image",
            [(np.abs(inside - corners) > _ROUNDING).any()],
        )
        return [*((inside[:2] + inside[2:]) / 2 / size), *((inside[2:] - inside[:2]) / size)]

    def _leave_out(self, why: str) -> None:
        self.changed[why] += 1

    def _count(self, what: str, which: Any) -> None:
        self.changed[what] += int(np.sum(which))


def cut_at_edge(ring: np.ndarray, size: np.ndarray) -> np.ndarray:
    """The part of a polygon that is inside its image, shape `(k, 2)`; `k` is 0 where none is.

    Args:
        ring: Corners in order, pixels, shape `(k, 2)`.
        size: Width and height of the image.

    Source:
        Sutherland and Hodgman, Reentrant Polygon Clipping, 1974.
    """
    for axis in (0, 1):
        for sign, edge in ((1.0, 0.0), (-1.0, -size[axis])):
            ring = _cut(ring, axis, sign, edge)
    return np.clip(ring, 0, size)


def _cut(ring: np.ndarray, axis: int, sign: float, edge: float) -> np.ndarray:
    """The part of a polygon where `sign * ring[:, axis] >= edge`."""
    beyond = sign * ring[:, axis] - edge
    if (beyond >= 0).all():
        return ring
    kept: list[np.ndarray] = []
    for i in range(len(ring)):
        before, here = beyond[i - 1], beyond[i]
        if (before < 0) != (here < 0):
            kept.append(ring[i - 1] + (ring[i] - ring[i - 1]) * (before / (before - here)))
        if here >= 0:
            kept.append(ring[i])
    return np.array(kept).reshape(-1, 2)


def join_rings(rings: list[np.ndarray]) -> np.ndarray:
    """Rings joined by lines without width, there and back, so that the same pixels are inside."""
    if len(rings) == 1:
        return rings[0]
    return np.concatenate([np.concatenate([ring, ring[:1]]) for ring in rings])


def _short(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")
