"""The labelled poses of a table, flat."""

from dataclasses import dataclass

import numpy as np

from samplewise.errors import InvalidArgumentError
from samplewise.schema import Keypoints2DSchema
from samplewise.schema.instances import LABEL
from samplewise.schema.keypoints import RaggedKeypoints, keypoints_from_arrow
from samplewise.tasks.label_column import LabelColumn


@dataclass(frozen=True)
class LabelledPoses:
    """The `t` poses of the `n` rows of a table; each has `k` joints.

    Args:
        joints: `x, y, visibility`, float64, shape `(t, k, 3)`; a joint without a position counts as
            not labelled.
        boxes: `xyxy` pixels, shape `(t, 4)`; where the table has none, the extent of the labelled
            joints, all 0 where there is none either.
        areas: Square pixels, shape `(t,)`: the property `area`, where it is missing that of the
            box.
        is_crowd: Which are crowd regions, shape `(t,)`.
        class_ids: Of the table, -1 for none, shape `(t,)`.
        offsets: Row `i` has the poses `offsets[i]` to `offsets[i + 1]`, shape `(n + 1,)`.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
    """

    joints: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray
    is_crowd: np.ndarray
    class_ids: np.ndarray
    offsets: np.ndarray
    extents: np.ndarray

    @property
    def num_joints(self) -> int:
        """How many joints each of them has."""
        return self.joints.shape[1]

    def of_row(self, row: int) -> slice:
        """Where the poses of a row are in the flat arrays."""
        return slice(self.offsets[row], self.offsets[row + 1])


def keypoints_schema_of(column: LabelColumn) -> Keypoints2DSchema:
    """Schema of a column of keypoints.

    Raises:
        InvalidArgumentError: It holds something else.
    """
    if not isinstance(column.schema, Keypoints2DSchema):
        raise InvalidArgumentError(
            f"{column} must hold keypoints, but is {column.schema.kind}.",
            hint="name the column of keypoints; COCO files give one with task='pose'",
        )
    return column.schema


def read_poses(column: LabelColumn) -> LabelledPoses:
    """Read all poses of a table.

    Raises:
        InvalidArgumentError: The column holds something else, or poses of different numbers of
            joints.
    """
    schema = keypoints_schema_of(column)
    stored = keypoints_from_arrow(column.values)
    joints = _joints(stored, schema.num_joints, f"{column.table_name}.{column.name}")
    boxes = _boxes(stored.boxes, joints)
    areas = stored.numbers("area")
    box_areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    return LabelledPoses(
        joints=joints,
        boxes=boxes,
        areas=np.where(np.isnan(areas), box_areas, areas),
        is_crowd=np.nan_to_num(stored.numbers("iscrowd")).astype(bool),
        class_ids=stored.integers(LABEL, -1),
        offsets=stored.offsets,
        extents=stored.extents,
    )


def _joints(stored: RaggedKeypoints, expected: int, where: str) -> np.ndarray:
    """Shape `(t, k, 3)`; joints without a position are 0, as COCO has them."""
    counts = np.diff(stored.point_offsets)
    k = expected or (int(counts[0]) if len(counts) else 0)
    wrong = np.flatnonzero(counts != k)
    if len(wrong):
        raise InvalidArgumentError(
            f"`{where}` must have {k} joints in each pose, but pose {wrong[0]} has "
            f"{counts[wrong[0]]}.",
            hint="a column has one skeleton; put other ones into a column of their own",
        )
    has_position = np.all(np.isfinite(stored.points), axis=1)
    return np.where(has_position[:, None], stored.points, 0.0).reshape(len(counts), k, 3)


def _boxes(given: np.ndarray, joints: np.ndarray) -> np.ndarray:
    known = np.all(np.isfinite(given), axis=1)
    return np.where(known[:, None], given, _extents(joints))


def _extents(joints: np.ndarray) -> np.ndarray:
    """Smallest boxes around the labelled joints, all 0 where there is none."""
    labelled = np.greater(joints[..., 2], 0)
    low = np.where(labelled[..., None], joints[..., :2], np.inf).min(axis=1, initial=np.inf)
    high = np.where(labelled[..., None], joints[..., :2], -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.any(labelled, axis=1)[:, None], np.hstack([low, high]), 0.0)
