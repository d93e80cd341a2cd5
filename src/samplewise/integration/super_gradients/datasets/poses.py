"""The poses of a Table, flat."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from samplewise.errors import InvalidArgumentError
from samplewise.schema import Keypoints2DSchema
from samplewise.schema.instances import ADDITIONAL, EXTENT, LABEL
from samplewise.tables import Table

KEYPOINTS = "keypoints_2d"


@dataclass(frozen=True)
class TablePoses:
    """The `t` poses of a Table's `n` rows; those of row `i` are `offsets[i]` to `offsets[i + 1]`.

    Args:
        joints: `x, y, visibility`, float64, shape `(t, k, 3)`; a joint without a position counts as
            not labelled.
        boxes: `xyxy` pixels, shape `(t, 4)`; where the Table has none, the extent of the labelled
            joints, all 0 where there is none either.
        areas: Square pixels, shape `(t,)`: the property `area`, where it is missing that of the
            box.
        is_crowd: Which are crowd regions, shape `(t,)`.
        labels: Class ids of the Table, -1 for none, shape `(t,)`.
        offsets: Shape `(n + 1,)`.
        extents: Extents of the images, NaN where unknown, shape `(n, 4)`.
    """

    joints: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray
    is_crowd: np.ndarray
    labels: np.ndarray
    offsets: np.ndarray
    extents: np.ndarray

    @property
    def num_joints(self) -> int:
        """How many joints each of them has."""
        return self.joints.shape[1]


def checked_keypoints_schema(table: Table, column: str) -> Keypoints2DSchema:
    """Schema of a column of keypoints.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It holds something else.
    """
    schema = table.schema[column]
    if not isinstance(schema, Keypoints2DSchema):
        raise InvalidArgumentError(
            f"column `{column}` of table `{table.name}` must hold keypoints, but is {schema.kind}.",
            hint="name the column of keypoints; COCO files give one with task='pose'",
        )
    return schema


def poses_of(table: Table, column: str = KEYPOINTS) -> TablePoses:
    """Read all poses of a Table.

    Raises:
        ColumnNotFoundError: The Table has no such column.
        InvalidArgumentError: It holds something else, or poses of different numbers of joints.
    """
    schema = checked_keypoints_schema(table, column)
    array = _combined(table.get_column_as_pyarrow_array(column))
    instances = _field(array, "instances")
    counts = instances.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    geometry = instances.flatten()
    joints = _joints(_field(geometry, "keypoints"), schema.num_joints, f"{table.name}.{column}")
    boxes = _boxes(_field(geometry, "bounding_box"), joints)
    areas = _property(array, "area", len(joints))
    box_areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    return TablePoses(
        joints=joints,
        boxes=boxes,
        areas=np.where(np.isnan(areas), box_areas, areas),
        is_crowd=np.nan_to_num(_property(array, "iscrowd", len(joints))).astype(bool),
        labels=np.nan_to_num(_property(array, LABEL, len(joints)), nan=-1).astype(np.int64),
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        extents=np.stack([_numbers(_field(array, side)) for side in EXTENT], axis=1),
    )


def _joints(keypoints: pa.ListArray, expected: int, where: str) -> np.ndarray:
    counts = keypoints.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    k = expected or (int(counts[0]) if len(counts) else 0)
    wrong = np.flatnonzero(counts != k)
    if len(wrong):
        raise InvalidArgumentError(
            f"`{where}` must have {k} joints in each pose, but pose {wrong[0]} has "
            f"{counts[wrong[0]]}.",
            hint="a column has one skeleton; put other ones into a column of their own",
        )
    points = keypoints.flatten()
    flat = np.stack([_numbers(_field(points, name)) for name in ("x", "y", "visibility")], axis=1)
    flat[~np.isfinite(flat).all(axis=1)] = 0
    return flat.reshape(len(counts), k, 3)


def _boxes(given: pa.StructArray, joints: np.ndarray) -> np.ndarray:
    boxes = np.stack([_numbers(_field(given, side)) for side in EXTENT], axis=1)
    unknown = ~np.isfinite(boxes).all(axis=1)
    boxes[unknown] = _extents(joints[unknown])
    return boxes


def _extents(joints: np.ndarray) -> np.ndarray:
    """Smallest boxes around the labelled joints, all 0 where there is none."""
    labelled = np.greater(joints[..., 2], 0)
    low = np.where(labelled[..., None], joints[..., :2], np.inf).min(axis=1, initial=np.inf)
    high = np.where(labelled[..., None], joints[..., :2], -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.any(labelled, axis=1)[:, None], np.hstack([low, high]), 0.0)


def _property(array: pa.StructArray, name: str, count: int) -> np.ndarray:
    """A property of all poses, float64, NaN where it is absent or null."""
    additional = _field(array, ADDITIONAL)
    if additional.type.get_field_index(name) < 0:
        return np.full(count, np.nan)
    values = _field(additional, name).flatten()
    return _numbers(values) if len(values) == count else np.full(count, np.nan)


def _numbers(values: pa.Array) -> np.ndarray:
    numbers = pc.fill_null(values.cast(pa.float64()), np.nan)
    return np.array(numbers.to_numpy(zero_copy_only=False))


def _combined(column: Any) -> pa.StructArray:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return pa.concat_arrays(chunks) if chunks else pa.nulls(0, column.type)


def _field(array: Any, name: str) -> Any:
    # `flatten` and not `field`: it takes the nulls and the offset of the parent into account.
    return array.flatten()[array.type.get_field_index(name)]
